//! What leaves on paper or as a file.
//!
//! A document of the books is mapped to an [`InvoicePaper`] by whoever owns the books; this
//! crate knows nothing of them. [`render`] turns it into the bytes of a PDF/A-3b file: the same
//! paper gives the same bytes, today and in ten years, on every machine.
//!
//! ```text
//! InvoicePaper -> layout (two passes) -> Sheets (display list) -> pdf (writer) -> bytes
//! ```

pub mod bulk;
pub mod document;
mod error;
mod fields;
mod fonts;
pub mod format;
mod layout;
mod pdf;
mod picture;
mod shaping;
mod words;

pub use document::InvoicePaper;
pub use error::{Field, PaperError};
pub use fonts::Fonts;

/// Prints one document: the bytes of a PDF/A-3b file.
///
/// The bytes follow from the paper and the fonts alone, never from a clock or from chance.
///
/// # Errors
///
/// A character no bundled font can draw, or a logo that cannot be read.
pub fn render(paper: &InvoicePaper, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let paper = &fields::clean(paper, fonts)?;
    let picture = picture::read(paper.logo.as_ref())?;
    let sheets = layout::lay_out(paper, fonts, picture.as_ref());
    pdf::write(paper, fonts, sheets, picture)
}
