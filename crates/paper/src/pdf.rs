//! Writes sheets as PDF/A-3b: printpdf writes the pages, lopdf what it leaves out.
//!
//! The order matters: glyphs get their codes while pages are written, fonts are cut to those
//! codes, and only then can the archive's structure, metadata and identity be added.

mod archive;
mod codes;
mod colour_profile;
mod embed;
mod outline;
mod page;
mod structure;
mod xmp;

use lopdf::SaveOptions;
use printpdf::{PdfDocument, PdfSaveOptions};

use crate::document::InvoicePaper;
use crate::error::PaperError;
use crate::fonts::Fonts;
use crate::layout::Sheets;
use crate::picture::Picture;
use codes::Codes;
use structure::Places;

/// The finished file.
pub(crate) fn write(paper: &InvoicePaper, fonts: &Fonts, sheets: Sheets, logo: Option<Picture>) -> Result<Vec<u8>, PaperError> {
    let mut codes = Codes::default();
    let mut places = Places::of(&sheets.pages);
    let mut pdf = PdfDocument::new(&paper.number);
    for marks in &sheets.pages {
        pdf.pages.push(page::write(marks, &sheets, fonts, &mut codes, &mut places));
    }
    let glyph_maps = embed::fonts(&mut pdf, fonts, &codes)?;
    if let Some(logo) = logo {
        embed::logo(&mut pdf, logo);
    }
    let mut file = to_lopdf(&pdf)?;
    embed::map_codes(&mut file, glyph_maps)?;
    let language = archive::language_tag(&paper.language);
    structure::add(&mut file, &sheets.tags, &places, &language)?;
    archive::finish(&mut file, paper)?;
    save(file)
}

fn to_lopdf(pdf: &PdfDocument) -> Result<lopdf::Document, PaperError> {
    let options = PdfSaveOptions { optimize: true, subset_fonts: false, secure: true, image_optimization: None };
    let mut warnings = Vec::new();
    let file = pdf.to_lopdf_document(&options, &mut warnings);
    match warnings.first() {
        Some(warning) => Err(PaperError::Writer(format!("{warning:?}"))),
        None => Ok(file),
    }
}

/// Structure and page dictionaries go into compressed object streams: a third of the size.
fn save(mut file: lopdf::Document) -> Result<Vec<u8>, PaperError> {
    file.compress();
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).max_objects_per_stream(250).compression_level(6).build();
    let mut bytes = Vec::new();
    file.save_with_options(&mut bytes, options)?;
    Ok(bytes)
}

impl From<lopdf::Error> for PaperError {
    fn from(error: lopdf::Error) -> Self {
        Self::Writer(error.to_string())
    }
}
