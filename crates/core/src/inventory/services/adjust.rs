//! Books goods that were lost, used, found or counted: stock against the loss location.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Moved, reason};
use crate::catalog::Item;
use crate::db::Tx;
use crate::inventory::api::{self, Document, Goods, LocationKind};
use crate::ledger::api::Role;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Date, Id, Minor, Name, Permission, Price, Quantity};

/// Books goods that were lost, used, found or counted.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Adjust {
    /// The business date; today when absent.
    pub date: Option<Date>,
    /// The item.
    pub item: Id<Item>,
    /// How much more there is; below zero for less. In the base unit.
    pub quantity: Quantity,
    /// Cost of one unit that was found; the current cost when absent.
    pub unit_cost: Option<Price>,
    /// Code of the location; the first store when absent.
    pub location: Option<Code>,
    /// Why.
    pub reason: Name,
}

impl Command for Adjust {
    const NAME: &'static str = "inventory.adjust";
    const NEEDS: Permission = Permission::Stock;
    const CLASS: Class = Class::Fact;
    type Output = Moved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Moved> {
        self.make(tx, cx)
    }
}

impl Adjust {
    /// Makes the adjustment.
    pub(crate) fn make(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Moved> {
        if self.quantity.is_zero() {
            return Err(Error::invalid("stock.quantity").arg("quantity", self.quantity).field("quantity"));
        }
        crate::catalog::api::mark_used(tx, self.item)?;
        let date = self.date.map_or_else(|| cx.today(), Ok)?;
        let document = Document { source: "adjustment", id: cx.id("adjustment"), date, reason: reason(&self.reason)? };
        let store = match &self.location {
            Some(code) => api::location(tx, code).map_err(|e| e.field("location"))?,
            None => api::location_of(tx, LocationKind::Storage)?,
        };
        let loss = api::location_of(tx, LocationKind::Loss)?;
        let digits = crate::identity::api::company(tx)?.currency.digits();
        let value = self.unit_cost.map(|cost| Minor::extend(self.quantity.abs(), cost, Quantity::ONE, digits)).transpose()?;
        let goods = [Goods { item: self.item, quantity: self.quantity.abs(), line: 1, value }];
        let (from, to) = if self.quantity.is_negative() { (&store, &loss) } else { (&loss, &store) };
        let effect = api::transfer(tx, cx, &document, from, to, &goods)?;
        api::post_effect(tx, cx, &document, effect, Role::StockGainLoss, &self.reason)?;
        Ok(Moved::of(tx, cx, &document, effect))
    }
}
