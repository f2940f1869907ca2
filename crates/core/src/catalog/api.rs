//! What later modules ask of the catalogue.

use super::model::{Barcode, Item, ItemCategory, PriceList, PurchasePrice, Unit};
use super::pricing::{self, PriceFound, Wanted};
use super::units;
use crate::db::Tx;
use crate::shared::context::UserId;
use crate::shared::error::Result;
use crate::shared::{Code, Currency, Date, Id, Permission, Price, Quantity};
use crate::vals;

/// What a scanned code means.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct BarcodeHit {
    /// The item.
    pub item: Item,
    /// The unit of the package.
    pub unit: Code,
    /// How many of the unit it holds.
    pub quantity: Quantity,
}

/// The item; `record.not_found` when there is none.
pub fn item(tx: &mut Tx<'_>, id: Id<Item>) -> Result<Item> {
    tx.get(vals![id])
}

/// Usual cost of one purchase unit of the item, in the company's currency. None where there is none, where
/// `actor` may not see it, and where the books do not hold it.
pub fn purchase_price(tx: &mut Tx<'_>, actor: UserId, item: Id<Item>) -> Result<Option<Price>> {
    if !tx.holds::<PurchasePrice>() || crate::identity::api::authorize(tx, actor, Permission::SeeCosts).is_err() {
        return Ok(None);
    }
    Ok(tx.find::<PurchasePrice>(vals![item])?.map(|known| known.purchase_price))
}

/// The item with this code, whatever its case.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Item>> {
    let key = code.trim().to_uppercase();
    Ok(tx.find_all(&["code_key"], vals![key])?.into_iter().next())
}

/// What a scanned code means: a barcode of ours, or the GTIN of an item in use.
pub fn by_barcode(tx: &mut Tx<'_>, code: &str) -> Result<Option<BarcodeHit>> {
    let code = code.trim().to_owned();
    if code.is_empty() {
        return Ok(None);
    }
    let known: Option<Barcode> = tx.find_all(&["code"], vals![code])?.into_iter().next();
    if let Some(known) = known.filter(|known| !known.archived) {
        return Ok(Some(BarcodeHit { item: item(tx, known.item)?, unit: known.unit, quantity: known.quantity }));
    }
    let items: Vec<Item> = tx.find_all(&["standard_id"], vals![code])?;
    let hit = items.into_iter().find(|item| !item.archived);
    Ok(hit.map(|item| BarcodeHit { unit: item.base_unit.clone(), quantity: Quantity::ONE, item }))
}

/// The category.
pub fn category(tx: &mut Tx<'_>, id: Id<ItemCategory>) -> Result<ItemCategory> {
    tx.get(vals![id])
}

/// The unit; `unit.unknown` when there is none with this code.
pub fn unit(tx: &mut Tx<'_>, code: &str) -> Result<Unit> {
    units::unit(tx, code)
}

/// `quantity` of `unit` in the item's base unit, exactly. `unit.no_ratio` when nothing says how many
/// base units one is, `unit.inexact` when six decimals cannot say the result.
pub fn to_base(tx: &mut Tx<'_>, item: &Item, unit: &Code, quantity: Quantity) -> Result<Quantity> {
    if *unit == item.base_unit {
        return Ok(quantity);
    }
    let ratio = units::ratio(tx, item, unit)?;
    units::exact(quantity, ratio, unit, item)
}

/// The price of one `unit` when `quantity` of it are sold on `date` in `currency`: from `list` where it
/// has one, otherwise the item's own. `price.missing` when there is none in that currency.
pub fn price_for(
    tx: &mut Tx<'_>,
    item: &Item,
    list: Option<Id<PriceList>>,
    unit: &Code,
    quantity: Quantity,
    date: Date,
    currency: Currency,
) -> Result<PriceFound> {
    pricing::find(tx, item, list, Wanted { unit, quantity, date, currency })
}

/// Makes unit, kind and tracking of the item final: something was done with it. Answers the item.
pub fn mark_used(tx: &mut Tx<'_>, id: Id<Item>) -> Result<Item> {
    let item = item(tx, id)?;
    if !item.used {
        tx.update(&item, &Item { used: true, ..item.clone() })?;
    }
    Ok(item)
}
