//! What a person types: the draft of an invoice or credit note. Everything else follows from it.

mod again;
mod line;
mod payment;
mod people;
mod references;

pub use again::{again, line_again};
pub use line::{AdjustmentDraft, AttributeDraft, ClassDraft, LineDraft};
pub use payment::{AccountDraft, PaymentDraft};
pub use people::PartyDraft;
pub use references::{AttachmentDraft, NoteDraft, PrecedingDraft};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Header, Kind};
use crate::shared::{Code, Currency, Date, Id, Minor, Name, Note, Rate};

/// The draft of an invoice or credit note. Only the customer and one line are needed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Draft {
    /// What it is; an invoice when absent.
    #[serde(default = "invoice")]
    pub kind: Kind,
    /// Document type code (BT-3); 380 or 381 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub type_code: Option<Code>,
    /// The customer.
    pub party: Id<crate::parties::Party>,
    /// Issue date (BT-2); today when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue_date: Option<Date>,
    /// The date in the ledger; the issue date when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounting_date: Option<Date>,
    /// Tax point date (BT-7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_point_date: Option<Date>,
    /// Which event makes the tax point (BT-8): `3` issue, `35` delivery, `432` payment; instead of a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_point_code: Option<Code>,
    /// Due date (BT-9); from the customer's terms when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Date>,
    /// Delivery date (BT-72).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_date: Option<Date>,
    /// Where the goods go, when not to the buyer's country (BT-80).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_country: Option<Code>,
    /// Where the goods go: an address of the customer's (BG-13, BG-15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_address: Option<Id<crate::parties::Address>>,
    /// Where the goods go: in full (BG-13, BG-15), in place of an address that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver_to: Option<PartyDraft>,
    /// Invoicing period (BT-73).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_start: Option<Date>,
    /// Invoicing period (BT-74).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_end: Option<Date>,
    /// Currency (BT-5); the company's when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Base currency per unit of the document's currency; the rate kept for its date when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Rate>,
    /// Currency that VAT is accounted in (BT-6); the company's when the document's is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_currency: Option<Currency>,
    /// VAT in that currency (BT-111); converted by the exchange rate when it is the company's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_in_currency: Option<Minor>,
    /// Buyer reference (BT-10).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub buyer_reference: Name,
    /// Project (BT-11).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub project: Name,
    /// Contract (BT-12).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub contract: Name,
    /// Purchase order (BT-13).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub order_reference: Name,
    /// Sales order (BT-14).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub sales_order: Name,
    /// Receiving advice (BT-15).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub receipt_advice: Name,
    /// Despatch advice (BT-16).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub despatch_advice: Name,
    /// Tender or lot (BT-17).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub tender: Name,
    /// Invoiced object (BT-18), such as a meter or a subscription.
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub object_id: Name,
    /// Its scheme (UNTDID 1153).
    #[serde(default)]
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub object_scheme: Code,
    /// The buyer's accounting reference (BT-19).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub buyer_accounting: Name,
    /// Business process (BT-23).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub process: Name,
    /// Specification it follows (BT-24).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub profile: Name,
    /// Note (BT-22).
    #[serde(default)]
    #[serde(skip_serializing_if = "Note::is_blank")]
    pub note: Note,
    /// Further notes, each with its subject (BG-1).
    #[serde(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteDraft>,
    /// Payment terms (BT-20); from the customer's terms when empty.
    #[serde(default)]
    #[serde(skip_serializing_if = "Note::is_blank")]
    pub payment_terms: Note,
    /// Payment means code (BT-81); 58 with an account to pay to, else 1 (not defined), when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_means: Option<Code>,
    /// How it is paid, beyond the means (BG-16 to BG-19).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentDraft>,
    /// Who is paid, when not the seller (BG-10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payee: Option<PartyDraft>,
    /// The seller's tax representative (BG-11).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_representative: Option<PartyDraft>,
    /// The invoice a credit note is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preceding: Option<Id<Header>>,
    /// Earlier invoices that these books do not hold (BG-3).
    #[serde(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preceding_references: Vec<PrecedingDraft>,
    /// Supporting documents (BG-24).
    #[serde(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentDraft>,
    /// Already paid (BT-113).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prepaid: Option<Minor>,
    /// Rounding of what is to be paid (BT-114).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Minor>,
    /// The lines.
    pub lines: Vec<LineDraft>,
    /// Allowances of the document (BG-20).
    #[serde(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<AdjustmentDraft>,
    /// Charges of the document (BG-21).
    #[serde(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<AdjustmentDraft>,
    /// Language to print in; the customer's when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Code>,
    /// Whether posting moves the goods; it does when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moves_stock: Option<bool>,
    /// The number another program gave it, for imports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported_number: Option<Name>,
}

fn invoice() -> Kind {
    Kind::Invoice
}
