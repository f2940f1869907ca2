//! Row images: how rows travel in the feed, and how they are put into the books of a device. An image
//! is `[table, row]`; a row that is gone is `[table, null, key]`.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};

use super::digest::Digests;
use super::rebase;
use crate::db::{ChangeLog, Tx, decode_row, encode_row, row_digest};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// A row as the server left it.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The table.
    pub table: String,
    /// The row; `None` when it is gone.
    pub row: Option<Vec<Val>>,
    /// Its key, when it is gone.
    pub key: Vec<Val>,
}

/// Whether more images may follow `size` bytes of them when `most` are wanted; one step always may.
pub(super) fn fits(size: usize, most: u64) -> bool {
    u64::try_from(size).is_ok_and(|size| size < most.max(1))
}

/// The images of what changed: for each scope how many, and their bytes.
pub fn encode_images(log: &ChangeLog, scope_of: impl Fn(&str) -> Result<&'static str>) -> Result<BTreeMap<&'static str, (i64, Vec<u8>)>> {
    let mut scopes: BTreeMap<&'static str, (i64, Vec<u8>)> = BTreeMap::new();
    let fail = |e: minicbor::encode::Error<std::convert::Infallible>| Error::internal("undo.encode").caused_by(e);
    for change in log.changes() {
        let (count, bytes) = scopes.entry(scope_of(change.table)?).or_default();
        *count += 1;
        let mut encoder = Encoder::new(bytes);
        match &change.after {
            Some(_) => encoder.array(2).and_then(|e| e.str(change.table)).map_err(fail).map(drop)?,
            None => encoder.array(3).and_then(|e| e.str(change.table)).map_err(fail).map(drop)?,
        }
        encode_row(&mut encoder, change.after.as_deref()).map_err(fail)?;
        if change.after.is_none() {
            encode_row(&mut encoder, Some(change.key())).map_err(fail)?;
        }
    }
    Ok(scopes)
}

/// Reads the images of one scope.
pub fn decode_images(bytes: &[u8]) -> Result<Vec<Image>> {
    let mut images = Vec::new();
    each_image(bytes, |image, _| {
        images.push(image);
        Ok(())
    })?;
    Ok(images)
}

/// Calls `visit` with every image of one scope and its bytes.
pub fn each_image(bytes: &[u8], mut visit: impl FnMut(Image, &[u8]) -> Result<()>) -> Result<()> {
    let mut decoder = Decoder::new(bytes);
    while decoder.position() < bytes.len() {
        let from = decoder.position();
        let image = decode_image(&mut decoder).map_err(|e| Error::new(Kind::Corrupt, "sync.images").caused_by(e))?;
        visit(image, bytes.get(from..decoder.position()).unwrap_or_default())?;
    }
    Ok(())
}

fn decode_image(decoder: &mut Decoder<'_>) -> std::result::Result<Image, minicbor::decode::Error> {
    let parts = decoder.array()?.unwrap_or_default();
    let table = decoder.str()?.to_owned();
    let row = decode_row(decoder)?;
    let key = if parts == 3 { decode_row(decoder)?.unwrap_or_default() } else { Vec::new() };
    Ok(Image { table, row, key })
}

/// Puts an image into the books and follows the digest of its scope. The row that is there now must be
/// a confirmed one: what is pending is taken back before, or touches other rows.
pub fn put(tx: &mut Tx<'_>, image: Image, record: &RecordEntry, digests: &mut Digests) -> Result<()> {
    let key = image.row.as_deref().map_or(image.key.as_slice(), |row| row.get(..record.keys).unwrap_or_default());
    let current = rebase::current_row(tx, record, key)?;
    let digest = digests.entry(record.scope().to_owned()).or_default();
    if let Some(row) = &current {
        *digest = digest.wrapping_sub(row_digest(record.table, row)?);
    }
    if let Some(row) = &image.row {
        if row.len() != record.columns.len() {
            return Err(Error::new(Kind::Incompatible, "sync.images").arg("table", record.table));
        }
        *digest = digest.wrapping_add(row_digest(record.table, row)?);
    }
    rebase::put_back(tx, record, current, image.row)
}
