//! The printable invoice: plain data, complete and already calculated.
//!
//! Nothing here is computed and nothing is looked up. Money is an integer in minor units of the
//! document's currency; quantities, prices and rates are integers in millionths.

mod line;
mod party;
mod statement;
mod sums;

pub use jiff::civil::Date;
pub use line::{Adjustment, AdjustmentKind, Line};
pub use party::{BankAccount, Buyer, Place, Seller};
use serde::{Deserialize, Serialize};
pub use statement::Statement;
pub use sums::{Totals, VatRow};

/// One million: the denominator of quantities, prices and rates.
pub const MILLION: i64 = 1_000_000;

/// An invoice or credit note, ready to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePaper {
    /// What the document is.
    pub kind: Kind,
    /// Language tag that decides words and number formats: `en`, `de`, `fr`, also `en-US`, `de-CH`.
    pub language: String,
    /// Paper format.
    pub page: PageSize,
    /// Who issues the document.
    pub seller: Seller,
    /// Who receives it.
    pub buyer: Buyer,
    /// Where the goods went, if not to the buyer's own address.
    pub deliver_to: Option<Place>,
    /// Document number.
    pub number: String,
    /// Date of issue.
    pub issue_date: Date,
    /// Date payment is due.
    pub due_date: Option<Date>,
    /// Date of delivery or of the service.
    pub delivery_date: Option<Date>,
    /// What the buyer asked to be quoted, for example a Leitweg-ID.
    pub buyer_reference: Option<String>,
    /// The buyer's order.
    pub order_reference: Option<String>,
    /// The invoice a credit note corrects.
    pub preceding: Option<Preceding>,
    /// Currency of every amount.
    pub currency: Currency,
    /// What is charged.
    pub lines: Vec<Line>,
    /// Allowances and charges on the whole document.
    pub adjustments: Vec<Adjustment>,
    /// One row per VAT category and rate.
    pub vat: Vec<VatRow>,
    /// The sums.
    pub totals: Totals,
    /// Payment terms in words.
    pub payment_terms: Option<String>,
    /// What else is stated below the sums, each with its label.
    pub statements: Vec<Statement>,
    /// Notes below the sums, one paragraph or more each.
    pub notes: Vec<String>,
    /// A line at the foot of every page.
    pub footer: Option<String>,
    /// The seller's logo; without one the seller's name stands at the head.
    pub logo: Option<Logo>,
    /// Large text behind the page of a document that is not the real one: DRAFT, SAMPLE.
    pub marker: Option<String>,
}

/// What the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An invoice.
    Invoice,
    /// A credit note; its amounts are positive.
    CreditNote,
}

/// Paper format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageSize {
    /// 210 × 297 mm.
    A4,
    /// 8.5 × 11 inches.
    Letter,
}

/// The invoice a credit note corrects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preceding {
    /// Its number.
    pub number: String,
    /// Its date of issue.
    pub date: Option<Date>,
}

/// A currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Currency {
    /// ISO 4217 code.
    pub code: String,
    /// Digits after the decimal separator: 2 for EUR, 0 for JPY, 3 for KWD.
    pub minor_digits: u8,
}

/// A logo as the file it was given in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// The bytes of a PNG or JPEG file.
    pub bytes: Vec<u8>,
}
