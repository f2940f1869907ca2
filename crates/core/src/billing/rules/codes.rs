//! Code lists of EN 16931 that a document must stay in.

use crate::billing::document::Document;
use crate::billing::model::Kind;
use crate::shared::error::Error;

/// Types of invoices (BT-3, UNTDID 1001, rule BR-CL-01).
const INVOICES: &[&str] = &[
    "80", "82", "84", "130", "202", "203", "204", "211", "295", "325", "326", "380", "383", "384", "385", "386", "387", "388", "389", "390", "393", "394",
    "395", "456", "457", "527", "575", "623", "633", "751", "780", "875", "876", "877", "935",
];

/// Types of credit notes (BT-3, UNTDID 1001, rule BR-CL-01).
const CREDIT_NOTES: &[&str] = &["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"];

/// Reasons of allowances (BT-98, BT-140, UNTDID 5189, rule BR-CL-19).
const ALLOWANCES: &[&str] = &["41", "42", "60", "62", "63", "64", "65", "66", "67", "68", "70", "71", "88", "95", "100", "102", "103", "104", "105"];

/// Names what is outside its list: type (BR-CL-01), means of payment (BR-CL-16), reasons of allowances
/// (BR-CL-19).
pub fn check(document: &Document, all: &mut Vec<Error>) {
    let header = &document.header;
    let types = if header.kind == Kind::Invoice { INVOICES } else { CREDIT_NOTES };
    if !types.contains(&header.type_code.as_str()) {
        all.push(Error::invalid("document.type_code").arg("value", &header.type_code).field("type_code"));
    }
    if !is_payment_means(&header.payment_means) {
        all.push(Error::invalid("document.payment_means").arg("value", &header.payment_means).field("payment_means"));
    }
    let coded = document.adjustments.iter().filter(|adjustment| !adjustment.charge && !adjustment.reason_code.is_empty());
    for adjustment in coded.filter(|adjustment| !ALLOWANCES.contains(&adjustment.reason_code.as_str())) {
        let field = if adjustment.line == 0 { "allowances".to_owned() } else { format!("lines[{}].allowances", adjustment.line - 1) };
        all.push(Error::invalid("adjustment.reason_code").arg("value", &adjustment.reason_code).field(field));
    }
}

/// Means of payment (BT-81, UNTDID 4461): 1 to 70, 74 to 78, 91 to 98, ZZZ.
fn is_payment_means(code: &str) -> bool {
    let number = if code.starts_with('0') { None } else { code.parse::<u8>().ok() };
    code == "ZZZ" || number.is_some_and(|n| matches!(n, 1..=70 | 74..=78 | 91..=98))
}
