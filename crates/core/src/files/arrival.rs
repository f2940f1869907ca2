//! Content that comes in pieces, at a server or a device. It becomes content of the books once all of it is
//! there and has the hash that it is named by; what has not is forgotten.

use super::content::{self, CHUNK, FILE_MAX};
use crate::daybook::wire::FilePiece;
use crate::db::Tx;
use crate::planted::{self, Defect};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Instant};
use crate::vals;

/// How long pieces are kept that are followed by no other, in ms.
const STALLED_KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What a piece led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// So many pieces are here now.
    Pieces(i64),
    /// The content is whole.
    Whole,
    /// The whole has another hash; its pieces are forgotten.
    Altered,
}

/// The hash that `text` writes; `file.unknown` when it is none, as for one that nothing has.
pub fn hash_of(text: &str) -> Result<Code> {
    let plain = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if plain { Code::new(text) } else { Err(content::unknown(&text.chars().take(64).collect::<String>())) }
}

/// How many pieces content of `size` bytes has.
pub fn pieces_of(size: i64) -> i64 {
    let chunk = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    size.saturating_add(chunk - 1) / chunk
}

/// How many pieces of content that is not whole yet are here.
pub fn pieces(tx: &mut Tx<'_>, hash: &Code) -> Result<i64> {
    tx.one("SELECT coalesce(max(n), 0) FROM file_piece WHERE hash = ?1", vals![*hash])
}

/// Takes a piece. One that is here already changes nothing; `file.gap` for one that comes before its turn.
pub fn take(tx: &mut Tx<'_>, now: Instant, piece: &FilePiece) -> Result<Arrived> {
    let hash = hash_of(&piece.hash)?;
    if content::find(tx, &hash)?.is_some() {
        return Ok(Arrived::Whole);
    }
    check_shape(piece)?;
    begin(tx, now, &hash, piece.size)?;
    let here = pieces(tx, &hash)?;
    if piece.n <= here {
        return Ok(Arrived::Pieces(here));
    }
    if piece.n > here + 1 {
        return Err(Error::new(Kind::Conflict, "file.gap").arg("expected", here + 1));
    }
    tx.run("INSERT INTO file_piece (hash, n, bytes) VALUES (?1, ?2, ?3)", vals![hash, piece.n, piece.bytes.to_vec()])?;
    tx.run("UPDATE file_arriving SET came_at = ?2 WHERE hash = ?1", vals![hash, now])?;
    if piece.n < pieces_of(piece.size) { Ok(Arrived::Pieces(piece.n)) } else { finish(tx, now, &hash, piece.size) }
}

/// Forgets what came of content so far.
pub fn forget(tx: &mut Tx<'_>, hash: &Code) -> Result<()> {
    tx.run("DELETE FROM file_piece WHERE hash = ?1", vals![*hash])?;
    tx.run("DELETE FROM file_arriving WHERE hash = ?1", vals![*hash]).map(drop)
}

/// `file.altered` unless the piece has the length that its place in a whole of this size says.
fn check_shape(piece: &FilePiece) -> Result<()> {
    content::check_size(usize::try_from(piece.size).unwrap_or(FILE_MAX + 1))?;
    let (last, chunk) = (pieces_of(piece.size), i64::try_from(CHUNK).unwrap_or(i64::MAX));
    let right = if piece.n == last { piece.size - (last - 1) * chunk } else { chunk };
    let length = i64::try_from(piece.bytes.len()).unwrap_or(i64::MAX);
    if (1..=last).contains(&piece.n) && length == right { Ok(()) } else { Err(altered(&piece.hash)) }
}

/// The error of content that is not what its name says.
pub fn altered(hash: impl std::fmt::Display) -> Error {
    Error::invalid("file.altered").arg("hash", hash)
}

fn begin(tx: &mut Tx<'_>, now: Instant, hash: &Code, size: i64) -> Result<()> {
    let begun: Option<(i64,)> = tx.opt("SELECT size FROM file_arriving WHERE hash = ?1", vals![*hash])?;
    match begun {
        Some((begun,)) if begun == size => Ok(()),
        Some(_) => Err(altered(hash)),
        None => {
            forget_stalled(tx, Instant::from_millis(now.millis() - STALLED_KEPT_MS))?;
            tx.run("INSERT INTO file_arriving (hash, size, came_at) VALUES (?1, ?2, ?3)", vals![*hash, size, now]).map(drop)
        }
    }
}

fn forget_stalled(tx: &mut Tx<'_>, before: Instant) -> Result<()> {
    let stalled: Vec<(Code,)> = tx.all("SELECT hash FROM file_arriving WHERE came_at < ?1", vals![before])?;
    stalled.iter().try_for_each(|(hash,)| forget(tx, hash))
}

/// Makes content of the pieces, when they have its hash.
fn finish(tx: &mut Tx<'_>, now: Instant, hash: &Code, size: i64) -> Result<Arrived> {
    let mut hasher = blake3::Hasher::new();
    for n in 1..=pieces_of(size) {
        let bytes: Option<(Vec<u8>,)> = tx.opt("SELECT bytes FROM file_piece WHERE hash = ?1 AND n = ?2", vals![*hash, n])?;
        if let Some((bytes,)) = bytes {
            hasher.update(&bytes);
        }
    }
    let right = hasher.finalize().to_hex().as_str() == hash.as_str() || planted::has(Defect::TrustPieces);
    if right {
        content::sweep_unnamed(tx, now)?;
        tx.run("INSERT INTO file_content (hash, size, stored_at) VALUES (?1, ?2, ?3)", vals![*hash, size, now])?;
        tx.run("INSERT INTO file_chunk (hash, n, bytes) SELECT hash, n, bytes FROM file_piece WHERE hash = ?1", vals![*hash])?;
    }
    forget(tx, hash)?;
    Ok(if right { Arrived::Whole } else { Arrived::Altered })
}
