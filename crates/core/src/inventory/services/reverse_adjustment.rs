//! Takes an adjustment back by moves the other way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Moved, reason};
use crate::db::Tx;
use crate::inventory::api::{self, Document};
use crate::ledger::api::Role;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Name, Permission};
use crate::vals;

/// Takes an adjustment back by moves the other way.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ReverseAdjustment {
    /// The adjustment.
    pub id: Id<()>,
    /// The business date; that of the adjustment when absent.
    pub date: Option<Date>,
    /// Why.
    pub reason: Name,
}

impl Command for ReverseAdjustment {
    const NAME: &'static str = "inventory.reverse_adjustment";
    const NEEDS: Permission = Permission::Stock;
    const CLASS: Class = Class::Fact;
    type Output = Moved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Moved> {
        let made: Option<(Date,)> = tx.opt("SELECT moved_on FROM stock_move WHERE source_id = ?1 AND source = 'adjustment' LIMIT 1", vals![self.id])?;
        let (made,) = made.ok_or_else(|| Error::new(Kind::NotFound, "record.not_found").arg("what", "adjustment"))?;
        let sql = "SELECT count(*) FROM stock_move r JOIN stock_move m ON m.id = r.reverses WHERE m.source_id = ?1";
        if tx.one::<i64>(sql, vals![self.id])? > 0 {
            return Err(Error::new(Kind::State, "adjustment.reversed"));
        }
        let document = Document { source: "adjustment", id: cx.id("adjustment"), date: self.date.unwrap_or(made), reason: reason(&self.reason)? };
        let effect = api::reverse(tx, cx, self.id, &document)?;
        api::post_effect(tx, cx, &document, effect, Role::StockGainLoss, &self.reason)?;
        Ok(Moved::of(tx, cx, &document, effect))
    }
}
