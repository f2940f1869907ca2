//! What it comes to: VAT rows and totals, calculated elsewhere.

use serde::{Deserialize, Serialize};

/// VAT of one category and rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatRow {
    /// VAT category (UNCL 5305).
    pub category: String,
    /// VAT rate in millionths: 19 % is 190 000.
    pub rate: i64,
    /// Taxable amount in minor units.
    pub base: i64,
    /// Tax in minor units.
    pub tax: i64,
    /// Why no tax is charged.
    pub exemption: Option<String>,
}

/// The sums of the document, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sum of the lines' net amounts.
    pub lines: i64,
    /// Sum of the allowances on the document.
    pub allowances: i64,
    /// Sum of the charges on the document.
    pub charges: i64,
    /// Total without VAT.
    pub net: i64,
    /// Total VAT.
    pub vat: i64,
    /// Total with VAT.
    pub gross: i64,
    /// Already paid.
    pub prepaid: i64,
    /// Rounding of the amount to pay.
    pub rounding: i64,
    /// Amount to pay.
    pub payable: i64,
}
