//! What stands in the way of undoing, in words of the business.

use super::changes::{Change, decode};
use super::model::Step;
use crate::app::{records, register};
use crate::daybook::rebase::current_row;
use crate::db::Tx;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// `history.posted` when the row belongs to a document that is no draft any more.
pub fn draft(tx: &mut Tx<'_>, record: &RecordEntry, change: &Change) -> Result<()> {
    let Some((table, by)) = record.revisable.and_then(|revisable| revisable.draft_of) else { return Ok(()) };
    let head = register().record(table)?;
    let key = record.columns.iter().position(|column| *column == by).and_then(|place| change.key.get(place));
    let Some(row) = key.map(|key| current_row(tx, head, std::slice::from_ref(key))).transpose()?.flatten() else { return Ok(()) };
    let state = head.columns.iter().position(|column| *column == "state").and_then(|place| row.get(place));
    if state == Some(&Val::Text("draft".to_owned())) { Ok(()) } else { Err(Error::new(Kind::State, "history.posted")) }
}

/// `history.in_use` when a row that stands as it is would go, or change where it may not.
pub fn stands(record: &RecordEntry, change: &Change, current: Option<&[Val]>) -> Result<()> {
    let Some(((flag, columns), row)) = record.revisable.and_then(|revisable| revisable.stands).zip(current) else { return Ok(()) };
    let flag = record.columns.iter().position(|column| *column == flag).and_then(|place| row.get(place));
    let touched = change.is.is_none() || change.columns.iter().any(|column| columns.contains(&column.as_str()));
    if flag == Some(&Val::Int(1)) && touched { Err(in_use()) } else { Ok(()) }
}

/// `history.in_use` when something points to a row that is gone, or whose fixed columns changed.
pub fn unused(tx: &mut Tx<'_>, change: &Change) -> Result<()> {
    let [id] = change.key.as_slice() else { return Ok(()) };
    let record = register().record(&change.table)?;
    let fixed = record.revisable.map(|revisable| revisable.fixed).unwrap_or_default();
    if change.is.is_some() && !change.columns.iter().any(|column| fixed.contains(&column.as_str())) {
        return Ok(());
    }
    for other in records().filter(|other| !other.view) {
        if !tx.holds_table(other.table) {
            continue;
        }
        for field in (other.fields)().iter().filter(|field| field.references == Some(record.table)) {
            let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {} WHERE \"{}\" = ?1 LIMIT 1) AS used", other.table, field.name);
            if tx.one::<i64>(&sql, std::slice::from_ref(id))? > 0 {
                return Err(in_use());
            }
        }
    }
    Ok(())
}

/// The refusal of a row that says something else by now: who changed it, where that is known, and what.
pub fn changed_since(tx: &mut Tx<'_>, actor: UserId, record: &RecordEntry, change: &Change, place: usize) -> Error {
    let column = record.columns.get(place).copied().unwrap_or_default();
    let error = match changed_by(tx, actor, change, column) {
        Ok(Some(who)) => Error::new(Kind::Conflict, "history.changed_since").arg("who", who),
        _ => Error::new(Kind::Conflict, "history.changed"),
    };
    error.record("what", record.table).label("field", &format!("{}.{column}", record.table))
}

fn in_use() -> Error {
    Error::new(Kind::State, "history.in_use")
}

/// The name of the last other person of whom a step says this column of the row.
fn changed_by(tx: &mut Tx<'_>, actor: UserId, change: &Change, column: &str) -> Result<Option<String>> {
    let mut steps: Vec<Step> = tx.find_all(&[], &[])?;
    steps.sort_by_key(|step| std::cmp::Reverse(step.done_at));
    for step in steps.iter().filter(|step| step.actor != actor && step.undone == 0) {
        let says = |other: &Change| other.table == change.table && other.key == change.key && other.columns.iter().any(|name| name == column);
        if decode(&step.changes)?.iter().any(says) {
            return Ok(crate::identity::api::user(tx, step.actor)?.map(|user| user.name.to_string()));
        }
    }
    Ok(None)
}
