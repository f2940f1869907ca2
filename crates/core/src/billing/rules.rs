//! The rules of EN 16931 that a document must keep before it is posted. A draft may break them; the
//! preview names what is broken.
//!
//! Checked elsewhere: figures follow from [`super::totals`]; what cannot be kept at all is refused when
//! the draft is composed. What only an e-invoice needs of the company (BR-CO-26, BR-S-02, BR-O-02) is
//! checked when one is written. Documents of other programs are taken as they were issued.

mod codes;
mod taxes;

use super::document::Document;
use super::model::{Adjustment, DetailKind, PartyRole};
use crate::shared::error::{Error, Result};

/// The first rule that is broken.
pub fn check(document: &Document) -> Result<()> {
    broken(document).into_iter().next().map_or(Ok(()), Err)
}

/// As [`check`], for a document that corrects `original`: what that one breaks itself, because it was issued
/// by another program or before a rule was known, does not stand in the way of correcting it.
pub fn check_correction(document: &Document, original: &Document) -> Result<()> {
    if original.header.imported {
        return Ok(());
    }
    let known: Vec<&str> = broken(original).iter().map(Error::code).collect();
    broken(document).into_iter().find(|error| !known.contains(&error.code())).map_or(Ok(()), Err)
}

/// Every rule that is broken; none for documents of other programs.
pub fn broken(document: &Document) -> Vec<Error> {
    if document.header.imported {
        return Vec::new();
    }
    let mut all = Vec::new();
    codes::check(document, &mut all);
    adjustments(document, &mut all);
    payment(document, &mut all);
    addresses(document, &mut all);
    taxes::check(document, &mut all);
    all
}

/// An allowance or charge says why, in words or by a code: BR-33, 38, 42, 44 (BR-CO-21 to 24).
fn adjustments(document: &Document, all: &mut Vec<Error>) {
    let silent = |adjustment: &&Adjustment| adjustment.reason.is_empty() && adjustment.reason_code.is_empty();
    for adjustment in document.adjustments.iter().filter(silent) {
        let term = match (adjustment.line, adjustment.charge) {
            (0, false) => "BT-97, BT-98",
            (0, true) => "BT-104, BT-105",
            (_, false) => "BT-139, BT-140",
            (_, true) => "BT-144, BT-145",
        };
        let list = if adjustment.charge { "charges" } else { "allowances" };
        let field = if adjustment.line == 0 { list.to_owned() } else { format!("lines[{}].{list}", adjustment.line - 1) };
        all.push(Error::invalid("adjustment.reason").arg("term", term).field(field));
    }
}

/// A card number shows at most ten digits (BT-87, BR-51); a credit transfer has an account (BT-84, BR-61).
fn payment(document: &Document, all: &mut Vec<Error>) {
    let header = &document.header;
    let digits = header.card_number.chars().filter(char::is_ascii_digit).count();
    if digits > 10 {
        all.push(Error::invalid("document.card_number").arg("digits", digits).field("payment.card_number"));
    }
    let transfer = matches!(header.payment_means.as_str(), "30" | "58");
    if transfer && !document.details.iter().any(|detail| detail.kind == DetailKind::Account) {
        all.push(Error::invalid("document.account_missing").arg("means", &header.payment_means).field("payment.accounts"));
    }
}

/// An electronic address has a scheme (BR-62, BR-63), a VAT identifier its country (BR-CO-09).
fn addresses(document: &Document, all: &mut Vec<Error>) {
    for party in &document.parties {
        let (endpoint, vat) = match party.role {
            PartyRole::Seller => ("BT-34", "BT-31"),
            PartyRole::Buyer => ("BT-49", "BT-48"),
            _ => ("", "BT-63"),
        };
        if !party.endpoint.is_empty() && party.endpoint_scheme.is_empty() {
            all.push(Error::invalid("document.endpoint_scheme").arg("term", endpoint).arg("name", &party.name).field("party"));
        }
        let prefix = party.vat_id.get(..2).and_then(crate::identity::api::vat_country);
        if !party.vat_id.is_empty() && prefix.is_none() {
            all.push(Error::invalid("document.vat_prefix").arg("term", vat).arg("value", &party.vat_id).arg("name", &party.name).field("party"));
        }
    }
}
