//! Orders and their lines.

use std::collections::HashMap;

use super::columns::Columns;
use crate::importing::table::Table;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Currency, Date, Minor, Money, Name, Price, Quantity, Rate};

/// An order.
#[derive(Debug)]
pub struct Order {
    /// Its number.
    pub number: Name,
    /// Code of the customer.
    pub customer: Code,
    /// The day it came in.
    pub ordered: Date,
    /// The day it was shipped; none while it is open.
    pub shipped: Option<Date>,
    /// What the customer pays for the carriage.
    pub freight: Minor,
    /// ISO country the goods go to.
    pub country: Code,
    /// Its lines.
    pub lines: Vec<OrderLine>,
}

/// A line of an order.
#[derive(Debug)]
pub struct OrderLine {
    /// Row of the file of lines; the header is 1.
    pub n: i64,
    /// Code of the item.
    pub item: Code,
    /// Price of one.
    pub price: Price,
    /// How many.
    pub quantity: Quantity,
    /// Discount in percent.
    pub discount: Rate,
}

/// The lines by the number of their order.
pub fn lines(table: &Table) -> Result<HashMap<Name, Vec<OrderLine>>> {
    let columns = Columns::find(table, ["OrderID", "ProductID", "UnitPrice", "Quantity", "Discount"])?;
    let mut lines: HashMap<Name, Vec<OrderLine>> = HashMap::new();
    for row in columns.rows() {
        let line = OrderLine {
            n: row.number(),
            item: row.get("ProductID", Code::new)?,
            price: row.get("UnitPrice", Price::parse)?,
            quantity: row.get("Quantity", Quantity::parse)?,
            discount: row.get("Discount", |text| Rate::parse(text)?.times_ratio(100, 1))?,
        };
        lines.entry(row.get("OrderID", Name::new)?).or_default().push(line);
    }
    Ok(lines)
}

/// The orders. `import.no_order` when a line belongs to none of them.
pub fn orders(table: &Table, mut lines: HashMap<Name, Vec<OrderLine>>, currency: Currency) -> Result<Vec<Order>> {
    let columns = Columns::find(table, ["OrderID", "CustomerID", "OrderDate", "ShippedDate", "Freight", "ShipCountry"])?;
    let mut orders = Vec::with_capacity(table.rows.len());
    for row in columns.rows() {
        let number = row.get("OrderID", Name::new)?;
        let ordered = row.date("OrderDate")?.ok_or_else(|| row.error("OrderDate", &Error::invalid("date.invalid").arg("value", "")))?;
        orders.push(Order {
            customer: row.get("CustomerID", Code::new)?,
            ordered,
            shipped: row.date("ShippedDate")?,
            freight: row.get("Freight", |text| Money::parse(text, currency))?.amount,
            country: row.get("ShipCountry", crate::identity::api::country)?,
            lines: lines.remove(&number).unwrap_or_default(),
            number,
        });
    }
    match lines.into_keys().min() {
        Some(number) => Err(Error::new(Kind::NotFound, "import.no_order").arg("number", number)),
        None => Ok(orders),
    }
}
