//! Walks every text of a paper: makes it printable, or names what cannot be printed.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::document::{Adjustment, Buyer, InvoicePaper, Line, Place, Seller, Statement};
use crate::error::{Field, PaperError};
use crate::fonts::Fonts;

/// A copy whose texts are composed (NFC), free of control characters, and drawable.
pub(crate) fn clean(paper: &InvoicePaper, fonts: &Fonts) -> Result<InvoicePaper, PaperError> {
    let mut copy = paper.clone();
    each_text(&mut copy, &mut |field, text| clean_text(field, text, fonts))?;
    Ok(copy)
}

fn clean_text(field: Field, text: &mut String, fonts: &Fonts) -> Result<(), PaperError> {
    if !is_nfc(text) || text.contains(needs_care) {
        *text = text.nfc().filter(|c| !is_invisible(*c)).map(plain).collect();
    }
    match text.chars().find(|c| *c != '\n' && !fonts.cover(*c)) {
        Some(character) => Err(PaperError::MissingGlyph { character, field }),
        None => Ok(()),
    }
}

fn needs_care(c: char) -> bool {
    is_invisible(c) || plain(c) != c
}

/// Marks that steer layout elsewhere and print nothing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\r')
}

/// Other spaces become the two the extracted text should hold; separators become line breaks.
fn plain(c: char) -> char {
    match c {
        '\t' | '\u{2002}'..='\u{2006}' | '\u{2008}'..='\u{200a}' => ' ',
        '\u{2007}' | '\u{202f}' => '\u{a0}',
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        other => other,
    }
}

type Visit<'v> = dyn FnMut(Field, &mut String) -> Result<(), PaperError> + 'v;

/// Calls `visit` with every text that is printed.
fn each_text(paper: &mut InvoicePaper, visit: &mut Visit<'_>) -> Result<(), PaperError> {
    let top = |part| Field { part, index: None, name: "" };
    visit(top("number"), &mut paper.number)?;
    visit(top("currency"), &mut paper.currency.code)?;
    each_optional(visit, top("buyer_reference"), &mut paper.buyer_reference)?;
    each_optional(visit, top("order_reference"), &mut paper.order_reference)?;
    each_optional(visit, top("payment_terms"), &mut paper.payment_terms)?;
    each_optional(visit, top("footer"), &mut paper.footer)?;
    each_optional(visit, top("marker"), &mut paper.marker)?;
    if let Some(preceding) = &mut paper.preceding {
        visit(top("preceding"), &mut preceding.number)?;
    }
    paper.statements.iter_mut().enumerate().try_for_each(|(index, statement)| statement_text(index, statement, visit))?;
    each_of("notes", &mut paper.notes, visit)?;
    seller_texts(&mut paper.seller, visit)?;
    buyer_texts(&mut paper.buyer, visit)?;
    if let Some(place) = &mut paper.deliver_to {
        place_texts(place, visit)?;
    }
    for (index, line) in paper.lines.iter_mut().enumerate() {
        line_texts(index, line, visit)?;
    }
    for (index, row) in paper.vat.iter_mut().enumerate() {
        let field = |name| Field { part: "vat", index: Some(index), name };
        visit(field("category"), &mut row.category)?;
        each_optional(visit, field("exemption"), &mut row.exemption)?;
    }
    adjustment_texts("adjustments", None, &mut paper.adjustments, visit)
}

fn each_optional(visit: &mut Visit<'_>, field: Field, text: &mut Option<String>) -> Result<(), PaperError> {
    text.as_mut().map_or(Ok(()), |text| visit(field, text))
}

fn each_of(part: &'static str, texts: &mut [String], visit: &mut Visit<'_>) -> Result<(), PaperError> {
    for (index, text) in texts.iter_mut().enumerate() {
        visit(Field { part, index: Some(index), name: "" }, text)?;
    }
    Ok(())
}

fn statement_text(index: usize, statement: &mut Statement, visit: &mut Visit<'_>) -> Result<(), PaperError> {
    let field = Field { part: "statements", index: Some(index), name: "" };
    match statement {
        Statement::Period { .. } => Ok(()),
        Statement::VatIn { currency, .. } => visit(field, &mut currency.code),
        Statement::Project(text)
        | Statement::Contract(text)
        | Statement::Despatch(text)
        | Statement::Payee(text)
        | Statement::TaxRepresentative(text)
        | Statement::Remittance(text)
        | Statement::Preceding(text)
        | Statement::Attached(text) => visit(field, text),
    }
}

fn seller_texts(seller: &mut Seller, visit: &mut Visit<'_>) -> Result<(), PaperError> {
    let field = |name| Field { part: "seller", index: None, name };
    visit(field("name"), &mut seller.name)?;
    each_of("seller.address", &mut seller.address, visit)?;
    each_optional(visit, field("vat_id"), &mut seller.vat_id)?;
    each_optional(visit, field("registration"), &mut seller.registration)?;
    each_optional(visit, field("tax_number"), &mut seller.tax_number)?;
    each_optional(visit, field("contact"), &mut seller.contact)?;
    each_optional(visit, field("email"), &mut seller.email)?;
    each_optional(visit, field("phone"), &mut seller.phone)?;
    if let Some(bank) = &mut seller.bank {
        visit(field("bank.iban"), &mut bank.iban)?;
        each_optional(visit, field("bank.bic"), &mut bank.bic)?;
        each_optional(visit, field("bank.bank_name"), &mut bank.bank_name)?;
    }
    Ok(())
}

fn buyer_texts(buyer: &mut Buyer, visit: &mut Visit<'_>) -> Result<(), PaperError> {
    let field = |name| Field { part: "buyer", index: None, name };
    visit(field("name"), &mut buyer.name)?;
    each_of("buyer.address", &mut buyer.address, visit)?;
    each_optional(visit, field("vat_id"), &mut buyer.vat_id)?;
    each_optional(visit, field("customer_number"), &mut buyer.customer_number)
}

fn place_texts(place: &mut Place, visit: &mut Visit<'_>) -> Result<(), PaperError> {
    visit(Field { part: "deliver_to", index: None, name: "name" }, &mut place.name)?;
    each_of("deliver_to.address", &mut place.address, visit)
}

fn line_texts(index: usize, line: &mut Line, visit: &mut Visit<'_>) -> Result<(), PaperError> {
    let field = |name| Field { part: "lines", index: Some(index), name };
    visit(field("position"), &mut line.position)?;
    each_optional(visit, field("item_code"), &mut line.item_code)?;
    visit(field("name"), &mut line.name)?;
    each_optional(visit, field("description"), &mut line.description)?;
    visit(field("unit"), &mut line.unit)?;
    visit(field("vat_category"), &mut line.vat_category)?;
    adjustment_texts("lines", Some(index), &mut line.adjustments, visit)
}

fn adjustment_texts(part: &'static str, line: Option<usize>, adjustments: &mut [Adjustment], visit: &mut Visit<'_>) -> Result<(), PaperError> {
    for (own, adjustment) in adjustments.iter_mut().enumerate() {
        let (index, name) = line.map_or((own, "text"), |line| (line, "adjustments.text"));
        visit(Field { part, index: Some(index), name }, &mut adjustment.text)?;
    }
    Ok(())
}
