//! How documents are divided into pages.

use daybook_paper::document::{Adjustment, AdjustmentKind, Currency, InvoicePaper, Statement};
use daybook_paper::format::Format;

use crate::{figures, print, read, samples};

#[test]
fn carried_sums_are_right_on_every_page() {
    for count in [20, 40, 113, 500] {
        let paper = samples::invoice(count);
        let Some(pages) = read::pages(&print(&paper)) else { return };
        check_carried(&paper, &pages);
    }
}

/// Adds up the rows of each page and compares with what is carried.
fn check_carried(paper: &InvoicePaper, pages: &[String]) {
    let format = Format::of(&paper.language);
    let euro = Currency { code: "EUR".to_owned(), minor_digits: 2 };
    let (mut sum, mut next) = (0_i64, 0);
    for (index, page) in pages.iter().enumerate() {
        let figure = format.money(sum, &euro);
        let starts_with_rows = rows_on(page).next().is_some();
        assert_eq!(read::has_line(page, &["Brought forward", &figure]), index > 0 && starts_with_rows, "page {}:\n{page}", index + 1);
        for position in rows_on(page) {
            assert_eq!(position, next + 1, "rows follow each other");
            next = position;
            sum += paper.lines[position - 1].net;
        }
        let carried = read::has_line(page, &["Carried forward", &format.money(sum, &euro)]);
        assert_eq!(carried, next < paper.lines.len(), "page {}:\n{page}", index + 1);
    }
    assert_eq!(next, paper.lines.len(), "every row is printed once");
}

/// The positions of the rows on a page: lines that begin with a number and end with an amount.
fn rows_on(page: &str) -> impl Iterator<Item = usize> {
    let is_row = |line: &&str| line.contains("19%") && !line.contains("VAT");
    page.lines().filter(is_row).filter_map(|line| line.split_whitespace().next()?.parse().ok())
}

#[test]
fn page_counts_are_as_expected() {
    for (count, expected) in [(1, 1), (5, 1), (40, 3), (500, 29), (675, 39)] {
        let Some(pages) = read::pages(&print(&samples::invoice(count))) else { return };
        assert_eq!(pages.len(), expected, "{count} lines");
        for (index, page) in pages.iter().enumerate() {
            let foot = format!("Page {} of {expected}", index + 1);
            assert!(page.contains(&foot), "{page}");
            assert_eq!(page.contains("Unit price"), !rows_on(page).collect::<Vec<_>>().is_empty());
        }
    }
}

#[test]
fn the_amount_to_pay_never_stands_without_a_row() {
    for count in 5..30 {
        let Some(pages) = read::pages(&print(&samples::invoice(count))) else { return };
        let page = pages.iter().find(|page| page.contains("Amount due")).unwrap();
        assert!(rows_on(page).next().is_some(), "{count} lines:\n{page}");
    }
}

#[test]
fn a_row_higher_than_a_page_is_continued() {
    let paper = samples::long_texts();
    let Some(text) = read::text(&print(&paper)) else { return };
    let words = text.matches("measured,").count();
    assert_eq!(words, 150, "every sentence is printed once");
}

#[test]
fn totals_after_a_divided_row_have_some_of_it_above_them() {
    for sentences in 60..100 {
        let mut paper = samples::invoice(1);
        paper.lines[0].description = Some("Measured, cleaned, oiled and packed. ".repeat(sentences));
        let Some(pages) = read::pages(&print(&paper)) else { return };
        let page = pages.iter().find(|page| page.contains("Amount due")).unwrap();
        assert!(page.contains("packed."), "{sentences} sentences:\n{page}");
    }
}

#[test]
fn sums_longer_than_a_page_are_continued() {
    let mut paper = samples::invoice(40);
    for (index, line) in (1..).zip(&mut paper.lines) {
        line.vat_rate = index * 1_000;
    }
    paper.adjustments = (1..=60).map(|index| Adjustment { kind: AdjustmentKind::Charge, text: format!("Charge {index}"), amount: 1_000 + index }).collect();
    let paper = samples::with_sums(paper);
    let Some(text) = read::text(&print(&paper)) else { return };
    figures::check("long sums", &paper, &text);
}

#[test]
fn the_largest_amounts_are_printed_whole() {
    let mut paper = samples::invoice(3);
    for line in &mut paper.lines {
        (line.quantity, line.unit_price, line.net) = (i64::MIN, i64::MAX, i64::MAX);
    }
    paper.totals.payable = i64::MIN;
    let Some(text) = read::text(&print(&paper)) else { return };
    figures::check("largest", &paper, &text);
}

#[test]
fn a_document_without_lines_is_printed() {
    let Some(text) = read::text(&print(&samples::empty())) else { return };
    assert!(text.contains("Amount due") && !text.contains("Unit price"), "{text}");
}

#[test]
fn statements_stand_behind_their_labels() {
    let mut paper = samples::invoice(2);
    paper.language = "de".to_owned();
    paper.statements = vec![
        Statement::Period { from: Some(samples::day(2026, 3, 1)), to: Some(samples::day(2026, 3, 31)) },
        Statement::Period { from: None, to: Some(samples::day(2026, 4, 30)) },
        Statement::Payee("Factor plc, F-1".to_owned()),
        Statement::TaxRepresentative("Rep GmbH, 53111 Bonn, DE999999999".to_owned()),
        Statement::VatIn { tax: 123_456, currency: Currency { code: "GBP".to_owned(), minor_digits: 2 } },
        Statement::Attached("Sheet 1, Time sheet".to_owned()),
    ];
    let Some(text) = read::text(&print(&paper)) else { return };
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in
        ["Zahlbar an Factor plc, F-1", "Fiskalvertreter Rep GmbH, 53111 Bonn, DE999999999", "USt. in GBP 1.234,56", "Anlage Sheet 1, Time sheet", "Zeitraum"]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
}
