//! Questions about items.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{self, BarcodeHit};
use super::model::{Barcode, Item, ItemUnit, PriceList, PriceRow};
use super::pricing::PriceFound;
use crate::db::Tx;
use crate::shared::{Code, Context, Currency, Date, Id, Permission, Price, Quantity, Query, Result};
use crate::vals;

/// An item with its units, barcodes and prices.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ItemDetails {
    /// The item.
    pub id: Id<Item>,
}

/// The answer.
#[derive(Serialize)]
pub struct Details {
    /// The item.
    pub item: Item,
    /// Usual cost of one purchase unit, for those who may see it.
    pub purchase_price: Option<Price>,
    /// Units of its own.
    pub units: Vec<ItemUnit>,
    /// Its barcodes, archived ones too.
    pub barcodes: Vec<Barcode>,
    /// Its prices on all lists.
    pub prices: Vec<PriceRow>,
}

impl Query for ItemDetails {
    const NAME: &'static str = "catalog.item";
    const NEEDS: Permission = Permission::Read;
    type Output = Details;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Details> {
        let item = api::item(tx, self.id)?;
        let purchase_price = api::purchase_price(tx, cx.actor, self.id)?;
        let units = tx.find_all(&["item"], vals![self.id])?;
        let barcodes = tx.find_all(&["item"], vals![self.id])?;
        let prices = tx.find_all(&["item"], vals![self.id])?;
        Ok(Details { item, purchase_price, units, barcodes, prices })
    }
}

/// What an item costs.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ItemPrice {
    /// The item.
    pub item: Id<Item>,
    /// The customer's price list.
    pub list: Option<Id<PriceList>>,
    /// The unit; the item's sales unit when absent.
    pub unit: Option<Code>,
    /// How many; one when absent.
    pub quantity: Option<Quantity>,
    /// The day.
    pub date: Date,
    /// The currency; the company's when absent.
    pub currency: Option<Currency>,
}

impl Query for ItemPrice {
    const NAME: &'static str = "catalog.price";
    const NEEDS: Permission = Permission::Read;
    type Output = PriceFound;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<PriceFound> {
        let item = api::item(tx, self.item)?;
        let currency = match self.currency {
            Some(currency) => currency,
            None => crate::identity::api::company(tx)?.currency,
        };
        let unit = self.unit.or_else(|| item.sales_unit.clone()).unwrap_or_else(|| item.base_unit.clone());
        api::price_for(tx, &item, self.list, &unit, self.quantity.unwrap_or(Quantity::ONE), self.date, currency)
    }
}

/// What a scanned code means; null when nothing has it.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Scan {
    /// What the scanner read.
    pub code: Code,
}

impl Query for Scan {
    const NAME: &'static str = "catalog.scan";
    const NEEDS: Permission = Permission::Read;
    type Output = Option<BarcodeHit>;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Self::Output> {
        api::by_barcode(tx, &self.code)
    }
}
