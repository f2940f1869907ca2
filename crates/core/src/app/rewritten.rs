//! What follows a migration that rewrote rows which travel: what was computed from the old rows is computed
//! anew, and what of them this device may not hold goes. Such a migration says so in the state of the books.
//!
//! A server's log holds images of the old rows, so nobody follows it from before the migration: who stands
//! there gets the rows anew. A device with nothing pending stays in step. What is pending cannot be taken back
//! from the rows as they are now (`undo.no_journal`), so its device gets the rows anew too.

use super::storage::Storage;
use super::{records, scopes};
use crate::daybook::digest::of_rows;
use crate::daybook::state::{self, DeviceState, Followed, Part};
use crate::daybook::{log, outbox};
use crate::db::{Absent, Tx, schema_of};
use crate::shared::error::Result;
use crate::vals;

/// Under this name a migration says `rewritten`.
const ROWS: &str = "rows";

/// Brings into line what was computed from rows that a migration rewrote since; again where that was cut
/// short. Runs before the books know what they do not hold.
pub(super) fn settle(storage: &Storage, device: &DeviceState) -> Result<()> {
    if !storage.writable() || !storage.read(is_due)? {
        return Ok(());
    }
    match device.part {
        Part::Alone => storage.write(settled),
        Part::Server => storage.write(of_server),
        Part::Device => storage.replay(of_device),
    }
}

fn is_due(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(state::get(tx, ROWS)?.as_deref() == Some("rewritten"))
}

/// Notes that all is in line. Journals of the old rows undo nothing any more.
fn settled(tx: &mut Tx<'_>) -> Result<()> {
    let schema = schema_of(tx)?;
    tx.run("DELETE FROM daybook_undo WHERE schema <> ?1", vals![schema])?;
    tx.run("DELETE FROM device_state WHERE name = ?1", vals![ROWS.to_owned()]).map(drop)
}

/// Another server on the same books may have been faster.
fn of_server(tx: &mut Tx<'_>) -> Result<()> {
    if !is_due(tx)? {
        return Ok(());
    }
    let head = log::head(tx)?;
    let digests = of_rows(tx, records())?;
    log::keep_digests(tx, &digests)?;
    log::begin_after(tx, head)?;
    settled(tx)
}

/// What is pending counts in no digest: with pending entries they stay as they are, and the next greeting
/// finds that the rows must come anew.
fn of_device(tx: &mut Tx<'_>) -> Result<()> {
    let absent = scopes::absent_without(&Followed::read(tx)?.scopes);
    if !absent.is_empty() {
        give_up(tx, &absent)?;
    }
    if outbox::count(tx)? == 0 {
        let digests = of_rows(tx, records().filter(|record| !absent.has(record.table)))?;
        log::keep_digests(tx, &digests)?;
    }
    settled(tx)
}

/// Removes what the migration put into tables that these books do not hold; the file is written anew at the
/// next greeting.
fn give_up(tx: &mut Tx<'_>, absent: &Absent) -> Result<()> {
    for record in records().filter(|record| absent.has(record.table)) {
        tx.run(&format!("DELETE FROM {}", record.table), &[])?;
    }
    scopes::scrub_later(tx)
}
