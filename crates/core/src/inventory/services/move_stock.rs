//! Moves goods between two places of the firm. Changes no value.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Moved;
use crate::catalog::Item;
use crate::db::Tx;
use crate::inventory::api::{self, Document, Goods};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Date, Id, Name, Permission, Quantity};

/// Moves goods between two places of the firm.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct MoveStock {
    /// The business date; today when absent.
    pub date: Option<Date>,
    /// The item.
    pub item: Id<Item>,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// Code of the place it leaves.
    pub from: Code,
    /// Code of the place it goes to.
    pub to: Code,
    /// Why.
    #[serde(default)]
    pub reason: Name,
}

impl Command for MoveStock {
    const NAME: &'static str = "inventory.move_stock";
    const NEEDS: Permission = Permission::Stock;
    const CLASS: Class = Class::Fact;
    type Output = Moved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Moved> {
        let from = api::location(tx, &self.from).map_err(|e| e.field("from"))?;
        let to = api::location(tx, &self.to).map_err(|e| e.field("to"))?;
        for (place, field) in [(&from, "from"), (&to, "to")] {
            if !place.kind.owned() {
                return Err(Error::invalid("location.not_owned").arg("code", &place.code).field(field));
            }
        }
        if from.id == to.id {
            return Err(Error::invalid("location.same").field("to"));
        }
        crate::catalog::api::mark_used(tx, self.item)?;
        let date = self.date.map_or_else(|| cx.today(), Ok)?;
        let document = Document { source: "transfer", id: cx.id("transfer"), date, reason: self.reason };
        let goods = [Goods { item: self.item, quantity: self.quantity, line: 1, value: None }];
        let effect = api::transfer(tx, cx, &document, &from, &to, &goods)?;
        Ok(Moved::of(tx, cx, &document, effect))
    }
}
