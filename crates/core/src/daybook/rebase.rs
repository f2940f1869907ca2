//! Undo and redo: takes back what entries did, newest first, from their journals; runs them again
//! from their envelopes. A row that is not as the entry left it stops everything: nothing is guessed.

use crate::db::{Tx, UndoStep, decode_undo};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;
use crate::vals;

/// Takes back the effects of the entry at `pos`. Must run inside a replay transaction, newest entry
/// first. The entry itself stays. `undo.no_journal` when it is too old: its journal is gone, or holds rows
/// of an earlier schema.
pub fn undo(tx: &mut Tx<'_>, pos: i64, record_of: impl Fn(&str) -> Option<&'static RecordEntry>) -> Result<()> {
    let journal = journal(tx, pos)?;
    take_back(tx, pos, journal, record_of)
}

/// The same with the journal of the entry, read already.
pub fn take_back(tx: &mut Tx<'_>, pos: i64, journal: Vec<UndoStep>, record_of: impl Fn(&str) -> Option<&'static RecordEntry>) -> Result<()> {
    for step in journal {
        let record = record_of(&step.table).ok_or_else(|| Error::new(Kind::Corrupt, "undo.table").arg("table", &step.table))?;
        let current = current_row(tx, record, &step.key)?;
        let hash = current.as_deref().map(|row| crate::db::row_hash(record.table, row)).transpose()?;
        if hash != step.after {
            return Err(Error::new(Kind::Corrupt, "undo.diverged").arg("pos", pos).arg("table", &step.table));
        }
        put_back(tx, record, current, step.before)?;
    }
    tx.take_log();
    Ok(())
}

/// The undo journal of the entry at `pos`; `undo.no_journal` when it was dropped.
pub fn journal(tx: &mut Tx<'_>, pos: i64) -> Result<Vec<UndoStep>> {
    let schema = crate::db::schema_of(tx)?;
    journal_under(tx, pos, schema)
}

/// The same where the schema is known.
pub fn journal_under(tx: &mut Tx<'_>, pos: i64, schema: i64) -> Result<Vec<UndoStep>> {
    let row: Option<(Vec<u8>,)> = tx.opt("SELECT journal FROM daybook_undo WHERE pos = ?1 AND schema = ?2", vals![pos, schema])?;
    let (journal,) = row.ok_or_else(|| Error::new(Kind::State, "undo.no_journal").arg("pos", pos))?;
    decode_undo(&journal)
}

/// Keeps the undo journal of the entry at `pos`, written under schema `schema`.
pub fn keep(tx: &mut Tx<'_>, pos: i64, schema: i64, journal: Vec<u8>) -> Result<()> {
    tx.run("INSERT INTO daybook_undo (pos, schema, journal) VALUES (?1, ?2, ?3)", vals![pos, schema, journal]).map(drop)
}

/// Drops the journals of entries that will not be undone any more: those up to `pos`.
pub fn forget_until(tx: &mut Tx<'_>, pos: i64) -> Result<()> {
    tx.run("DELETE FROM daybook_undo WHERE pos <= ?1", vals![pos]).map(drop)
}

/// The row with this key as it is now.
pub fn current_row(tx: &mut Tx<'_>, record: &RecordEntry, key: &[Val]) -> Result<Option<Vec<Val>>> {
    tx.find_row(record.table, record.keys, record.columns, key)
}

/// Turns the row `current` into `before`.
pub fn put_back(tx: &mut Tx<'_>, record: &RecordEntry, current: Option<Vec<Val>>, before: Option<Vec<Val>>) -> Result<()> {
    match (current, before) {
        (Some(current), Some(before)) => tx.update_row(record.table, record.keys, record.columns, current, before),
        (Some(current), None) => tx.remove_row(record.table, record.keys, record.columns, current),
        (None, Some(before)) => tx.insert_row(record.table, record.keys, record.columns, before),
        (None, None) => Ok(()),
    }
}

/// Keeps another undo journal of the entry at `pos`, in the place of the one that it has; the same is not written again.
pub fn renew(tx: &mut Tx<'_>, pos: i64, schema: i64, journal: Vec<u8>) -> Result<()> {
    let sql = "INSERT INTO daybook_undo (pos, schema, journal) VALUES (?1, ?2, ?3) \
               ON CONFLICT (pos) DO UPDATE SET schema = excluded.schema, journal = excluded.journal \
               WHERE daybook_undo.schema <> excluded.schema OR daybook_undo.journal <> excluded.journal";
    tx.run(sql, vals![pos, schema, journal]).map(drop)
}

/// Drops the journal of one entry that is settled.
pub fn forget(tx: &mut Tx<'_>, pos: i64) -> Result<()> {
    tx.run("DELETE FROM daybook_undo WHERE pos = ?1", vals![pos]).map(drop)
}
