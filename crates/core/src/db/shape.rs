//! A table as the record door knows it.

use crate::shared::value::Val;

/// A table, its columns and its key.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The table.
    pub table: &'static str,
    /// How many leading columns are the key.
    pub keys: usize,
    /// The columns, in the order of the values.
    pub columns: &'static [&'static str],
}

impl Shape {
    /// The key of a row.
    pub(super) fn key<'r>(&self, row: &'r [Val]) -> &'r [Val] {
        row.get(..self.keys).unwrap_or_default()
    }
}
