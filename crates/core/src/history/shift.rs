//! Putting rows back, one by one: each must say what the step left there, and nothing that is final may change.

use super::changes::Change;
use super::check;
use crate::app::register;
use crate::daybook::rebase::{current_row, put_back};
use crate::db::Tx;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// Turns every row from what `was` to what `is`, in this order. `history.changed_since` when one says something else
/// by now, `history.in_use` and `history.posted` when it may not change any more.
pub fn shift(tx: &mut Tx<'_>, actor: UserId, changes: &[Change]) -> Result<()> {
    let held: Vec<&Change> = changes.iter().filter(|change| tx.holds_table(&change.table)).collect();
    held.iter().try_for_each(|change| one(tx, actor, change)).map_err(refusal)?;
    held.iter().try_for_each(|change| check::unused(tx, change))?;
    held.iter().try_for_each(|change| settle(tx, change)).map_err(refusal)
}

fn one(tx: &mut Tx<'_>, actor: UserId, change: &Change) -> Result<()> {
    let record = register().record(&change.table)?;
    let places = change.places(record)?;
    check::draft(tx, record, change)?;
    let current = current_row(tx, record, &change.key)?;
    check::stands(record, change, current.as_deref())?;
    if let Some(place) = differing(current.as_deref(), change, &places) {
        return Err(check::changed_since(tx, actor, record, change, place));
    }
    let target = target(record, current.clone(), change, &places);
    put_back(tx, record, current, target)
}

/// The place of a column that says something else than `was`; the first where the row is gone, or there again.
fn differing(current: Option<&[Val]>, change: &Change, places: &[usize]) -> Option<usize> {
    match (current, &change.was) {
        (Some(row), Some(was)) => places.iter().zip(was).find(|(place, value)| row.get(**place) != Some(value)).map(|(place, _)| *place),
        (None, None) => None,
        _ => Some(0),
    }
}

/// The row as it is to be.
fn target(record: &RecordEntry, current: Option<Vec<Val>>, change: &Change, places: &[usize]) -> Option<Vec<Val>> {
    let is = change.is.as_ref()?;
    let mut row = current.unwrap_or_else(|| vec![Val::Null; record.columns.len()]);
    for (place, value) in places.iter().zip(is) {
        if let Some(cell) = row.get_mut(*place) {
            *cell = value.clone();
        }
    }
    Some(row)
}

/// Has the database look at the rows now: where they are written behind, it would refuse them too late.
fn settle(tx: &mut Tx<'_>, change: &Change) -> Result<()> {
    tx.one::<i64>(&format!("SELECT count(*) FROM {} WHERE 1 = 0", change.table), &[]).map(drop)
}

/// What the database refuses, in words of undoing.
fn refusal(error: Error) -> Error {
    match error.code() {
        "row.exists" => Error::new(Kind::Conflict, "history.taken").caused_by(error),
        "row.missing_link" | "row.final" | "row.check" => Error::new(Kind::State, "history.in_use").caused_by(error),
        _ => error,
    }
}
