//! Many documents at once.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use daybook_paper::bulk::{Outcome, to_folder, to_zip};
use daybook_paper::{InvoicePaper, PaperError};

use crate::{FONTS, print, samples};

fn papers() -> Vec<(String, InvoicePaper)> {
    ["INV 1", "INV/2:b.pdf", "inv 1", "..", "nul", "Ärger?"].iter().map(|name| ((*name).to_owned(), samples::invoice(2))).collect()
}

const NAMES: [&str; 6] = ["INV 1.pdf", "INV-2-b.pdf", "_nul.pdf", "document.pdf", "inv 1 (2).pdf", "Ärger-.pdf"];

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_gets_every_document_under_a_safe_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut heard = Vec::new();
    let outcome = to_folder(folder.path(), papers(), &FONTS, |done, total| {
        heard.push((done, total));
        ControlFlow::Continue(())
    });
    assert_eq!(outcome.unwrap(), Outcome::Complete);
    assert_eq!(heard, (1..=6).map(|done| (done, 6)).collect::<Vec<_>>());
    assert_eq!(names_in(folder.path()), NAMES);
    assert_eq!(fs::read(folder.path().join("INV 1.pdf")).unwrap(), print(&samples::invoice(2)));
}

#[test]
fn a_cancelled_folder_holds_whole_documents_only() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = to_folder(folder.path(), papers(), &FONTS, stop_after_two).unwrap();
    assert_eq!(outcome, Outcome::Cancelled(2));
    assert_eq!(names_in(folder.path()), ["INV 1.pdf", "INV-2-b.pdf"]);
}

fn stop_after_two(done: usize, _: usize) -> ControlFlow<()> {
    if done == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

#[test]
fn a_zip_holds_every_document_and_is_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["a.zip", "b.zip"].map(|name| folder.path().join(name));
    for file in &files {
        let outcome = to_zip(file, papers(), &FONTS, |_, _| ControlFlow::Continue(()));
        assert_eq!(outcome.unwrap(), Outcome::Complete);
    }
    assert_eq!(fs::read(&files[0]).unwrap(), fs::read(&files[1]).unwrap());
    let mut zip = zip::ZipArchive::new(fs::File::open(&files[0]).unwrap()).unwrap();
    let mut names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(names, NAMES);
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name("_nul.pdf").unwrap(), &mut bytes).unwrap();
    assert_eq!(bytes, print(&samples::invoice(2)));
}

#[test]
fn a_cancelled_zip_leaves_the_old_one_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.zip");
    fs::write(&file, "old").unwrap();
    let outcome = to_zip(&file, papers(), &FONTS, stop_after_two).unwrap();
    assert_eq!(outcome, Outcome::Cancelled(2));
    assert_eq!(names_in(folder.path()), ["all.zip"]);
    assert_eq!(fs::read(&file).unwrap(), b"old");
}

#[test]
fn a_document_that_cannot_be_printed_is_named_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut papers = papers();
    papers[1].1.number.push('漢');
    let error = to_zip(&folder.path().join("all.zip"), papers.clone(), &FONTS, |_, _| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(error.name, "INV-2-b.pdf");
    assert!(matches!(error.source, PaperError::MissingGlyph { .. }));
    assert!(names_in(folder.path()).is_empty());
    to_folder(folder.path(), papers, &FONTS, |_, _| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(names_in(folder.path()), ["INV 1.pdf"]);
}
