//! Says how many base units a unit of one item is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::model::{Item, ItemUnit};
use crate::catalog::{api, units};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Permission};
use crate::vals;

/// Says how many base units one unit of an item is, as an exact ratio. Final once the item is used.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SaveItemUnit {
    /// The row to change; found by item and unit when absent.
    pub id: Option<Id<ItemUnit>>,
    /// The item.
    pub item: Id<Item>,
    /// The unit: a box, a pallet.
    pub unit: Code,
    /// One unit = numerator / denominator base units.
    pub numerator: i64,
    /// 1 when absent.
    pub denominator: Option<i64>,
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The row.
    pub id: Id<ItemUnit>,
}

impl Command for SaveItemUnit {
    const NAME: &'static str = "catalog.save_item_unit";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let item = api::item(tx, self.item).map_err(|e| e.field("item"))?;
        let denominator = self.denominator.unwrap_or(1);
        if self.numerator <= 0 || denominator <= 0 {
            let field = if self.numerator <= 0 { "numerator" } else { "denominator" };
            return Err(Error::invalid("unit.ratio").field(field));
        }
        units::unit(tx, &self.unit)?;
        if self.unit == item.base_unit {
            return Err(Error::invalid("unit.is_base").arg("unit", &self.unit).arg("item", item.name).field("unit"));
        }
        let old = self.existing(tx)?;
        let id = old.as_ref().map_or_else(|| cx.id("item_unit"), |old| old.id);
        let new = ItemUnit { id, item: self.item, unit: self.unit, numerator: self.numerator, denominator };
        match old {
            None => tx.insert(&new)?,
            Some(old) if item.used && old != new => {
                return Err(Error::new(Kind::State, "item.frozen").arg("name", item.name).arg("field", "unit").field("numerator"));
            }
            Some(old) => tx.update(&old, &new)?,
        }
        Ok(Saved { id })
    }
}

impl SaveItemUnit {
    fn existing(&self, tx: &mut Tx<'_>) -> Result<Option<ItemUnit>> {
        let same: Option<ItemUnit> = tx.find_all(&["item", "unit"], vals![self.item, self.unit])?.into_iter().next();
        let Some(id) = self.id else { return Ok(same) };
        if same.is_some_and(|same| same.id != id) {
            return Err(Error::new(Kind::Conflict, "unit.exists").arg("unit", &self.unit).field("unit"));
        }
        tx.get(vals![id]).map(Some)
    }
}
