//! Puts a price of an item on a list.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::model::{Item, PriceList, PriceRow};
use crate::catalog::{api, check, units};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Currency, Date, Id, Permission, Price, Quantity};
use crate::vals;

crate::save_args! {
    /// Puts a price of an item on a list (no id) or changes one. A new one is for the item's sales unit,
    /// from any quantity on, from today on, in the list's currency unless it says otherwise.
    pub struct SavePrice of PriceRow {
        unit: Code,
        from_quantity: Quantity,
        valid_to: Option<Date>,
    } choose {
        list: Id<PriceList>,
        item: Id<Item>,
        valid_from: Date,
        currency: Currency,
        price: Price,
        includes_tax: bool,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The price.
    pub id: Id<PriceRow>,
}

impl Command for SavePrice {
    const NAME: &'static str = "catalog.save_price";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old: Option<PriceRow> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut row = match &old {
            Some(old) => old.clone(),
            None => self.start(tx, cx)?,
        };
        self.put(&mut row);
        settle(tx, &mut row)?;
        match old {
            Some(old) => tx.update(&old, &row)?,
            None => tx.insert(&row)?,
        }
        Ok(Saved { id: row.id })
    }
}

impl SavePrice {
    fn start(&self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<PriceRow> {
        let missing = |field: &str| Error::invalid("text.required").field(field);
        let list: PriceList = tx.get(vals![self.list.ok_or_else(|| missing("list"))?]).map_err(|e| e.field("list"))?;
        Ok(PriceRow {
            id: cx.id("price"),
            list: list.id,
            item: self.item.ok_or_else(|| missing("item"))?,
            unit: Code::default(),
            from_quantity: Quantity::ZERO,
            valid_from: cx.today()?,
            valid_to: None,
            currency: list.currency,
            price: self.price.ok_or_else(|| missing("price"))?,
            includes_tax: list.includes_tax,
        })
    }
}

fn settle(tx: &mut Tx<'_>, row: &mut PriceRow) -> Result<()> {
    let item = api::item(tx, row.item).map_err(|e| e.field("item"))?;
    if row.unit.is_empty() {
        row.unit = item.sales_unit.clone().unwrap_or_else(|| item.base_unit.clone());
    }
    units::ratio(tx, &item, &row.unit)?;
    check::price(row.price, "price")?;
    if row.from_quantity.is_negative() {
        return Err(Error::invalid("quantity.negative").arg("value", row.from_quantity).field("from_quantity"));
    }
    if row.valid_to.is_some_and(|to| to < row.valid_from) {
        return Err(Error::invalid("date.order").arg("from", row.valid_from).field("valid_to"));
    }
    let same: Vec<PriceRow> = tx.find_all(
        &["list", "item", "unit", "currency", "from_quantity", "valid_from"],
        vals![row.list, row.item, row.unit, row.currency, row.from_quantity, row.valid_from],
    )?;
    if same.iter().any(|other| other.id != row.id) {
        return Err(Error::new(Kind::Conflict, "price.exists").arg("item", item.name).arg("from", row.valid_from).field("valid_from"));
    }
    Ok(())
}
