//! What is charged: lines, allowances and charges.

use serde::{Deserialize, Serialize};

/// One line of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Position as printed: `1`, `2`, or `1.2`.
    pub position: String,
    /// The seller's item code.
    pub item_code: Option<String>,
    /// Name of the item.
    pub name: String,
    /// Description below the name; line breaks are kept.
    pub description: Option<String>,
    /// Quantity in millionths.
    pub quantity: i64,
    /// Unit as printed: `pcs`, `Std.`; empty for none.
    pub unit: String,
    /// Price in millionths of the currency, net, for [`Line::price_base`] units.
    pub unit_price: i64,
    /// The quantity the price is for, in millionths; usually [`MILLION`](super::MILLION).
    pub price_base: i64,
    /// Allowances and charges already contained in the net amount.
    pub adjustments: Vec<Adjustment>,
    /// Net amount of the line, in minor units.
    pub net: i64,
    /// VAT category (UNCL 5305): `S`, `Z`, `E`, `AE`, `K`, `G`, `O`.
    pub vat_category: String,
    /// VAT rate in millionths: 19 % is 190 000.
    pub vat_rate: i64,
}

/// Whether an adjustment lowers or raises the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentKind {
    /// Lowers it.
    Allowance,
    /// Raises it.
    Charge,
}

/// An allowance or a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Which of both.
    pub kind: AdjustmentKind,
    /// The reason, as printed.
    pub text: String,
    /// The amount in minor units, positive for both kinds.
    pub amount: i64,
}

impl Adjustment {
    /// The amount with the sign it has in the sum.
    #[must_use]
    pub fn signed(&self) -> i128 {
        match self.kind {
            AdjustmentKind::Allowance => -i128::from(self.amount),
            AdjustmentKind::Charge => i128::from(self.amount),
        }
    }
}
