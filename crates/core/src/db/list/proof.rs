//! Whether what a search looks into is what the rows say.

use crate::db::portable::Dialect;
use crate::db::tx::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;

/// Proves the copy that the search of a record reads on SQLite; how many rows it has. `verify.search` (kind
/// `corrupt`) when it lacks a row, has one too many, or says something else. PostgreSQL indexes the rows themselves.
pub fn verify_search(tx: &mut Tx<'_>, record: &RecordEntry) -> Result<i64> {
    if tx.dialect() != Dialect::Sqlite || !record.full_text || !tx.holds_table(record.table) {
        return Ok(0);
    }
    let t = record.table;
    let said: i64 = tx.one(&format!("SELECT count(*) FROM {t}_searched"), &[])?;
    let kept: i64 = tx.one(&format!("SELECT count(*) FROM {t}_search"), &[])?;
    let same: i64 = tx.one(&format!("SELECT count(*) FROM {t}_searched r JOIN {t}_search s ON s.id = r.id AND s.text = r.text"), &[])?;
    if said != kept || said != same {
        return Err(Error::new(Kind::Corrupt, "verify.search").arg("record", t).arg("count", said.max(kept) - same));
    }
    Ok(kept)
}
