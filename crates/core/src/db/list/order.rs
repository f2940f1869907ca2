//! The order of a list and where its pages end. A page begins after the values that the one before ended
//! with: the order's columns, then the key's, so that no two rows stand in the same place.

use sea_query::{Alias, Cond, Expr, ExprTrait, NullOrdering, Order, SelectStatement};
use serde_json::{Map, Value};

use super::values::{read_value, show_value, to_sea};
use super::{Cursor, ListQuery, unknown_field};
use crate::shared::error::{Error, Result};
use crate::shared::record::{Field, RecordEntry};
use crate::shared::value::{FieldKind, Val};

/// The columns that a list is ordered by, all in one direction; the key's columns end it.
pub(super) struct Sorting<'f> {
    steps: Vec<(usize, &'f Field)>,
    descending: bool,
}

impl<'f> Sorting<'f> {
    /// The order that is asked for, else the record's own. The first column of the record's own order
    /// brings the others with it, so that it can be read from either end.
    /// `list.unknown_field` for a column that is not there or cannot be compared.
    pub(super) fn of(record: &RecordEntry, fields: &'f [Field], query: &ListQuery) -> Result<Self> {
        let own = record.order;
        let (named, descending): (Vec<&str>, bool) = match query.sort.as_deref() {
            None => (own.columns.to_vec(), own.descending != query.descending),
            Some(name) if own.columns.first() == Some(&name) => (own.columns.to_vec(), query.descending),
            Some(name) => (vec![name], query.descending),
        };
        let mut steps: Vec<(usize, &Field)> = Vec::new();
        for name in named.into_iter().chain(record.columns.iter().take(record.keys).copied()) {
            let unknown = || unknown_field(name, fields).field("sort");
            let step = (0..).zip(fields).find(|(_, field)| field.name == name && field.kind != FieldKind::Bytes).ok_or_else(unknown)?;
            if steps.iter().all(|(place, _)| *place != step.0) {
                steps.push(step);
            }
        }
        Ok(Sorting { steps, descending })
    }

    /// Orders the rows. What is empty stands before everything else, and last the other way round.
    pub(super) fn apply(&self, statement: &mut SelectStatement) {
        let (order, nulls) = if self.descending { (Order::Desc, NullOrdering::Last) } else { (Order::Asc, NullOrdering::First) };
        for (_, field) in &self.steps {
            if field.optional {
                statement.order_by_with_nulls(Alias::new(field.name), order.clone(), nulls);
            } else {
                statement.order_by(Alias::new(field.name), order.clone());
            }
        }
    }

    /// Begins after the row that `cursor` names; `list.cursor` when it was given out for another list.
    pub(super) fn begin_after(&self, statement: &mut SelectStatement, cursor: &Cursor) -> Result<()> {
        let bad = || Error::invalid("list.cursor").field("after");
        let read = |field: &Field| read_value(field, cursor.get(field.name).ok_or_else(bad)?).map_err(|_| bad());
        let values = self.steps.iter().map(|(_, field)| read(field)).collect::<Result<Vec<Val>>>()?;
        let (Some((_, first)), Some(value)) = (self.steps.first(), values.first()) else { return Err(bad()) };
        if !first.optional {
            statement.and_where(self.row_after(0, &values));
            return Ok(());
        }
        let column = || Expr::col(Alias::new(first.name));
        let (beyond, same) = match (value, self.descending) {
            (Val::Null, false) => (Some(column().is_not_null()), column().is_null()),
            (Val::Null, true) => (None, column().is_null()),
            (_, false) => (Some(column().gt(to_sea(value.clone()))), column().eq(to_sea(value.clone()))),
            (_, true) => (Some(column().lt(to_sea(value.clone())).or(column().is_null())), column().eq(to_sea(value.clone()))),
        };
        let mut any = Cond::any().add(Cond::all().add(same).add(self.row_after(1, &values)));
        if let Some(beyond) = beyond {
            any = any.add(beyond);
        }
        statement.cond_where(any);
        Ok(())
    }

    /// `(a, b, id) > (?, ?, ?)` from the `from`-th column on: both databases seek it in an index.
    fn row_after(&self, from: usize, values: &[Val]) -> Expr {
        let columns = Expr::tuple(self.steps.iter().skip(from).map(|(_, field)| Expr::col(Alias::new(field.name))));
        let values = Expr::tuple(values.iter().skip(from).map(|value| Expr::value(to_sea(value.clone()))));
        if self.descending { columns.lt(values) } else { columns.gt(values) }
    }

    /// Where a page ends that has `row` as its last.
    pub(super) fn cursor(&self, row: &[Val]) -> Cursor {
        let shown = |(place, field): &(usize, &Field)| {
            let value = row.get(*place).map_or(Value::Null, |val| show_value(field.kind, val));
            (field.name.to_owned(), value)
        };
        Value::Object(self.steps.iter().map(shown).collect::<Map<String, Value>>())
    }
}
