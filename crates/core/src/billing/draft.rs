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
    pub type_code: Option<Code>,
    /// The customer.
    pub party: Id<crate::parties::Party>,
    /// Issue date (BT-2); today when absent.
    pub issue_date: Option<Date>,
    /// The date in the ledger; the issue date when absent.
    pub accounting_date: Option<Date>,
    /// Tax point date (BT-7).
    pub tax_point_date: Option<Date>,
    /// Due date (BT-9); from the customer's terms when absent.
    pub due_date: Option<Date>,
    /// Delivery date (BT-72).
    pub delivery_date: Option<Date>,
    /// Where the goods go, when not to the buyer's country (BT-80).
    pub delivery_country: Option<Code>,
    /// Invoicing period (BT-73).
    pub period_start: Option<Date>,
    /// Invoicing period (BT-74).
    pub period_end: Option<Date>,
    /// Currency (BT-5); the company's when absent.
    pub currency: Option<Currency>,
    /// Base currency per unit of the document's currency; needed when they differ.
    pub exchange_rate: Option<Rate>,
    /// Buyer reference (BT-10).
    #[serde(default)]
    pub buyer_reference: Name,
    /// Project (BT-11).
    #[serde(default)]
    pub project: Name,
    /// Contract (BT-12).
    #[serde(default)]
    pub contract: Name,
    /// Purchase order (BT-13).
    #[serde(default)]
    pub order_reference: Name,
    /// Sales order (BT-14).
    #[serde(default)]
    pub sales_order: Name,
    /// Despatch advice (BT-16).
    #[serde(default)]
    pub despatch_advice: Name,
    /// Note (BT-22).
    #[serde(default)]
    pub note: Note,
    /// Payment terms (BT-20); from the customer's terms when empty.
    #[serde(default)]
    pub payment_terms: Note,
    /// Payment means code (BT-81); 58 with an IBAN, else 30, when absent.
    pub payment_means: Option<Code>,
    /// The invoice a credit note is about.
    pub preceding: Option<Id<Header>>,
    /// Already paid (BT-113).
    pub prepaid: Option<Minor>,
    /// Rounding of what is to be paid (BT-114).
    pub rounding: Option<Minor>,
    /// The lines.
    pub lines: Vec<LineDraft>,
    /// Allowances of the document (BG-20).
    #[serde(default)]
    pub allowances: Vec<AdjustmentDraft>,
    /// Charges of the document (BG-21).
    #[serde(default)]
    pub charges: Vec<AdjustmentDraft>,
    /// Language to print in; the customer's when absent.
    pub language: Option<Code>,
    /// Whether posting moves the goods; it does when absent.
    pub moves_stock: Option<bool>,
    /// The number another program gave it, for imports.
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
    pub item: Option<Id<Item>>,
    /// Name (BT-153); the item's when empty.
    pub name: Name,
    /// Description (BT-154); the item's when empty.
    pub description: Note,
    /// Line note (BT-127).
    pub note: Note,
    /// Quantity (BT-129); 1 when absent.
    pub quantity: Option<Quantity>,
    /// Unit (BT-130); the item's sales unit when absent.
    pub unit: Option<Code>,
    /// Price per unit; from the price list when absent.
    pub unit_price: Option<Price>,
    /// How many units the price is for (BT-149); 1 when absent.
    pub price_base: Option<Quantity>,
    /// Whether the price includes VAT; as the item says when absent.
    pub price_includes_tax: Option<bool>,
    /// Allowance in percent (BT-138).
    pub allowance_percent: Option<Rate>,
    /// Further allowances (BG-27).
    pub allowances: Vec<AdjustmentDraft>,
    /// Charges (BG-28).
    pub charges: Vec<AdjustmentDraft>,
    /// Tax code; by the rules when absent.
    pub tax: Option<Code>,
    /// Order line (BT-132).
    pub order_line: Code,
    /// Line period (BT-134).
    pub period_start: Option<Date>,
    /// Line period (BT-135).
    pub period_end: Option<Date>,
}

/// An allowance or charge: an amount or a percentage, and why.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AdjustmentDraft {
    /// The amount.
    pub amount: Option<Minor>,
    /// The percentage, of the line or of the lines' sum.
    pub percent: Option<Rate>,
    /// Why.
    pub reason: Name,
    /// Why, as a code (UNCL 5189 or 7161).
    pub reason_code: Code,
    /// Tax code; spread over the lines' taxes when absent.
    pub tax: Option<Code>,
}
