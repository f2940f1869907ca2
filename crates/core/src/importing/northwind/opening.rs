//! The stock that the firm began with: what it has now and what it has shipped since. What it cost is
//! not in the tables; [`COST_PERCENT`] of the list price is an assumption.

use std::collections::HashMap;

use super::columns::Columns;
use super::orders::Order;
use crate::importing::table::Table;
use crate::shared::error::Result;
use crate::shared::{Code, Price, Quantity};

/// Cost of the opening stock, in percent of the list price. An assumption.
pub const COST_PERCENT: i64 = 60;

/// Opening stock of an item.
#[derive(Debug)]
pub struct Opening {
    /// Code of the item.
    pub item: Code,
    /// How many.
    pub quantity: Quantity,
    /// Cost of one.
    pub unit_cost: Price,
}

/// The opening stock of every product that had any.
pub fn opening(table: &Table, orders: &[Order]) -> Result<Vec<Opening>> {
    let columns = Columns::find(table, ["ProductID", "UnitPrice", "UnitsInStock"])?;
    let shipped = shipped(orders)?;
    let mut all = Vec::with_capacity(table.rows.len());
    for row in columns.rows() {
        let item = row.get("ProductID", Code::new)?;
        let left = row.get("UnitsInStock", Quantity::parse)?;
        let quantity = left.plus(shipped.get(&item).copied().unwrap_or_default())?;
        let unit_cost = row.get("UnitPrice", |text| Price::parse(text)?.times_ratio(COST_PERCENT, 100))?;
        if quantity > Quantity::ZERO {
            all.push(Opening { item, quantity, unit_cost });
        }
    }
    Ok(all)
}

/// What was shipped, by code of the item.
fn shipped(orders: &[Order]) -> Result<HashMap<Code, Quantity>> {
    let mut sums: HashMap<Code, Quantity> = HashMap::new();
    for line in orders.iter().filter(|order| order.shipped.is_some()).flat_map(|order| &order.lines) {
        let sum = sums.entry(line.item.clone()).or_default();
        *sum = sum.plus(line.quantity)?;
    }
    Ok(sums)
}
