//! What the VAT categories of EN 16931 ask of a document.

use crate::billing::document::Document;
use crate::billing::model::PartyRole;
use crate::shared::error::Error;
use crate::tax::Category;

/// Names what the categories on the document miss.
pub fn check(document: &Document, all: &mut Vec<Error>) {
    let has = |category| document.tax_rows.iter().any(|row| row.category == category);
    // BR-O-11 to 14: what is outside the scope stands alone.
    if has(Category::Outside) && document.tax_rows.iter().any(|row| row.category != Category::Outside) {
        all.push(Error::invalid("document.outside_alone").field("lines"));
    }
    reasons(document, all);
    if has(Category::ReverseCharge) {
        numbers(document, Category::ReverseCharge, all);
    }
    if has(Category::IntraCommunity) {
        numbers(document, Category::IntraCommunity, all);
        delivery(document, all);
    }
}

/// No tax needs a reason (BT-120 or BT-121): BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10.
fn reasons(document: &Document, all: &mut Vec<Error>) {
    for row in document.tax_rows.iter().filter(|row| row.category.needs_reason()) {
        if row.exemption_code.is_empty() && row.exemption_text.is_empty() {
            all.push(Error::invalid("document.exemption").arg("tax", &row.code).field("lines"));
        }
    }
}

/// Who accounts for the tax is known by number. Seller: VAT identifier (BT-31), tax number (BT-32, reverse
/// charge only) or that of the representative (BT-63); buyer: VAT identifier (BT-48) or, for reverse
/// charge, registration (BT-47). BR-AE-02 to 04, BR-IC-02 to 04.
fn numbers(document: &Document, category: Category, all: &mut Vec<Error>) {
    let of = |role| document.parties.iter().find(|party| party.role == role);
    let reverse_charge = category == Category::ReverseCharge;
    let seller = of(PartyRole::Seller).is_some_and(|party| !party.vat_id.is_empty() || (reverse_charge && !party.tax_number.is_empty()));
    let representative = of(PartyRole::TaxRepresentative).is_some_and(|party| !party.vat_id.is_empty());
    if !seller && !representative {
        all.push(Error::invalid("document.seller_vat_id").arg("category", category).field("company.vat_id"));
    }
    let buyer = of(PartyRole::Buyer);
    if !buyer.is_some_and(|party| !party.vat_id.is_empty() || (reverse_charge && !party.legal_id.is_empty())) {
        let name = buyer.map(|party| party.name.clone()).unwrap_or_default();
        all.push(Error::invalid("document.buyer_vat_id").arg("category", category).arg("name", name).field("party"));
    }
}

/// A supply within the Union says when (BT-72, or the period BT-73, BT-74: BR-IC-11) and where (BT-80:
/// BR-IC-12).
fn delivery(document: &Document, all: &mut Vec<Error>) {
    let header = &document.header;
    if header.delivery_date.is_none() && header.period_start.is_none() && header.period_end.is_none() {
        all.push(Error::invalid("document.delivery_date").field("delivery_date"));
    }
    let place = document.parties.iter().find(|party| party.role == PartyRole::DeliverTo);
    if place.is_none_or(|place| place.country.is_empty()) {
        all.push(Error::invalid("document.delivery_country").field("delivery_country"));
    }
}
