//! What the one path for everything does after a command: it notes what the person may undo.

use super::changes::{Change, encode};
use super::model::{Step, StepCost};
use super::trail::{forget_undone, keep, prune, trail_of};
use crate::app::register;
use crate::db::{self, Tx};
use crate::shared::command::CommandEntry;
use crate::shared::error::Result;
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;
use crate::shared::{Code, Context, Permission};

/// Notes what `command` changed as a step of its actor, if it is one that may be undone. Steps of a batch are undone
/// as a batch. A new step forgets those that were undone before it.
pub fn note(tx: &mut Tx<'_>, cx: &Context, command: &CommandEntry) -> Result<()> {
    if !command.undoable || cx.batched || tx.log().is_empty() {
        return Ok(());
    }
    let Some((open, costs)) = changes_of(tx)? else { return Ok(()) };
    let (old, mut trail) = trail_of(tx, cx.actor)?;
    forget_undone(tx, &mut trail)?;
    trail.last += 1;
    let changes = encode(&open)?;
    trail.size += size_of(&changes);
    let name = Code::new(command.name)?;
    tx.insert(&Step { actor: cx.actor, n: trail.last, command: cx.command, name, done_at: cx.now, undone: 0, changes })?;
    if !costs.is_empty() {
        tx.insert(&StepCost { actor: cx.actor, n: trail.last, changes: encode(&costs)? })?;
    }
    prune(tx, &mut trail)?;
    keep(tx, old, &trail)
}

/// Bytes, as they count for the trail.
pub(super) fn size_of(changes: &[u8]) -> i64 {
    i64::try_from(changes.len()).unwrap_or(i64::MAX)
}

/// What was changed so far, what everybody sees and what needs the sight of costs; `None` when some of it may not be
/// undone.
fn changes_of(tx: &Tx<'_>) -> Result<Option<(Vec<Change>, Vec<Change>)>> {
    let (mut open, mut costs) = (Vec::new(), Vec::new());
    for change in tx.log().changes() {
        let record = register().record(change.table)?;
        if !is_undoable(record, change) {
            return Ok(None);
        }
        match record.needs {
            Permission::Read => open.push(Change::of(change)),
            Permission::SeeCosts => costs.push(Change::of(change)),
            // There is no place for what others must not see.
            _ => return Ok(None),
        }
    }
    Ok(Some((open, costs)))
}

/// Whether a row may be put back: one of a record that says so, and not one that was final when it was written.
fn is_undoable(record: &RecordEntry, change: &db::Change) -> bool {
    let Some(revisable) = record.revisable else { return false };
    let flag = revisable.stands.and_then(|(flag, _)| change.columns.iter().position(|column| *column == flag));
    let is_set = |row: &Option<Vec<Val>>| row.as_ref().zip(flag).is_some_and(|(row, flag)| row.get(flag) == Some(&Val::Int(1)));
    change.before.is_some() || !is_set(&change.after)
}
