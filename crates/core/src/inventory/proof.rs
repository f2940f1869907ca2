//! The proof of stock: levels are the sum of their moves, costs agree with levels and layers.

use super::model::ItemCost;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Id, Minor, Quantity};

/// Checks every level and, where the books hold costs, every cost against the moves. The error names the
/// first item that does not fit. Returns how many levels were checked.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    let wrong: Option<(Id<()>, Quantity, Quantity)> = tx.opt(include_str!("sql/wrong_levels.sql"), &[])?;
    if let Some((item, kept, moved)) = wrong {
        return Err(failed("verify.stock_level", item).arg("kept", kept).arg("moved", moved));
    }
    if tx.holds::<ItemCost>() {
        verify_costs(tx)?;
    }
    tx.one("SELECT count(*) FROM stock_level", &[])
}

fn verify_costs(tx: &mut Tx<'_>) -> Result<()> {
    let wrong: Option<(Id<()>, Quantity, Quantity)> = tx.opt(include_str!("sql/wrong_costs.sql"), &[])?;
    match wrong {
        Some((item, kept, moved)) => Err(failed("verify.item_cost", item).arg("kept", kept).arg("moved", moved)),
        None => Ok(()),
    }
}

/// What the firm's stock is worth by its moves: equals the inventory account.
pub fn value(tx: &mut Tx<'_>) -> Result<Minor> {
    tx.one("SELECT CAST(coalesce(sum(value), 0) AS BIGINT) FROM item_cost", &[])
}

fn failed(code: &'static str, item: Id<()>) -> Error {
    Error::new(Kind::Corrupt, code).arg("item", item)
}
