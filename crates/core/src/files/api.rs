//! What the app and later modules ask of files.

pub use super::arrival::{Arrived, altered, hash_of, pieces_of, take};
pub use super::content::{check_size, chunk, copy, count_elsewhere, find, read, store, unknown, verify, verify_complete};
pub use super::{lane, scan};

use super::model::{Attachment, StoredFile};
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::{Code, Context, Id, Permission};
use crate::vals;

/// `file.unknown` unless the books have this content, in this size, or name it already: then it may be on its
/// way. A command that runs again was checked the first time.
pub fn check(tx: &mut Tx<'_>, cx: &Context, file: &StoredFile) -> Result<()> {
    if cx.redo || find(tx, &file.hash)? == Some(file.size) || is_named(tx, &file.hash, file.size)? {
        return Ok(());
    }
    Err(unknown(file.hash.as_str()))
}

/// Whether something has this file.
pub fn is_named(tx: &mut Tx<'_>, hash: &Code, size: i64) -> Result<bool> {
    let named: Option<(i64,)> = tx.opt("SELECT 1 FROM file_attachment WHERE hash = ?1 AND size = ?2 LIMIT 1", vals![*hash, size])?;
    Ok(named.is_some())
}

/// Whether something has a file with this content, of whatever size.
pub fn is_known(tx: &mut Tx<'_>, hash: &Code) -> Result<bool> {
    let known: Option<(i64,)> = tx.opt("SELECT 1 FROM file_attachment WHERE hash = ?1 LIMIT 1", vals![*hash])?;
    Ok(known.is_some())
}

/// What reading a file needs: to see the ledger when journal entries alone have it.
pub fn reading(tx: &mut Tx<'_>, hash: &Code) -> Result<Permission> {
    let sql = "SELECT count(*), coalesce(sum(CASE WHEN subject_kind = 'journal_entry' THEN 1 ELSE 0 END), 0) FROM file_attachment WHERE hash = ?1";
    let (all, of_entries): (i64, i64) = tx.opt(sql, vals![*hash])?.unwrap_or_default();
    Ok(if all > 0 && all == of_entries { Permission::SeeLedger } else { Permission::Read })
}

/// Bytes of all content, and of what is on its way.
pub fn bytes_kept(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one("SELECT CAST(coalesce((SELECT sum(size) FROM file_content), 0) + coalesce((SELECT sum(size) FROM file_arriving), 0) AS BIGINT)", &[])
}

/// The files of something, in their order.
pub fn files_of<T>(tx: &mut Tx<'_>, kind: &Code, subject: Id<T>) -> Result<Vec<Attachment>> {
    tx.find_all(&["subject_kind", "subject"], vals![*kind, subject])
}
