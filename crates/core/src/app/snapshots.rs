//! Snapshots: copies of a server's books for new devices, with the rows of their scopes.

use std::path::Path;
#[cfg(feature = "postgres")]
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::storage::Storage;
use super::{App, records, scopes};
use crate::daybook::digest::Digests;
use crate::daybook::log;
use crate::daybook::state::{self, Followed, Part};
use crate::db::{Books, Mode, TableCopy, Tx};
#[cfg(feature = "postgres")]
use crate::shared::error::Error;
use crate::shared::error::Result;
use crate::shared::record::RecordEntry;
#[cfg(feature = "postgres")]
use crate::shared::value::Val;

/// So many rows go from the reader to the writer at once.
#[cfg(feature = "postgres")]
const PART: usize = 1_000;
/// So many parts wait for the writer at most.
#[cfg(feature = "postgres")]
const PARTS_WAIT: usize = 4;

/// A copy of the books for a new device.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The position of the log at which it was made.
    pub pos: i64,
    /// The log's chain hash there: it tells whether a log is the one it was made of.
    pub chain: Vec<u8>,
    /// How many rows it has.
    pub rows: i64,
}

/// Where a snapshot stands: what its device has followed, and the digests there.
struct Stand {
    followed: Followed,
    digests: Digests,
}

impl App {
    /// Writes a copy of these books for a device that holds `scopes`: a books file with their rows, at
    /// the newest position of the log. `sync.no_scopes` for a device that may hold nothing.
    pub fn snapshot(&self, path: &Path, scopes: &[String]) -> Result<Snapshot> {
        if scopes.is_empty() {
            return Err(scopes::no_scopes());
        }
        let target = Books::open(path, Mode::Create)?;
        target.leave_out(&scopes::absent_without(scopes))?;
        let (target, stand, rows) = match &self.storage {
            Storage::Sqlite(source) => copy_file(source, target, scopes)?,
            #[cfg(feature = "postgres")]
            Storage::Postgres(_) => self.copy_by_rows(target, scopes)?,
        };
        target.write(|to| {
            stand.followed.write(to)?;
            log::keep_digests(to, &stand.digests)?;
            state::set(to, "part", Part::Device.word())
        })?;
        target.fold_log()?;
        Ok(Snapshot { pos: stand.followed.cursor, chain: stand.followed.chain, rows })
    }
    /// How many entries of the log came after `pos`, where its chain hash was `chain`. `None` when this is not that
    /// log, or when it cannot be followed from there: a snapshot of then is of no use.
    pub fn entries_since(&self, pos: i64, chain: &[u8]) -> Result<Option<i64>> {
        self.storage.read(|tx| {
            if log::chain_at(tx, pos)?.as_deref() != Some(chain) {
                return Ok(None);
            }
            Ok(Some(log::head(tx)? - pos))
        })
    }
    /// Row by row, from a database that is no file: one thread reads, in one transaction and a part of a table at
    /// a time, another writes.
    #[cfg(feature = "postgres")]
    fn copy_by_rows(&self, target: Books, scopes: &[String]) -> Result<(Books, Stand, i64)> {
        let path = target.path().to_owned();
        drop(target);
        let copy = TableCopy::begin_of_rows(&path)?;
        let (parts, coming) = sync_channel(PARTS_WAIT);
        let (stand, rows) = std::thread::scope(|scope| {
            let writer = scope.spawn(move || write_rows(copy, &coming, scopes));
            let stand = self.storage.read(|from| {
                let stand = Stand::read(from, scopes)?;
                held(scopes).filter(|record| !record.view).try_for_each(|record| read_rows(from, record, &parts))?;
                Ok(stand)
            });
            drop(parts);
            // A writer that failed says why; the reader only finds nobody to give its rows to.
            let rows = writer.join().unwrap_or_else(|_| Err(Error::internal("job.panicked")))?;
            Ok((stand?, rows))
        })?;
        Ok((reopen(&path, scopes)?, stand, rows))
    }
}

/// Rows of a record.
#[cfg(feature = "postgres")]
type Rows = (&'static RecordEntry, Vec<Vec<Val>>);

#[cfg(feature = "postgres")]
fn read_rows(from: &mut Tx<'_>, record: &'static RecordEntry, parts: &SyncSender<Rows>) -> Result<()> {
    let send = |part| parts.send((record, part)).map_err(|e| Error::internal("job.panicked").caused_by(e));
    let mut part = Vec::with_capacity(PART);
    from.each_row(record.table, record.keys, record.columns, |row| {
        part.push(row);
        if part.len() == PART { send(std::mem::replace(&mut part, Vec::with_capacity(PART))) } else { Ok(()) }
    })?;
    send(part)
}

/// Writes what comes, and the indexes over it; how many rows came.
#[cfg(feature = "postgres")]
fn write_rows(copy: TableCopy, coming: &Receiver<Rows>, scopes: &[String]) -> Result<i64> {
    let mut count = 0;
    for (record, rows) in coming {
        copy.rows(record.table, record.columns, &rows)?;
        count += i64::try_from(rows.len()).unwrap_or(i64::MAX);
    }
    for record in held(scopes).filter(|record| record.full_text) {
        copy.build_search(record.table)?;
    }
    copy.finish().map(|()| count)
}

/// Table by table, from file to file.
fn copy_file(source: &Books, target: Books, scopes: &[String]) -> Result<(Books, Stand, i64)> {
    let path = target.path().to_owned();
    drop(target);
    // Both begin while nobody writes, so they see the same position.
    let (copy, stand) = source.paused(|| Ok((TableCopy::begin(&path, source)?, source.read(|from| Stand::read(from, scopes))?)))?;
    let mut rows = 0;
    for record in held(scopes) {
        if !record.view {
            rows += copy.table(record.table)?;
        }
        copy.search(record.table)?;
    }
    copy.finish()?;
    Ok((reopen(&path, scopes)?, stand, rows))
}

fn reopen(path: &Path, scopes: &[String]) -> Result<Books> {
    let target = Books::open(path, Mode::Write)?;
    target.leave_out(&scopes::absent_without(scopes))?;
    Ok(target)
}

/// The records that a device with `scopes` holds.
fn held(scopes: &[String]) -> impl Iterator<Item = &'static RecordEntry> {
    records().filter(move |record| scopes.iter().any(|scope| scope == record.scope()))
}

impl Stand {
    fn read(from: &mut Tx<'_>, scopes: &[String]) -> Result<Self> {
        let pos = log::head(from)?;
        let followed = Followed { cursor: pos, chain: log::chain_at(from, pos)?.unwrap_or_default(), scopes: scopes.to_vec() };
        Ok(Stand { followed, digests: if pos == 0 { Digests::new() } else { log::digests_at(from, pos, scopes)? } })
    }
}
