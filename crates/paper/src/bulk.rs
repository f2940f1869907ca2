//! Prints many documents: into a folder, or into one zip file.
//!
//! Nothing half-written is ever seen under a final name: a file is written under another name
//! beside it and renamed when it is whole.

mod file_name;
mod part;

use std::fmt;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use crate::document::InvoicePaper;
use crate::error::PaperError;
use crate::fonts::Fonts;
use file_name::Names;
use part::PartFile;

/// How a bulk print ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every document was written.
    Complete,
    /// The progress callback asked to stop after this many documents.
    ///
    /// Documents already in a folder are whole and stay there; a zip file is not written at all.
    Cancelled(usize),
}

/// A document that could not be printed; the ones before it are treated as on cancelling.
#[derive(Debug)]
pub struct BulkError {
    /// The name its file was to have.
    pub name: String,
    /// Why.
    pub source: PaperError,
}

impl fmt::Display for BulkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.source)
    }
}

impl std::error::Error for BulkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Prints every paper into its own file of `folder`, replacing files of the same name.
///
/// Names are made safe for every system and get the ending `.pdf`; of equal names the later ones
/// are numbered. `progress` hears after each document how many of how many are done.
///
/// # Errors
///
/// The first document that cannot be printed or written.
pub fn to_folder<P>(folder: &Path, papers: P, fonts: &Fonts, mut progress: impl FnMut(usize, usize) -> ControlFlow<()>) -> Result<Outcome, BulkError>
where
    P: IntoIterator<Item = (String, InvoicePaper), IntoIter: ExactSizeIterator>,
{
    each(papers, fonts, &mut progress, |name, bytes| {
        let mut file = PartFile::create(&folder.join(name))?;
        file.write_all(bytes)?;
        file.finish()?;
        Ok(())
    })
}

/// Prints every paper into one zip file, replacing it if it exists.
///
/// The same papers give the same bytes. Names and `progress` are as for [`to_folder`].
///
/// # Errors
///
/// The first document that cannot be printed or written.
pub fn to_zip<P>(file: &Path, papers: P, fonts: &Fonts, mut progress: impl FnMut(usize, usize) -> ControlFlow<()>) -> Result<Outcome, BulkError>
where
    P: IntoIterator<Item = (String, InvoicePaper), IntoIter: ExactSizeIterator>,
{
    let of_zip = |source: std::io::Error| BulkError { name: file.display().to_string(), source: PaperError::File(source) };
    let part = PartFile::create(file).map_err(of_zip)?;
    let mut zip = ZipWriter::new(part);
    let outcome = each(papers, fonts, &mut progress, |name, bytes| {
        zip.start_file(name, entry_options()).map_err(std::io::Error::from)?;
        Ok(zip.write_all(bytes)?)
    })?;
    if outcome == Outcome::Complete {
        let part = zip.finish().map_err(|error| of_zip(error.into()))?;
        part.finish().map_err(of_zip)?;
    }
    Ok(outcome)
}

/// A PDF is compressed already; a fixed time keeps the bytes the same.
fn entry_options() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored).last_modified_time(DateTime::default()).unix_permissions(0o644)
}

fn each<P>(
    papers: P,
    fonts: &Fonts,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    mut write: impl FnMut(&str, &[u8]) -> Result<(), PaperError>,
) -> Result<Outcome, BulkError>
where
    P: IntoIterator<Item = (String, InvoicePaper), IntoIter: ExactSizeIterator>,
{
    let papers = papers.into_iter();
    let total = papers.len();
    let mut names = Names::default();
    for (index, (name, paper)) in papers.enumerate() {
        let name = names.unique(&name);
        crate::render(&paper, fonts).and_then(|bytes| write(&name, &bytes)).map_err(|source| BulkError { name, source })?;
        if progress(index + 1, total).is_break() && index + 1 < total {
            return Ok(Outcome::Cancelled(index + 1));
        }
    }
    Ok(Outcome::Complete)
}
