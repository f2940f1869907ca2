//! What goods cost: moving average, or first in, first out. Goods that leave before their receipt is
//! known are booked at the last known cost, never at a selling price; the receipt that covers them
//! brings a correction. History is never edited.

use super::model::{CostCorrection, CostLayer, CostTake, ItemCost, Move};
use crate::catalog::Item;
use crate::db::Tx;
use crate::identity::Valuation;
use crate::shared::error::Result;
use crate::shared::round::{pow10, round_div};
use crate::shared::{Id, Minor, Price, Quantity};
use crate::vals;

/// What an issue costs.
pub struct Out {
    /// Its cost.
    pub value: Minor,
    /// How much of it had no known receipt.
    pub short: Quantity,
}

/// Takes `quantity` of `item` out of the firm's stock by the move `id`.
pub fn take_out(tx: &mut Tx<'_>, method: Valuation, id: Id<Move>, item: Id<Item>, quantity: Quantity, digits: u32) -> Result<Out> {
    let (old, found) = cost_of(tx, item)?;
    let known = quantity.min(old.quantity.max(Quantity::ZERO));
    let short = quantity.minus(known)?;
    let known_value = match method {
        Valuation::Average => share(old.value, known, old.quantity)?,
        Valuation::Fifo => take_layers(tx, id, item, known)?,
    };
    let short_value = Minor::extend(short, old.last_cost, Quantity::ONE, digits)?;
    let value = known_value.plus(short_value)?;
    let new = ItemCost {
        quantity: old.quantity.minus(quantity)?,
        value: old.value.minus(value)?,
        short_quantity: old.short_quantity.plus(short)?,
        short_value: old.short_value.plus(short_value)?,
        ..old.clone()
    };
    store(tx, found, &old, &new)?;
    Ok(Out { value, short })
}

/// Puts what `receipt` brings, at `value`, into the firm's stock. Returns the correction of the cost of
/// goods that had left before.
pub fn put_in(tx: &mut Tx<'_>, method: Valuation, receipt: &Move, value: Minor, digits: u32) -> Result<Minor> {
    let (id, item, quantity) = (receipt.id, receipt.item, receipt.quantity);
    let (old, found) = cost_of(tx, item)?;
    let covered = quantity.min(old.short_quantity);
    let covered_value = value.share(covered.micros(), quantity.micros())?;
    let provisional = share(old.short_value, covered, old.short_quantity)?;
    let correction = covered_value.minus(provisional)?;
    let new = ItemCost {
        quantity: old.quantity.plus(quantity)?,
        value: old.value.plus(value)?.minus(correction)?,
        last_cost: unit_cost(value, quantity, old.last_cost, digits),
        short_quantity: old.short_quantity.minus(covered)?,
        short_value: old.short_value.minus(provisional)?,
        ..old.clone()
    };
    store(tx, found, &old, &new)?;
    let rest = quantity.minus(covered)?;
    if method == Valuation::Fifo && !rest.is_zero() {
        tx.insert(&CostLayer { item, r#move: id, moved_on: receipt.moved_on, remaining: rest, value: value.minus(covered_value)? })?;
    }
    if !covered.is_zero() {
        tx.insert(&CostCorrection { r#move: id, item, quantity: covered, value: correction })?;
    }
    Ok(correction)
}

/// The item's cost row, and whether the books have it already.
fn cost_of(tx: &mut Tx<'_>, item: Id<Item>) -> Result<(ItemCost, bool)> {
    let found: Option<ItemCost> = tx.find(vals![item])?;
    let known = found.is_some();
    let none =
        ItemCost { item, quantity: Quantity::ZERO, value: Minor::ZERO, last_cost: Price::ZERO, short_quantity: Quantity::ZERO, short_value: Minor::ZERO };
    Ok((found.unwrap_or(none), known))
}

fn store(tx: &mut Tx<'_>, known: bool, old: &ItemCost, new: &ItemCost) -> Result<()> {
    if known { tx.update(old, new) } else { tx.insert(new) }
}

/// The part of `value` that `part` of `whole` carries; the last part carries what is left.
fn share(value: Minor, part: Quantity, whole: Quantity) -> Result<Minor> {
    if part.is_zero() {
        return Ok(Minor::ZERO);
    }
    if part == whole { Ok(value) } else { value.share(part.micros(), whole.micros()) }
}

/// Cost of one unit, in major units of a currency with `digits`; the last one when this is free.
fn unit_cost(value: Minor, quantity: Quantity, last: Price, digits: u32) -> Price {
    let scaled = i128::from(value.units()).saturating_mul(1_000_000_000_000);
    let whole = i128::from(quantity.micros()).saturating_mul(pow10(digits));
    match round_div(scaled, whole) {
        Some(micros) if !value.is_zero() => Price::from_micros(micros),
        _ => last,
    }
}

/// Takes `quantity` from the oldest layers.
fn take_layers(tx: &mut Tx<'_>, id: Id<Move>, item: Id<Item>, quantity: Quantity) -> Result<Minor> {
    let sql = "SELECT item, move, moved_on, remaining, value FROM cost_layer WHERE item = ?1 AND remaining > 0 ORDER BY moved_on, move";
    let (mut missing, mut total) = (quantity, Minor::ZERO);
    if missing.is_zero() {
        return Ok(total);
    }
    let layers: Vec<CostLayer> = tx.all(sql, vals![item])?;
    for layer in layers {
        let taken = missing.min(layer.remaining);
        let value = share(layer.value, taken, layer.remaining)?;
        tx.insert(&CostTake { r#move: id, layer: layer.r#move, quantity: taken, value })?;
        let rest = CostLayer { remaining: layer.remaining.minus(taken)?, value: layer.value.minus(value)?, ..layer.clone() };
        tx.update(&layer, &rest)?;
        total = total.plus(value)?;
        missing = missing.minus(taken)?;
        if missing.is_zero() {
            break;
        }
    }
    Ok(total)
}

/// What one unit of `item` costs now: the average of what is owned, or the latest known cost.
pub fn current(tx: &mut Tx<'_>, item: Id<Item>, digits: u32) -> Result<Price> {
    let (cost, _) = cost_of(tx, item)?;
    let known = cost.quantity > Quantity::ZERO && cost.value > Minor::ZERO;
    Ok(if known { unit_cost(cost.value, cost.quantity, cost.last_cost, digits) } else { cost.last_cost })
}
