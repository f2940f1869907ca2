//! Rules about numbers on items.

use crate::shared::Price;
use crate::shared::error::{Error, Result};

/// `item.standard_id` unless `text` is empty or a GTIN (8, 12, 13 or 14 digits, the last is right).
pub fn gtin(text: &str) -> Result<()> {
    let right = matches!(text.len(), 8 | 12 | 13 | 14) && crate::identity::api::gs1_check_digit(text);
    if text.is_empty() || right { Ok(()) } else { Err(Error::invalid("item.standard_id").arg("value", text).field("standard_id")) }
}

/// `price.negative` below zero: a net price must not be (EN 16931 BR-27).
pub fn price(price: Price, field: &str) -> Result<()> {
    if price.is_negative() { Err(Error::invalid("price.negative").arg("value", price).field(field)) } else { Ok(()) }
}
