//! Northwind, the sample trading company: five tables of its old database become contacts, items,
//! opening stock and documents. Origin and licence of the data: `assets/samples/northwind/README.md`.

mod columns;
mod opening;
mod orders;

pub use opening::Opening;
pub use orders::{Order, OrderLine};

use super::table::Table;
use crate::shared::Currency;
use crate::shared::error::{Error, Result};

/// The tables of Northwind, as CSV.
#[derive(Clone, Copy, Debug)]
pub struct Northwind<'a> {
    /// `customers.csv`.
    pub customers: &'a [u8],
    /// `suppliers.csv`.
    pub suppliers: &'a [u8],
    /// `products.csv`.
    pub products: &'a [u8],
    /// `orders.csv`.
    pub orders: &'a [u8],
    /// `order_lines.csv`.
    pub order_lines: &'a [u8],
}

/// Names of the files, in the order of [`Northwind`].
pub const FILES: [&str; 5] = ["customers.csv", "suppliers.csv", "products.csv", "orders.csv", "order_lines.csv"];

impl Northwind<'static> {
    /// The tables that Daybook ships with.
    pub const SAMPLE: Self = Northwind {
        customers: include_bytes!("../../../../../assets/samples/northwind/customers.csv"),
        suppliers: include_bytes!("../../../../../assets/samples/northwind/suppliers.csv"),
        products: include_bytes!("../../../../../assets/samples/northwind/products.csv"),
        orders: include_bytes!("../../../../../assets/samples/northwind/orders.csv"),
        order_lines: include_bytes!("../../../../../assets/samples/northwind/order_lines.csv"),
    };
}

impl Northwind<'_> {
    /// Reads the orders with their lines, in the order of the file, and the stock they began with.
    /// Amounts are of `currency`. The error names file, row and column.
    pub fn trade(&self, currency: Currency) -> Result<Trade> {
        let lines = read("order_lines.csv", self.order_lines, orders::lines)?;
        let orders = read("orders.csv", self.orders, |table| orders::orders(table, lines, currency))?;
        let opening = read("products.csv", self.products, |table| opening::opening(table, &orders))?;
        let hash = blake3::hash([self.products, self.orders, self.order_lines].concat().as_slice()).to_hex().to_string();
        Ok(Trade { orders, opening, hash })
    }
}

/// What was traded.
#[derive(Debug)]
pub struct Trade {
    /// The orders, in the order of the file.
    pub orders: Vec<Order>,
    /// The stock that the firm began with.
    pub opening: Vec<Opening>,
    /// Hash of the files.
    pub hash: String,
}

fn read<T>(name: &str, bytes: &[u8], work: impl FnOnce(&Table) -> Result<T>) -> Result<T> {
    Table::read(bytes).and_then(|table| work(&table)).map_err(|e: Error| e.within(name))
}
