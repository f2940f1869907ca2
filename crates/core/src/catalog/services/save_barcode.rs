//! Says which item, and how much of it, a barcode stands for.

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::model::{Barcode, Item};
use crate::catalog::{api, units};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Permission, Quantity};
use crate::vals;

crate::save_args! {
    /// Adds a barcode of an item (no id) or changes one. It stands for one base unit unless it says
    /// otherwise.
    pub struct SaveBarcode of Barcode {
        code: Code,
        unit: Code,
        archived: bool,
    } choose {
        item: Id<Item>,
        quantity: Quantity,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The barcode.
    pub id: Id<Barcode>,
}

impl Command for SaveBarcode {
    const NAME: &'static str = "catalog.save_barcode";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old: Option<Barcode> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut barcode = match &old {
            Some(old) => old.clone(),
            None => Barcode {
                id: cx.id("item_barcode"),
                code: Code::default(),
                item: self.item.ok_or_else(|| Error::invalid("text.required").field("item"))?,
                unit: Code::default(),
                quantity: Quantity::ONE,
                archived: false,
            },
        };
        self.put(&mut barcode);
        settle(tx, &mut barcode)?;
        match old {
            Some(old) => tx.update(&old, &barcode)?,
            None => tx.insert(&barcode)?,
        }
        Ok(Saved { id: barcode.id })
    }
}

fn settle(tx: &mut Tx<'_>, barcode: &mut Barcode) -> Result<()> {
    barcode.code.required("code")?;
    let item = api::item(tx, barcode.item).map_err(|e| e.field("item"))?;
    if barcode.unit.is_empty() {
        barcode.unit = item.base_unit.clone();
    }
    units::ratio(tx, &item, &barcode.unit)?;
    if barcode.quantity.is_negative() || barcode.quantity.is_zero() {
        return Err(Error::invalid("quantity.not_positive").arg("value", barcode.quantity).field("quantity"));
    }
    let same: Vec<Barcode> = tx.find_all(&["code"], vals![barcode.code])?;
    match same.into_iter().find(|other| other.id != barcode.id) {
        Some(other) => {
            let name = api::item(tx, other.item)?.name;
            Err(Error::new(Kind::Conflict, "item.barcode_taken").arg("code", &barcode.code).arg("name", name).field("code"))
        }
        None => Ok(()),
    }
}
