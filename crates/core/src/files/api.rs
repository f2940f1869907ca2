//! What the app and later modules ask of files.

pub use super::content::{check_size, copy, read, store, verify};
use super::model::{Attachment, StoredFile};
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id};
use crate::vals;

/// `file.unknown` unless the books have this content, in this size. A command that runs again was checked
/// the first time: its content may still be on its way.
pub fn check(tx: &mut Tx<'_>, cx: &Context, file: &StoredFile) -> Result<()> {
    if cx.redo || super::content::find(tx, &file.hash)? == Some(file.size) {
        return Ok(());
    }
    Err(Error::new(Kind::NotFound, "file.unknown").arg("hash", &file.hash).field("hash"))
}

/// The files of something, in their order.
pub fn files_of<T>(tx: &mut Tx<'_>, kind: &Code, subject: Id<T>) -> Result<Vec<Attachment>> {
    tx.find_all(&["subject_kind", "subject"], vals![*kind, subject])
}
