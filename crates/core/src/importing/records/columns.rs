//! The mapped columns of a file, each with all that reading its cells needs.

use super::cells::{self, Style};
use super::links::{Link, Names, NewLink};
use super::target::Target;
use crate::db::Tx;
use crate::importing::dates::DateOrder;
use crate::importing::mapping::Mapping;
use crate::importing::numbers::DecimalSign;
use crate::importing::table::{OrWrong, Table, WrongCell};
use crate::shared::error::{Error, Result};
use crate::shared::record::{Field, RecordEntry};
use crate::shared::value::FieldKind;

/// A column and the field it is read into.
pub struct Column {
    /// The field.
    pub field: Field,
    /// Its name in the file.
    pub header: String,
    place: usize,
    style: Style,
    names: Option<Names>,
}

/// The columns that the mapping names, in the order of the record's fields.
pub fn columns(
    tx: &mut Tx<'_>,
    target: &Target,
    table: &Table,
    mapping: &Mapping,
    record: &dyn Fn(&str) -> Result<&'static RecordEntry>,
) -> Result<Vec<Column>> {
    let currency = crate::identity::api::company(tx)?.currency;
    let mut columns = Vec::new();
    for field in target.fields() {
        let Some(place) = mapping.place(table, field.name) else { continue };
        let order = match (field.kind, &mapping.dates) {
            (FieldKind::Date, Some(word)) => DateOrder::from_word(word)?,
            (FieldKind::Date, None) => DateOrder::detect(table.column(place))?,
            _ => DateOrder::Ymd,
        };
        let style = Style { sign: DecimalSign::detect(table.column(place)), order, currency };
        let names = match field.references.filter(|_| field.kind == FieldKind::Reference) {
            Some(table) => Some(Names::read(tx, record(table)?)?),
            None => None,
        };
        let header = table.header.get(place).cloned().unwrap_or_default();
        columns.push(Column { field, header, place, style, names });
    }
    Ok(columns)
}

impl Column {
    /// The text of its cell in the `row`-th record.
    pub fn text<'t>(&self, table: &'t Table, row: usize) -> &'t str {
        table.cell(row, self.place)
    }
    /// What its cell says; none when it is empty.
    pub fn read(&self, table: &Table, row: usize, made: &mut Vec<NewLink>) -> OrWrong<Option<Link>> {
        let cell = self.text(table, row);
        if cell.is_empty() {
            return Ok(None);
        }
        let value = match &self.names {
            Some(names) => names.link(cell, made),
            None => cells::value(&self.field, self.style, cell).map(Link::Ready),
        };
        value.map(Some).map_err(|e| self.wrong(table, row, e))
    }
    /// Whether its cell says yes.
    pub fn says_yes(&self, table: &Table, row: usize) -> OrWrong<bool> {
        match self.text(table, row) {
            "" => Ok(false),
            cell => cells::yes_or_no(cell).map_err(|e| self.wrong(table, row, e)),
        }
    }
    /// Its cell in the `row`-th record, which is wrong for this reason.
    pub fn wrong(&self, table: &Table, row: usize, reason: Error) -> WrongCell {
        let (column, value) = (self.header.clone(), self.text(table, row).to_owned());
        WrongCell { row: Table::number(row), column, value, field: self.field.name.to_owned(), reason }
    }
}
