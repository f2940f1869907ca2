//! What a person types: the draft of an invoice or credit note. Everything else follows from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Header, Kind};
use crate::catalog::Item;
use crate::shared::{Code, Currency, Date, Id, Minor, Name, Note, Price, Quantity, Rate};

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
    /// Due date (BT-9); from the customer's terms when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Date>,
    /// Delivery date (BT-72).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_date: Option<Date>,
    /// Where the goods go, when not to the buyer's country (BT-80).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_country: Option<Code>,
    /// Invoicing period (BT-73).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_start: Option<Date>,
    /// Invoicing period (BT-74).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_end: Option<Date>,
    /// Currency (BT-5); the company's when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Base currency per unit of the document's currency; needed when they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Rate>,
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
    /// Despatch advice (BT-16).
    #[serde(default)]
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub despatch_advice: Name,
    /// Note (BT-22).
    #[serde(default)]
    #[serde(skip_serializing_if = "Note::is_blank")]
    pub note: Note,
    /// Payment terms (BT-20); from the customer's terms when empty.
    #[serde(default)]
    #[serde(skip_serializing_if = "Note::is_blank")]
    pub payment_terms: Note,
    /// Payment means code (BT-81); 58 with an IBAN, else 30, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_means: Option<Code>,
    /// The invoice a credit note is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preceding: Option<Id<Header>>,
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

/// A line of a draft: an item, or free text with a price.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LineDraft {
    /// The item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Id<Item>>,
    /// Name (BT-153); the item's when empty.
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub name: Name,
    /// Description (BT-154); the item's when empty.
    #[serde(skip_serializing_if = "Note::is_blank")]
    pub description: Note,
    /// Line note (BT-127).
    #[serde(skip_serializing_if = "Note::is_blank")]
    pub note: Note,
    /// Quantity (BT-129); 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Unit (BT-130); the item's sales unit when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Code>,
    /// Price per unit; from the price list when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Price>,
    /// How many units the price is for (BT-149); 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_base: Option<Quantity>,
    /// Whether the price includes VAT; as the item says when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_includes_tax: Option<bool>,
    /// Allowance in percent (BT-138).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowance_percent: Option<Rate>,
    /// Further allowances (BG-27).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<AdjustmentDraft>,
    /// Charges (BG-28).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<AdjustmentDraft>,
    /// Tax code; by the rules when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<Code>,
    /// Order line (BT-132).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub order_line: Code,
    /// Line period (BT-134).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_start: Option<Date>,
    /// Line period (BT-135).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_end: Option<Date>,
}

/// An allowance or charge: an amount or a percentage, and why.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AdjustmentDraft {
    /// The amount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
    /// The percentage, of the line or of the lines' sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<Rate>,
    /// Why.
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub reason: Name,
    /// Why, as a code (UNCL 5189 or 7161).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub reason_code: Code,
    /// Tax code; spread over the lines' taxes when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<Code>,
}
