//! Snapshots: copies of a server's books for new devices, with the rows of their scopes.

use std::path::Path;

use super::storage::Storage;
use super::{App, records, scopes};
use crate::daybook::digest::Digests;
use crate::daybook::log;
use crate::daybook::state::{self, Followed, Part};
use crate::db::{Books, Mode, TableCopy, Tx};
use crate::shared::error::Result;
use crate::shared::record::RecordEntry;

/// A copy of the books for a new device.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The position of the log at which it was made.
    pub pos: i64,
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
        Ok(Snapshot { pos: stand.followed.cursor, rows })
    }
    /// Row by row, from a database that is no file.
    #[cfg(feature = "postgres")]
    fn copy_by_rows(&self, target: Books, scopes: &[String]) -> Result<(Books, Stand, i64)> {
        let (stand, rows) = self.storage.read(|from| {
            let stand = Stand::read(from, scopes)?;
            let rows = target.replay(|to| held(scopes).filter(|record| !record.view).try_fold(0, |rows, record| Ok(rows + copy_rows(from, to, record)?)))?;
            Ok((stand, rows))
        })?;
        Ok((target, stand, rows))
    }
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
    let target = Books::open(&path, Mode::Write)?;
    target.leave_out(&scopes::absent_without(scopes))?;
    Ok((target, stand, rows))
}

/// The records that a device with `scopes` holds.
fn held(scopes: &[String]) -> impl Iterator<Item = &'static RecordEntry> {
    records().filter(move |record| scopes.iter().any(|scope| scope == record.scope()))
}

impl Stand {
    fn read(from: &mut Tx<'_>, scopes: &[String]) -> Result<Self> {
        let pos: i64 = from.one("SELECT coalesce(max(pos), 0) FROM log_entry", &[])?;
        let followed = Followed { cursor: pos, chain: log::chain_at(from, pos)?.unwrap_or_default(), scopes: scopes.to_vec() };
        Ok(Stand { followed, digests: if pos == 0 { Digests::new() } else { log::digests_at(from, pos, scopes)? } })
    }
}

#[cfg(feature = "postgres")]
fn copy_rows(from: &mut Tx<'_>, to: &mut Tx<'_>, record: &RecordEntry) -> Result<i64> {
    let columns: Vec<String> = record.columns.iter().map(|column| format!("\"{column}\"")).collect();
    super::server::copy_table(from, to, record.table, &columns.join(", "))
}
