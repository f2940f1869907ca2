//! The columns of a Northwind table by their names, read cell by cell.

use crate::importing::table::{Table, cell_error};
use crate::shared::Date;
use crate::shared::error::{Error, Result};

/// A table whose columns are known by name.
pub struct Columns<'t, const N: usize> {
    table: &'t Table,
    names: [&'static str; N],
    places: [usize; N],
}

/// One row of it.
pub struct Row<'t, const N: usize> {
    columns: &'t Columns<'t, N>,
    row: usize,
}

impl<'t, const N: usize> Columns<'t, N> {
    /// Finds the columns; `import.unmapped` when one is not there.
    pub fn find(table: &'t Table, names: [&'static str; N]) -> Result<Self> {
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            let found = table.header.iter().position(|header| header.eq_ignore_ascii_case(name));
            *place = found.ok_or_else(|| Error::invalid("import.unmapped").arg("name", name))?;
        }
        Ok(Columns { table, names, places })
    }
    /// The rows.
    pub fn rows(&'t self) -> impl Iterator<Item = Row<'t, N>> {
        (0..self.table.rows.len()).map(move |row| Row { columns: self, row })
    }
}

impl<const N: usize> Row<'_, N> {
    /// Its number in the file; the header is 1.
    pub fn number(&self) -> i64 {
        Table::number(self.row)
    }
    /// The text in the column `name`.
    pub fn text(&self, name: &str) -> &str {
        let columns = self.columns;
        let place = columns.names.iter().position(|known| *known == name).and_then(|n| columns.places.get(n));
        place.map(|place| columns.table.cell(self.row, *place)).unwrap_or_default()
    }
    /// What the column `name` says; `import.cell` when it cannot be read.
    pub fn get<T>(&self, name: &'static str, parse: impl FnOnce(&str) -> Result<T>) -> Result<T> {
        parse(self.text(name)).map_err(|e| self.error(name, &e))
    }
    /// The date in the column `name`; none when it is empty. A time after it is left aside.
    pub fn date(&self, name: &'static str) -> Result<Option<Date>> {
        let day = |text: &str| Date::parse(text.split([' ', 'T']).next().unwrap_or_default());
        if self.text(name).is_empty() { Ok(None) } else { self.get(name, day).map(Some) }
    }
    /// The error of a cell of this row.
    pub fn error(&self, name: &'static str, error: &Error) -> Error {
        cell_error(self.number(), name, error).field(name)
    }
}
