//! The files are sound PDF and keep the rules of PDF/A-3b.

use std::path::Path;
use std::process::Command;

use daybook_paper::document::Logo;

use crate::{print, samples, tests_folder};

/// Prints every sample, and one of each kind of logo, into a folder.
fn print_all(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut papers = samples::all();
    papers.push(("seventy-lines", samples::invoice(70)));
    for (name, bytes) in [("jpeg", include_bytes!("colour.jpg").to_vec()), ("grey", include_bytes!("grey.jpg").to_vec())] {
        let mut paper = samples::invoice(1);
        paper.logo = Some(Logo { bytes });
        papers.push((name, paper));
    }
    let file = |(name, paper): (&str, _)| {
        let file = folder.join(name).with_extension("pdf");
        std::fs::write(&file, print(&paper)).unwrap();
        file
    };
    papers.into_iter().map(file).collect()
}

#[test]
fn qpdf_finds_nothing_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for file in print_all(folder.path()) {
        let Ok(output) = Command::new("qpdf").arg("--check").arg(&file).output() else {
            eprintln!("skipped: qpdf is not installed");
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !said.contains("WARNING"), "{}: {said}", file.display());
    }
}

/// `DAYBOOK_TEST_PYTHON` names a python that has pikepdf, fontTools and lxml.
#[test]
fn pdfa_lint_finds_nothing_wrong() {
    let python = std::env::var("DAYBOOK_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let able = Command::new(&python).args(["-c", "import pikepdf, fontTools, lxml"]).output();
    if !able.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: {python} has no pikepdf, fontTools and lxml");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let files = print_all(folder.path());
    let lint = tests_folder().join("oracles/pdfa_lint.py");
    let output = Command::new(&python).arg(lint).args(&files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("PASS").count(), files.len(), "{said}");
}

#[test]
fn documents_have_different_identities() {
    let id = |number: &str| {
        let mut paper = samples::invoice(1);
        paper.number = number.to_owned();
        let file = lopdf::Document::load_mem(&print(&paper)).unwrap();
        file.trailer.get(b"ID").unwrap().as_array().unwrap()[0].as_str().unwrap().to_vec()
    };
    assert_eq!(id("1").len(), 16);
    assert_ne!(id("1"), id("2"));
}

#[test]
fn every_tagged_mark_has_its_place_in_the_structure() {
    let file = lopdf::Document::load_mem(&print(&samples::invoice(40))).unwrap();
    let root = file.catalog().unwrap().get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let root = file.get_dictionary(root).unwrap();
    let parents = file.get_dictionary(root.get(b"ParentTree").unwrap().as_reference().unwrap()).unwrap();
    let numbers = parents.get(b"Nums").unwrap().as_array().unwrap();
    for (index, page) in file.page_iter().enumerate() {
        let content = file.get_page_content(page);
        let marks = String::from_utf8_lossy(&content).matches("/MCID").count();
        let nodes = file.get_object(numbers[index * 2 + 1].as_reference().unwrap()).unwrap();
        assert_eq!(nodes.as_array().unwrap().len(), marks, "page {}", index + 1);
        assert!(marks > 40);
    }
}

#[test]
fn lines_of_one_text_are_read_as_one_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, print(&samples::invoice(3))).unwrap();
    let Ok(output) = Command::new("pdfinfo").arg("-struct-text").arg(&file).output() else {
        eprintln!("skipped: pdfinfo (poppler-utils) is not installed");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    for wanted in ["Invoice INV-2026-0042", "Ltd Accounts Payable 14 Harbour Row", "old shelves taken down", "\"179.00\""] {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
}
