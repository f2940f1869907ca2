//! The bytes of files, in pieces, under the hash of the whole. Kernel writes: no command carries them, the
//! daybook, the undo journal and the dump name them by hash alone.

use super::media::{MediaType, clean_name};
use super::model::StoredFile;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Instant};
use crate::vals;

/// The largest file, in bytes.
pub const FILE_MAX: usize = 20 * 1024 * 1024;

/// The largest piece, in bytes.
pub const CHUNK: usize = 256 * 1024;

/// How long content that nothing names is kept, in ms: a person may still be writing the draft.
const UNNAMED_KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Keeps the bytes of a file, once; what nothing has named for a day is let go before.
pub fn store(tx: &mut Tx<'_>, now: Instant, name: &str, media_type: MediaType, bytes: &[u8]) -> Result<StoredFile> {
    check_size(bytes.len())?;
    media_type.check(bytes)?;
    let size = i64::try_from(bytes.len()).map_err(|_| too_large(bytes.len()))?;
    sweep_unnamed(tx, now)?;
    let hash = Code::new(blake3::hash(bytes).to_hex().as_str())?;
    match find(tx, &hash)? {
        Some(_) => tx.run("UPDATE file_content SET stored_at = ?2 WHERE hash = ?1", vals![hash, now]).map(drop)?,
        None => write(tx, &hash, size, now, bytes)?,
    }
    Ok(StoredFile { hash, name: clean_name(name, media_type), media_type, size })
}

/// `file.empty` or `file.too_large` when a file of `bytes` bytes cannot be kept.
pub fn check_size(bytes: usize) -> Result<()> {
    match bytes {
        0 => Err(Error::invalid("file.empty").field("file")),
        bytes if bytes > FILE_MAX => Err(too_large(bytes)),
        _ => Ok(()),
    }
}

fn too_large(bytes: usize) -> Error {
    Error::invalid("file.too_large").arg("size", bytes).arg("max", FILE_MAX).field("file")
}

fn write(tx: &mut Tx<'_>, hash: &Code, size: i64, now: Instant, bytes: &[u8]) -> Result<()> {
    tx.run("INSERT INTO file_content (hash, size, stored_at) VALUES (?1, ?2, ?3)", vals![*hash, size, now])?;
    for (n, chunk) in (1_i64..).zip(bytes.chunks(CHUNK)) {
        tx.run("INSERT INTO file_chunk (hash, n, bytes) VALUES (?1, ?2, ?3)", vals![*hash, n, chunk.to_vec()])?;
    }
    Ok(())
}

/// The size of the content with this hash, if the books have it.
pub fn find(tx: &mut Tx<'_>, hash: &Code) -> Result<Option<i64>> {
    let row: Option<(i64,)> = tx.opt("SELECT size FROM file_content WHERE hash = ?1", vals![*hash])?;
    Ok(row.map(|(size,)| size))
}

/// The bytes of the content with this hash; `file.unknown` when the books do not have it.
pub fn read(tx: &mut Tx<'_>, hash: &Code) -> Result<Vec<u8>> {
    let size = find(tx, hash)?.ok_or_else(|| unknown(hash.as_str()))?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    each_chunk(tx, hash, |chunk| bytes.extend(chunk))?;
    Ok(bytes)
}

/// The error of content that the books do not have.
pub fn unknown(hash: &str) -> Error {
    Error::new(Kind::NotFound, "file.unknown").arg("hash", hash).field("hash")
}

/// Piece `n`, from 1, of content.
pub fn chunk(tx: &mut Tx<'_>, hash: &Code, n: i64) -> Result<Option<Vec<u8>>> {
    Ok(tx.opt::<(Vec<u8>,)>("SELECT bytes FROM file_chunk WHERE hash = ?1 AND n = ?2", vals![*hash, n])?.map(|(bytes,)| bytes))
}

/// Hands over the pieces one by one: never more than one is read at a time.
fn each_chunk(tx: &mut Tx<'_>, hash: &Code, mut take: impl FnMut(Vec<u8>)) -> Result<()> {
    for n in 1_i64.. {
        match chunk(tx, hash, n)? {
            Some(bytes) => take(bytes),
            None => break,
        }
    }
    Ok(())
}

/// Lets go of content that nothing has named for a day. Nothing goes while work waits that may name it.
pub fn sweep_unnamed(tx: &mut Tx<'_>, now: Instant) -> Result<()> {
    let before = Instant::from_millis(now.millis() - UNNAMED_KEPT_MS);
    let unnamed: Vec<(Code,)> = tx.all(include_str!("sql/unnamed.sql"), vals![before])?;
    for (hash,) in unnamed {
        tx.run("DELETE FROM file_scan WHERE hash = ?1", vals![hash])?;
        tx.run("DELETE FROM file_chunk WHERE hash = ?1", vals![hash])?;
        tx.run("DELETE FROM file_content WHERE hash = ?1", vals![hash])?;
    }
    Ok(())
}

/// Recomputes the hash of all content. Answers how many contents there are.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    let all: Vec<(Code, i64)> = tx.all("SELECT hash, size FROM file_content ORDER BY hash", &[])?;
    let mut checked = 0;
    for (hash, size) in all {
        let (mut hasher, mut length) = (blake3::Hasher::new(), 0_i64);
        each_chunk(tx, &hash, |chunk| {
            length += i64::try_from(chunk.len()).unwrap_or_default();
            hasher.update(&chunk);
        })?;
        if length != size || hasher.finalize().to_hex().as_str() != hash.as_str() {
            return Err(Error::new(Kind::Corrupt, "verify.file_content").arg("hash", hash));
        }
        checked += 1;
    }
    Ok(checked)
}

/// `verify.file_missing` when something names content that is not here: in books that are complete in
/// themselves nothing may be.
pub fn verify_complete(tx: &mut Tx<'_>) -> Result<()> {
    match tx.opt::<(String,)>(include_str!("sql/missing.sql"), &[])? {
        Some((name,)) => Err(Error::new(Kind::Corrupt, "verify.file_missing").arg("name", name)),
        None => Ok(()),
    }
}

/// How many contents are named and not here: on their way, or never asked for.
pub fn count_elsewhere(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one(include_str!("sql/elsewhere.sql"), &[])
}

/// Copies all content into other books, for entries that will be replayed there.
pub fn copy(from: &mut Tx<'_>, to: &mut Tx<'_>, now: Instant) -> Result<()> {
    let all: Vec<(Code, i64)> = from.all("SELECT hash, size FROM file_content ORDER BY hash", &[])?;
    for (hash, size) in all {
        if find(to, &hash)?.is_none() {
            let bytes = read(from, &hash)?;
            write(to, &hash, size, now, &bytes)?;
        }
    }
    Ok(())
}
