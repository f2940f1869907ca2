//! What a document says beside its figures: a label of the language and a text.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Currency;

/// One statement below the sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// The period that is invoiced; open at an end that is absent.
    Period {
        /// First day.
        from: Option<Date>,
        /// Last day.
        to: Option<Date>,
    },
    /// The project.
    Project(String),
    /// The contract.
    Contract(String),
    /// The despatch advice.
    Despatch(String),
    /// Who is paid, when not the seller.
    Payee(String),
    /// The seller's tax representative: name, address, VAT identifier.
    TaxRepresentative(String),
    /// VAT in the currency it is accounted in.
    VatIn {
        /// The amount in minor units.
        tax: i64,
        /// The currency.
        currency: Currency,
    },
    /// What the payer should quote.
    Remittance(String),
    /// An earlier document that this one is about, beyond the first.
    Preceding(String),
    /// A supporting document.
    Attached(String),
}
