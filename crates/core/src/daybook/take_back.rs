//! Many entries taken back at once: a row that a thousand of them changed goes back to what it was before the
//! first, in one step. Every step between must have found what the one before it left.

use std::collections::{BTreeMap, HashMap};

use super::rebase::{current_row, put_back, take_back};
use crate::db::{Shape, Tx, UndoStep, row_hash, row_hash_of};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// The journals of entries, newest first.
pub type Journals = Vec<(i64, Vec<UndoStep>)>;

/// What becomes of one row.
struct Row<'j> {
    /// The newest entry that changed it.
    pos: i64,
    record: &'static RecordEntry,
    key: &'j [Val],
    /// Hash of the row as the newest entry left it.
    after: Option<[u8; 8]>,
    /// The row as it was before the oldest.
    before: Option<&'j Vec<Val>>,
}

impl Row<'_> {
    fn diverged(&self) -> Error {
        Error::new(Kind::Corrupt, "undo.diverged").arg("pos", self.pos).arg("table", self.record.table)
    }
}

/// Takes back the effects of `journals`, which must be those of all entries since the oldest, newest first.
/// Must run inside a replay transaction. `row.exists` when rows must go back one entry after the other, because
/// they changed places: see [`take_back_singly`].
pub fn take_back_all(tx: &mut Tx<'_>, journals: &Journals, record_of: impl Fn(&str) -> Option<&'static RecordEntry>) -> Result<()> {
    let rows = merged(journals, record_of)?;
    let (made, changed): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.after.is_some() && row.before.is_none());
    remove(tx, &made)?;
    // What is put back may take the place of what a change leaves: changes first.
    let (changed, removed): (Vec<_>, Vec<_>) = changed.into_iter().partition(|row| row.after.is_some());
    for row in changed.into_iter().chain(removed) {
        let current = current_row(tx, row.record, row.key)?;
        if hash_of(row.record.table, current.as_ref())? != row.after {
            return Err(row.diverged());
        }
        put_back(tx, row.record, current, row.before.cloned())?;
    }
    tx.take_log();
    Ok(())
}

/// The same entry by entry.
pub fn take_back_singly(tx: &mut Tx<'_>, journals: Journals, record_of: impl Fn(&str) -> Option<&'static RecordEntry> + Copy) -> Result<()> {
    journals.into_iter().try_for_each(|(pos, journal)| take_back(tx, pos, journal, record_of))
}

/// Every row that the journals name, once, in the order in which it was last changed.
fn merged(journals: &Journals, record_of: impl Fn(&str) -> Option<&'static RecordEntry>) -> Result<Vec<Row<'_>>> {
    let mut places: HashMap<(&str, &[Val]), usize> = HashMap::new();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (pos, step) in journals.iter().flat_map(|(pos, journal)| journal.iter().map(move |step| (*pos, step))) {
        let place = *places.entry((&step.table, &step.key)).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(row) if hash_of(row.record.table, row.before)? == step.after => row.before = step.before.as_ref(),
            Some(row) => return Err(row.diverged()),
            None => {
                let record = record_of(&step.table).ok_or_else(|| Error::new(Kind::Corrupt, "undo.table").arg("table", &step.table))?;
                rows.push(Row { pos, record, key: &step.key, after: step.after, before: step.before.as_ref() });
            }
        }
    }
    Ok(rows)
}

/// Removes rows that entries made, table by table.
fn remove(tx: &mut Tx<'_>, made: &[Row<'_>]) -> Result<()> {
    let mut tables: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
    made.iter().for_each(|row| tables.entry(row.record.table).or_default().push(row));
    for rows in tables.into_values() {
        let Some(RecordEntry { table, keys, columns, .. }) = rows.first().map(|row| row.record) else { continue };
        let wanted: Vec<&[Val]> = rows.iter().map(|row| row.key).collect();
        let digests = tx.set_aside(Shape { table, keys: *keys, columns }, &wanted)?;
        let hash_of = |row: &Row<'_>| digests.get(row.key).map(|digest| row_hash_of(*digest));
        if let Some(row) = rows.into_iter().find(|row| hash_of(row) != row.after) {
            return Err(row.diverged());
        }
    }
    Ok(())
}

fn hash_of(table: &str, row: Option<&Vec<Val>>) -> Result<Option<[u8; 8]>> {
    row.map(|row| row_hash(table, row)).transpose()
}
