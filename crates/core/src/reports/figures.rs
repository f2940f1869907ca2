//! Gathers the rows of a report: all of them are added up, as many as asked for are kept.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::spec::{Column, View};
use crate::db::{Tx, show_value};
use crate::shared::error::{Error, Result};
use crate::shared::money::MINOR_MAX;
use crate::shared::value::Val;

/// The rows so far.
pub struct Figures {
    columns: &'static [Column],
    limit: usize,
    count: usize,
    rows: Vec<Value>,
    totals: BTreeMap<&'static str, i64>,
}

impl Figures {
    /// No rows yet; keeps `limit` of those to come.
    pub fn new(view: &View, limit: usize) -> Self {
        let totals = view.columns.iter().filter(|column| column.total).map(|column| (column.name, 0)).collect();
        Figures { columns: view.columns, limit, count: 0, rows: Vec::new(), totals }
    }
    /// Adds a row: one cell per column of the view. `money.overflow` when a total leaves the range.
    pub fn push(&mut self, cells: &[Val]) -> Result<()> {
        self.count += 1;
        for (column, cell) in self.columns.iter().zip(cells).filter(|(column, _)| column.total) {
            let Val::Int(units) = cell else { continue };
            let total = self.totals.entry(column.name).or_default();
            *total = total.saturating_add(*units);
            if total.unsigned_abs() > MINOR_MAX.unsigned_abs() {
                return Err(Error::invalid("money.overflow").arg("value", *total));
            }
        }
        if self.rows.len() < self.limit {
            self.rows.push(row(self.columns, cells));
        }
        Ok(())
    }
    /// How many rows are kept.
    pub fn limit(&self) -> usize {
        self.limit
    }
    /// Takes the first rows from `rows`, whose last parameter is how many are kept, and count and totals
    /// of all from `sums` (one row: the count, then the columns that are added up).
    pub fn first_rows(&mut self, tx: &mut Tx<'_>, sums: &str, rows: &str, values: &[Val]) -> Result<()> {
        tx.each(sums, values, |cells| self.sum_up(&cells))?;
        let limit = Val::Int(i64::try_from(self.limit).unwrap_or(i64::MAX));
        tx.each(rows, &[values, &[limit]].concat(), |cells| {
            self.rows.push(row(self.columns, &cells));
            Ok(())
        })
    }
    fn sum_up(&mut self, cells: &[Val]) -> Result<()> {
        let mut ints = cells.iter().filter_map(|cell| if let Val::Int(int) = cell { Some(*int) } else { None });
        self.count = ints.next().and_then(|count| usize::try_from(count).ok()).unwrap_or_default();
        for (column, units) in self.columns.iter().filter(|column| column.total).zip(ints) {
            if units.unsigned_abs() > MINOR_MAX.unsigned_abs() {
                return Err(Error::invalid("money.overflow").arg("value", units));
            }
            self.totals.insert(column.name, units);
        }
        Ok(())
    }
    /// Sets a total that is not the sum of a column.
    pub fn set_total(&mut self, column: &'static str, units: i64) {
        self.totals.insert(column, units);
    }
    /// The parts of the answer that come from rows.
    pub fn finish(self) -> Map<String, Value> {
        let mut parts = Map::new();
        let columns = self.columns.iter().filter(|column| column.is_shown()).map(Column::describe).collect();
        parts.insert("columns".to_owned(), columns);
        parts.insert("truncated".to_owned(), (self.count > self.rows.len()).into());
        parts.insert("count".to_owned(), self.count.into());
        parts.insert("totals".to_owned(), json!(self.totals));
        parts.insert("rows".to_owned(), Value::Array(self.rows));
        parts
    }
}

fn row(columns: &[Column], cells: &[Val]) -> Value {
    let mut row = Map::new();
    for (column, cell) in columns.iter().zip(cells) {
        row.insert(column.name.to_owned(), show_value(column.kind, cell));
    }
    point_to_record(&mut row);
    Value::Object(row)
}

/// A row of an entry opens the document that made it, where that is a record, or else the entry.
fn point_to_record(row: &mut Map<String, Value>) {
    let Some(entry) = row.remove("_entry") else { return };
    let (source, id) = (row.remove("_source").unwrap_or_default(), row.remove("_source_id").unwrap_or_default());
    if entry.is_null() {
        return;
    }
    let known = source.as_str().filter(|source| !id.is_null() && crate::app::register().record(source).is_ok());
    let (record, id) = match known {
        Some(source) => (Value::from(source), id),
        None => (Value::from("journal_entry"), entry),
    };
    row.insert("_record".to_owned(), record);
    row.insert("_id".to_owned(), id);
}
