//! Every figure of a document can be read from its page.

use daybook_paper::document::{InvoicePaper, MILLION};
use daybook_paper::format::Format;

use crate::{print, read, samples};

#[test]
fn every_figure_of_every_sample_is_found() {
    for (name, paper) in samples::all() {
        let Some(text) = read::text(&print(&paper)) else { return };
        check(name, &paper, &text);
    }
}

/// Looks for each figure in the line it belongs to.
pub fn check(name: &str, paper: &InvoicePaper, text: &str) {
    let format = Format::of(&paper.language);
    let currency = &paper.currency;
    for line in &paper.lines {
        let mut price = format.price(line.unit_price, currency);
        if line.price_base != MILLION {
            price = format!("{price} / {}", format.quantity(line.price_base));
        }
        let net = format.money(line.net, currency);
        let words = [line.position.as_str(), &format.quantity(line.quantity), &price, &net];
        assert!(read::has_line(text, &words), "{name}: no row {words:?} in\n{text}");
    }
    for row in paper.vat.iter().filter(|row| row.category != "O") {
        let (rate, tax) = (format.rate(row.rate), format.money(row.tax, currency));
        assert!(read::has_line(text, &[&rate, &tax]), "{name}: no VAT row {rate} {tax} in\n{text}");
    }
    let totals = &paper.totals;
    let payable = format.money_with_currency(totals.payable, currency);
    assert!(text.contains(&read::plain(&payable)), "{name}: no {payable} in\n{text}");
    let taxed = paper.vat.iter().any(|row| row.category != "O");
    for sum in [totals.net, totals.vat, totals.gross].into_iter().filter(|_| taxed) {
        let figure = read::plain(&format.money(sum, currency));
        assert!(text.contains(&figure), "{name}: no {figure} in\n{text}");
    }
    for adjustment in &paper.adjustments {
        let figure = format.money(adjustment.signed(), currency);
        let words: Vec<&str> = adjustment.text.split(' ').chain([figure.as_str()]).collect();
        assert!(read::has_line(text, &words), "{name}: no {words:?} in\n{text}");
    }
}

#[test]
fn texts_and_dates_are_found() {
    let Some(text) = read::text(&print(&samples::german())) else { return };
    for wanted in [
        "Rechnung RE-2026-0815",
        "Blumenhaus Grünwald & Söhne OHG",
        "05.03.2026",
        "Lieferanschrift",
        "Mengenrabatt 10 %: -3,40",
        "DE89 3704 0044 0532 0130 00",
        "Bei Zahlung innerhalb von 10 Tagen 2 % Skonto.",
        "Seite 1 von 2",
        "Mitglied der Handwerkskammer Hamburg",
    ] {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
}

#[test]
fn letters_of_every_script_copy_as_they_were_given() {
    let Some(text) = read::text(&print(&samples::scripts())) else { return };
    for wanted in ["Παπαδόπουλος & Υιοί Α.Ε.", "ООО «Щукин и Ёлкин»", "Zażółć gęślą jaźń", "ä é", "AVATAR To Ye"] {
        assert!(text.contains(wanted), "no {wanted:?} in\n{text}");
    }
}

#[test]
fn the_marker_stands_on_every_page() {
    let (_, paper) = samples::all().into_iter().find(|(_, paper)| paper.marker.is_some()).unwrap();
    let Some(pages) = read::pages(&print(&paper)) else { return };
    for page in pages {
        assert!(page.contains("DRAFT · Invoice INV-2026-0042"), "{page}");
    }
}
