//! Prints documents and reads them back: what stands on paper is what the document says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::as_conversions, reason = "a test fails by panicking")]

mod archive;
mod bulk;
mod figures;
mod formats;
mod goldens;
mod pages;
mod read;
mod refusals;
mod rounding_cases;
mod samples;

use std::sync::LazyLock;

use daybook_paper::{Fonts, InvoicePaper};

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::bundled().unwrap());

fn print(paper: &InvoicePaper) -> Vec<u8> {
    daybook_paper::render(paper, &FONTS).unwrap()
}

/// The repository's folder for data of tests.
fn tests_folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}
