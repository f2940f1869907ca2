//! What an item costs: the row of a price list, or the item's own price.

use super::model::{Item, PriceList, PriceRow};
use super::units::{self, Ratio};
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::round::round_div;
use crate::shared::{Code, Currency, Date, Id, Price, Quantity};
use crate::vals;

/// A price and where it is from.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct PriceFound {
    /// Price of one unit.
    pub price: Price,
    /// Whether it includes the tax.
    pub includes_tax: bool,
    /// The row of the list; none when it is the item's own price.
    pub row: Option<Id<PriceRow>>,
}

/// What is asked for: so many of a unit, on a day, in a currency.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// The unit.
    pub unit: &'a Code,
    /// How many of it.
    pub quantity: Quantity,
    /// The day.
    pub date: Date,
    /// The currency.
    pub currency: Currency,
}

/// The price on the list, for that unit or converted from the base unit's; the item's own price
/// otherwise. `price.missing` when there is none in that currency.
pub fn find(tx: &mut Tx<'_>, item: &Item, list: Option<Id<PriceList>>, wanted: Wanted<'_>) -> Result<PriceFound> {
    if let Some(list) = list
        && let Some(found) = on_list(tx, item, list, wanted)?
    {
        return Ok(found);
    }
    let home = crate::identity::api::company(tx)?.currency;
    if home != wanted.currency {
        return Err(Error::new(Kind::NotFound, "price.missing").arg("item", &item.name).arg("currency", wanted.currency).field("unit_price"));
    }
    let of = item.sales_unit.as_ref().unwrap_or(&item.base_unit);
    let price = converted(tx, item, item.sales_price, of, wanted.unit)?;
    Ok(PriceFound { price, includes_tax: item.price_includes_tax, row: None })
}

fn on_list(tx: &mut Tx<'_>, item: &Item, list: Id<PriceList>, wanted: Wanted<'_>) -> Result<Option<PriceFound>> {
    let rows: Vec<PriceRow> = tx.find_all(&["item", "list"], vals![item.id, list])?;
    let rows: Vec<PriceRow> = rows.into_iter().filter(|row| row.currency == wanted.currency && holds(row, wanted.date)).collect();
    if let Some(row) = best(&rows, wanted.unit, wanted.quantity) {
        return Ok(Some(PriceFound { price: row.price, includes_tax: row.includes_tax, row: Some(row.id) }));
    }
    if rows.is_empty() || *wanted.unit == item.base_unit {
        return Ok(None);
    }
    let ratio = units::ratio(tx, item, wanted.unit)?;
    let quantity = Quantity::from_micros(scaled(wanted.quantity.micros(), ratio)?);
    let Some(row) = best(&rows, &item.base_unit, quantity) else { return Ok(None) };
    let price = converted(tx, item, row.price, &item.base_unit, wanted.unit)?;
    Ok(Some(PriceFound { price, includes_tax: row.includes_tax, row: Some(row.id) }))
}

fn holds(row: &PriceRow, date: Date) -> bool {
    row.valid_from <= date && row.valid_to.is_none_or(|to| date <= to)
}

/// The largest quantity step that is reached; of equal steps the one that began last.
fn best<'r>(rows: &'r [PriceRow], unit: &Code, quantity: Quantity) -> Option<&'r PriceRow> {
    let reached = rows.iter().filter(|row| row.unit == *unit && row.from_quantity <= quantity.abs());
    reached.max_by_key(|row| (row.from_quantity, row.valid_from))
}

/// The price of one `to`, from that of one `of`; rounded half away from zero at six places.
fn converted(tx: &mut Tx<'_>, item: &Item, price: Price, of: &Code, to: &Code) -> Result<Price> {
    if of == to {
        return Ok(price);
    }
    let overflow = || Error::invalid("decimal.overflow").arg("value", price);
    let ratio = units::ratio(tx, item, to)?.per(units::ratio(tx, item, of)?).ok_or_else(overflow)?;
    scaled(price.micros(), ratio).map(Price::from_micros)
}

fn scaled(micros: i64, ratio: Ratio) -> Result<i64> {
    let product = i128::from(micros).checked_mul(ratio.numerator);
    product.and_then(|p| round_div(p, ratio.denominator)).ok_or_else(|| Error::invalid("decimal.overflow").arg("value", micros))
}
