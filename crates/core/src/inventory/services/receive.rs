//! Receives goods at a known cost, before purchase orders exist: opening stock and simple deliveries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Moved;
use crate::catalog::Item;
use crate::db::Tx;
use crate::inventory::api::{self, Document, Goods, LocationKind};
use crate::ledger::api::Role;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Date, Id, Minor, Name, Permission, Price, Quantity};

/// Receives goods at a known cost.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Receive {
    /// The business date; today when absent.
    pub date: Option<Date>,
    /// Code of the location; the first store when absent.
    pub location: Option<Code>,
    /// What came.
    pub lines: Vec<ReceiveLine>,
    /// What the goods stand against: `goods_received_not_billed` unless this is opening stock.
    #[serde(default)]
    pub opening: bool,
    /// The supplier's delivery note or another remark.
    #[serde(default)]
    pub reference: Name,
}

/// One line of a receipt.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ReceiveLine {
    /// The item.
    pub item: Id<Item>,
    /// How much, in the base unit.
    pub quantity: Quantity,
    /// Cost of one unit, in the base currency.
    pub unit_cost: Price,
}

impl Command for Receive {
    const NAME: &'static str = "inventory.receive";
    const NEEDS: Permission = Permission::Stock;
    const CLASS: Class = Class::Fact;
    type Output = Moved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Moved> {
        if self.lines.is_empty() {
            return Err(Error::invalid("document.no_lines").field("lines"));
        }
        let date = self.date.map_or_else(|| cx.today(), Ok)?;
        let document = Document { source: "receipt", id: cx.id("receipt"), date, reason: self.reference.clone() };
        let store = match &self.location {
            Some(code) => api::location(tx, code).map_err(|e| e.field("location"))?,
            None => api::location_of(tx, LocationKind::Storage)?,
        };
        let goods = self.goods(tx)?;
        let supplier = api::location_of(tx, LocationKind::Supplier)?;
        let effect = api::transfer(tx, cx, &document, &supplier, &store, &goods)?;
        let other = if self.opening { Role::OpeningBalance } else { Role::GoodsReceivedNotBilled };
        api::post_effect(tx, cx, &document, effect, other, &self.reference)?;
        Ok(Moved::of(tx, cx, &document, effect))
    }
}

impl Receive {
    fn goods(&self, tx: &mut Tx<'_>) -> Result<Vec<Goods>> {
        let digits = crate::identity::api::company(tx)?.currency.digits();
        let mut goods = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.iter().enumerate() {
            let at = |e: Error| e.within(format!("lines[{place}]"));
            crate::catalog::api::mark_used(tx, line.item).map_err(at)?;
            if line.quantity.is_negative() || line.quantity.is_zero() {
                return Err(at(Error::invalid("stock.quantity").arg("quantity", line.quantity).field("quantity")));
            }
            if line.unit_cost < Price::ZERO {
                return Err(at(Error::invalid("stock.cost").field("unit_cost")));
            }
            let value = Minor::extend(line.quantity, line.unit_cost, Quantity::ONE, digits).map_err(at)?;
            let line_no = i64::try_from(place).unwrap_or_default() + 1;
            goods.push(Goods { item: line.item, quantity: line.quantity, line: line_no, value: Some(value) });
        }
        Ok(goods)
    }
}
