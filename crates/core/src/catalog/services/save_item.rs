//! Adds an item or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::model::{Item, ItemCategory, PurchasePrice, Tracking};
use crate::catalog::{api, check};
use crate::db::Tx;
use crate::identity::api::authorize;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Name, Note, Permission, Price};
use crate::tax::{ItemKind, TaxClass};
use crate::vals;

/// The unit of new items that name none: one, UN/ECE Recommendation 20.
const ONE: &str = "C62";

crate::save_args! {
    /// Adds an item (no id) or changes one; what is left out stays as it is. Unit, kind and tracking
    /// are final once the item is used. A new item takes its tax class from its category unless it
    /// says its own. The purchase price is for those who may see costs.
    pub struct SaveItem of Item {
        code: Code,
        name: Name,
        description: Note,
        category: Option<Id<ItemCategory>>,
        base_unit: Code,
        sales_unit: Option<Code>,
        purchase_unit: Option<Code>,
        sales_price: Price,
        price_includes_tax: bool,
        standard_id: Code,
        origin_country: Code,
    } choose {
        kind: ItemKind,
        tracking: Tracking,
        tax_class: TaxClass,
    } apart {
        purchase_price: Option<Price>,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The item.
    pub id: Id<Item>,
}

impl Command for SaveItem {
    const NAME: &'static str = "catalog.save_item";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let purchase_price = self.purchase_price;
        let saved = match self.id {
            Some(id) => self.change(tx, id)?,
            None => self.create(tx, cx)?,
        };
        if let Some(price) = purchase_price.value() {
            keep_purchase_price(tx, cx, saved.id, *price)?;
        }
        Ok(saved)
    }
}

/// Keeps at which price an item is bought. Who may not see costs may not say them. An entry that says them
/// all the same when it runs again (its actor has another role now) saves the item, leaves the cost alone and
/// is told.
fn keep_purchase_price(tx: &mut Tx<'_>, cx: &mut Context, item: Id<Item>, price: Option<Price>) -> Result<()> {
    if let Err(denied) = authorize(tx, cx.actor, Permission::SeeCosts) {
        let denied = denied.field("purchase_price");
        if cx.redo {
            cx.except(denied);
            return Ok(());
        }
        return Err(denied);
    }
    check::price(price.unwrap_or_default(), "purchase_price")?;
    if !tx.holds::<PurchasePrice>() {
        return Ok(());
    }
    let old: Option<PurchasePrice> = tx.find(vals![item])?;
    let new = price.map(|purchase_price| PurchasePrice { item, purchase_price });
    match (old, new) {
        (Some(old), Some(new)) => tx.update(&old, &new),
        (Some(old), None) => tx.remove(&old),
        (None, Some(new)) => tx.insert(&new),
        (None, None) => Ok(()),
    }
}

impl SaveItem {
    fn create(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let mut item = empty(cx.id("item"))?;
        let class_given = self.tax_class.is_some();
        self.put(&mut item);
        settle(tx, &mut item)?;
        if let (false, Some(category)) = (class_given, item.category) {
            item.tax_class = api::category(tx, category)?.tax_class.unwrap_or(item.tax_class);
        }
        tx.insert(&item)?;
        Ok(Saved { id: item.id })
    }
    fn change(self, tx: &mut Tx<'_>, id: Id<Item>) -> Result<Saved> {
        let old: Item = tx.get(vals![id])?;
        let mut item = old.clone();
        self.put(&mut item);
        settle(tx, &mut item)?;
        check_final(&old, &item)?;
        tx.update(&old, &item)?;
        Ok(Saved { id })
    }
}

/// Unit, kind and tracking freeze at first use: stock and documents are counted in them.
fn check_final(old: &Item, new: &Item) -> Result<()> {
    let changed = [("base_unit", old.base_unit != new.base_unit), ("kind", old.kind != new.kind), ("tracking", old.tracking != new.tracking)];
    match changed.into_iter().find(|(_, changed)| *changed) {
        Some((field, _)) if old.used => Err(Error::new(Kind::State, "item.frozen").arg("name", &old.name).arg("field", field).field(field)),
        _ => Ok(()),
    }
}

/// Brings the values into their one form and checks them.
fn settle(tx: &mut Tx<'_>, item: &mut Item) -> Result<()> {
    item.code.required("code")?;
    item.name.required("name")?;
    if item.base_unit.is_empty() {
        item.base_unit = Code::new(ONE)?;
    }
    item.sales_unit = item.sales_unit.take().filter(|unit| !unit.is_empty());
    item.purchase_unit = item.purchase_unit.take().filter(|unit| !unit.is_empty());
    check_units(tx, item)?;
    check::price(item.sales_price, "sales_price")?;
    check::gtin(&item.standard_id)?;
    if !item.origin_country.is_empty() {
        item.origin_country = origin(&item.origin_country)?;
    }
    if let Some(category) = item.category {
        api::category(tx, category).map_err(|e| e.field("category"))?;
    }
    if item.kind == ItemKind::Service && item.tracking != Tracking::None {
        return Err(Error::invalid("item.service_tracking").field("tracking"));
    }
    settle_code(tx, item)
}

fn origin(text: &str) -> Result<Code> {
    let unknown = || Error::invalid("country.unknown").arg("value", text).field("origin_country");
    let found = crate::identity::country::find(text).ok_or_else(unknown)?;
    Code::new(&found.code)
}

fn check_units(tx: &mut Tx<'_>, item: &Item) -> Result<()> {
    let all = [("base_unit", Some(&item.base_unit)), ("sales_unit", item.sales_unit.as_ref()), ("purchase_unit", item.purchase_unit.as_ref())];
    for (field, unit) in all {
        if let Some(unit) = unit.filter(|unit| field == "base_unit" || **unit != item.base_unit) {
            let unknown = || Error::invalid("unit.unknown").arg("value", unit).field(field);
            tx.find::<crate::catalog::Unit>(vals![*unit])?.ok_or_else(unknown)?;
        }
    }
    Ok(())
}

/// Codes are unique whatever their case.
fn settle_code(tx: &mut Tx<'_>, item: &mut Item) -> Result<()> {
    item.code_key = Name::new(&item.code.to_uppercase())?;
    match api::by_code(tx, &item.code)? {
        Some(other) if other.id != item.id => Err(Error::new(Kind::Conflict, "item.code_taken").arg("code", &item.code).arg("name", other.name).field("code")),
        _ => Ok(()),
    }
}

fn empty(id: Id<Item>) -> Result<Item> {
    Ok(Item {
        id,
        code: Code::default(),
        code_key: Name::default(),
        name: Name::default(),
        description: Note::default(),
        kind: ItemKind::Goods,
        category: None,
        base_unit: Code::new(ONE)?,
        sales_unit: None,
        purchase_unit: None,
        tracking: Tracking::None,
        tax_class: TaxClass::Standard,
        sales_price: Price::ZERO,
        price_includes_tax: false,
        standard_id: Code::default(),
        origin_country: Code::default(),
        used: false,
        archived: false,
    })
}
