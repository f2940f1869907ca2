//! Lines (BG-25) and allowances and charges (BG-20, 21, 27, 28) of a draft.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::Item;
use crate::shared::{Code, Date, Id, Minor, Name, Note, Price, Quantity, Rate};

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
    /// Price per unit (BT-146); from the gross price, else from the price list, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Price>,
    /// How many units the price is for (BT-149), in the line's unit (BT-150); 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_base: Option<Quantity>,
    /// Price before discount (BT-148).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_price: Option<Price>,
    /// Discount on the price (BT-147); what gross price and price differ by when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_discount: Option<Price>,
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
    /// The buyer's accounting reference (BT-133).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub accounting: Name,
    /// Object of the line (BT-128).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub object_id: Name,
    /// Its scheme (UNTDID 1153).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub object_scheme: Code,
    /// The seller's item code (BT-155); the item's when empty.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub item_code: Code,
    /// The buyer's item code (BT-156).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub buyer_code: Code,
    /// Standard item number (BT-157); the item's when empty.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub standard_id: Code,
    /// Its scheme (ISO 6523); `0160`, GTIN, when empty.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub standard_scheme: Code,
    /// Classifications of the item (BT-158).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassDraft>,
    /// Country of origin (BT-159); the item's when empty.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub origin: Code,
    /// Attributes of the item (BG-32).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeDraft>,
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
    /// What the percentage is of (BT-93, 100, 137, 142); the line or the lines' sum when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Minor>,
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

/// A classification of an item (BT-158).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ClassDraft {
    /// The class.
    pub code: Name,
    /// The list it is from (UNTDID 7143), such as `HS` or `STI`.
    pub scheme: Name,
    /// Version of that list.
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub version: Name,
}

/// An attribute of an item (BG-32), such as colour: red.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AttributeDraft {
    /// Name (BT-160).
    pub name: Name,
    /// Value (BT-161).
    pub value: Name,
}
