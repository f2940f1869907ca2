//! When rows must be written before more may change. Rows of several commands go out together, so what one
//! of them did wrong must not be mended by another before the database has seen it: each must come to what it
//! would have come to alone, because devices get its rows one command after the other.

use super::{Behind, Row};
use crate::db::shape::Shape;
use crate::shared::value::Val;

/// What the database watches in a table.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Columns that may not be NULL.
    pub required: Vec<usize>,
    /// Columns that are compared with a number.
    pub bounds: Vec<Bound>,
    /// Columns of all other checks.
    pub checked: Vec<usize>,
    /// Columns that are unique together, beside the key.
    pub uniques: Vec<Vec<usize>>,
    /// Whether a trigger looks at changes.
    pub guarded: bool,
    /// Its foreign keys.
    pub links: Vec<Link>,
}

/// `column >= least`.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The column.
    pub place: usize,
    /// The least value.
    pub least: i64,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub struct Link {
    /// The columns that point.
    pub places: Vec<usize>,
    /// Where to.
    pub parent: String,
    /// The columns there.
    pub columns: Vec<String>,
    /// Whether those are its key.
    pub by_key: bool,
    /// Whether it is looked at when the transaction ends.
    pub deferred: bool,
}

impl Rules {
    /// Whether a row may be stored as far as its own values go.
    pub fn allow(&self, row: &[Val]) -> bool {
        let given = self.required.iter().all(|place| row.get(*place) != Some(&Val::Null));
        given && self.bounds.iter().all(|bound| !matches!(row.get(bound.place), Some(Val::Int(value)) if *value < bound.least))
    }
}

/// The values at `places`; none when one is NULL.
pub(in crate::db) fn values_at(row: &[Val], places: &[usize]) -> Option<Row> {
    let values: Row = places.iter().map(|place| row.get(*place).cloned()).collect::<Option<_>>()?;
    if values.contains(&Val::Null) { None } else { Some(values) }
}

impl Behind {
    /// Whether what waits must be written before `row` is inserted.
    pub fn waits_for_insert(&self, shape: Shape, rules: &Rules, row: &[Val]) -> bool {
        let whole = |link: &Link| link.deferred && link.by_key && values_at(row, &link.places).is_some_and(|key| self.waits_since_before(&link.parent, &key));
        self.waits_since_before(shape.table, shape.key(row)) || rules.links.iter().any(whole)
    }
    /// Whether what waits must be written before a row changes or goes.
    pub fn waits_for_change(&self, shape: Shape, rules: &Rules, old: &[Val], new: Option<&[Val]>) -> bool {
        let differs = |place: &usize| new.is_none_or(|new| new.get(*place) != old.get(*place));
        let watched = new.is_none() || rules.guarded || rules.checked.iter().any(differs);
        let freed = |places: &Vec<usize>| places.iter().any(differs) && values_at(old, places).is_some();
        watched && self.waits_since_before(shape.table, shape.key(old)) || rules.uniques.iter().any(freed) && self.any_waits_since_before(shape.table)
    }
    /// Whether the row waits since a command before this one.
    fn waits_since_before(&self, table: &str, key: &[Val]) -> bool {
        let kept = self.tables.get(table).and_then(|table| table.rows.get(key));
        kept.is_some_and(|kept| kept.waiting && kept.since < self.command)
    }
    fn any_waits_since_before(&self, table: &str) -> bool {
        let Some(table) = self.tables.get(table) else { return false };
        table.waiting.iter().filter_map(|key| table.rows.get(key)).any(|kept| kept.since < self.command)
    }
    /// Whether a row is there as far as is known.
    pub fn is_there(&self, table: &str, key: &[Val]) -> Option<bool> {
        match self.tables.get(table).and_then(|table| table.rows.get(key)) {
            Some(kept) => Some(kept.now.is_some()),
            None => self.seen.get(table).is_some_and(|keys| keys.contains(key)).then_some(true),
        }
    }
    /// Notes that the database has a row.
    pub fn saw(&mut self, table: &str, key: Row) {
        self.seen.entry(table.to_owned()).or_default().insert(key);
    }
}
