//! What a server knows of its content: `quarantine → scanning → clean | infected | failed`. Whoever asks is
//! told `unscanned` where the server has no scanner and nothing was found before. With what is clean stands
//! (`said`) which signatures found nothing in it: under others it is looked into again, and stays clean meanwhile.

use serde::Serialize;

use super::{arrival, content};
use crate::daybook::wire::FileWord;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Instant};
use crate::vals;

/// How long a scan may take before it counts as failed, in ms.
const PATIENCE_MS: i64 = 5 * 60 * 1000;
/// The wait after the first failure, in ms; it grows threefold.
const RETRY_MS: i64 = 10_000;
/// The longest wait, in ms.
const RETRY_MAX_MS: i64 = 30 * 60 * 1000;

/// What a scanner said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// This was found.
    Infected(String),
    /// It said nothing that can be relied on, and why.
    Failed(String),
}

/// How a server stands to content.
pub fn word(tx: &mut Tx<'_>, hash: &str, scanned: bool) -> Result<FileWord> {
    let Ok(code) = arrival::hash_of(hash) else { return Ok(absent(hash)) };
    let Some(size) = content::find(tx, &code)? else {
        let has = arrival::pieces(tx, &code)?;
        let state = if has == 0 { "absent" } else { "arriving" };
        return Ok(FileWord { hash: hash.to_owned(), state: state.to_owned(), has, said: String::new() });
    };
    let (state, said) = state(tx, &code, scanned)?;
    Ok(FileWord { hash: hash.to_owned(), state, has: arrival::pieces_of(size), said })
}

/// The word for content that nothing here names.
pub fn absent(hash: &str) -> FileWord {
    FileWord { hash: hash.to_owned(), state: "absent".to_owned(), has: 0, said: String::new() }
}

/// The state of content that is here, and what was found in it.
fn state(tx: &mut Tx<'_>, hash: &Code, scanned: bool) -> Result<(String, String)> {
    let row: Option<(String, String)> = tx.opt("SELECT state, said FROM file_scan WHERE hash = ?1", vals![*hash])?;
    let (state, said) = row.unwrap_or_else(|| ("quarantine".to_owned(), String::new()));
    Ok(match state.as_str() {
        "clean" => (state, String::new()),
        "infected" => (state, said),
        _ if scanned => (state, String::new()),
        _ => ("unscanned".to_owned(), String::new()),
    })
}

/// `file.infected` or `file.not_clean_yet` unless content may be given out.
pub fn check(tx: &mut Tx<'_>, hash: &Code, scanned: bool) -> Result<()> {
    let (state, said) = state(tx, hash, scanned)?;
    match state.as_str() {
        "clean" | "unscanned" => Ok(()),
        "infected" => Err(super::lane::infected(&said)),
        _ => Err(Error::new(Kind::State, "file.not_clean_yet")),
    }
}

/// Takes content that is due for a scan, with its size: it is `scanning` then. What was begun and not
/// finished in time is due again.
pub fn begin(tx: &mut Tx<'_>, now: Instant) -> Result<Option<(Code, i64)>> {
    let Some((hash, size)) = tx.opt::<(Code, i64)>(include_str!("sql/next_scan.sql"), vals![now])? else { return Ok(None) };
    let sql = "INSERT INTO file_scan (hash, state, tries, next_at, said) VALUES (?1, 'scanning', 1, ?2, '') \
               ON CONFLICT (hash) DO UPDATE SET state = 'scanning', tries = file_scan.tries + 1, next_at = excluded.next_at";
    tx.run(sql, vals![hash, now.millis() + PATIENCE_MS])?;
    Ok(Some((hash, size)))
}

/// Takes clean content in which other `signatures` found nothing, with its size. It stays clean; a scan that
/// was begun and not finished in time is begun again.
pub fn begin_again(tx: &mut Tx<'_>, now: Instant, signatures: &str) -> Result<Option<(Code, i64)>> {
    let due = tx.opt::<(Code, i64)>(include_str!("sql/next_scan_again.sql"), vals![signatures.to_owned(), now])?;
    if let Some((hash, _)) = &due {
        let sql = "UPDATE file_scan SET next_at = ?2 WHERE hash = ?1 AND state = 'clean'";
        tx.run(sql, vals![*hash, now.millis() + PATIENCE_MS])?;
    }
    Ok(due)
}

/// Notes what the scanner, with these `signatures`, said of content that is clean so far. When it cannot be
/// relied on, the content stays clean and waits for another time.
pub fn note_again(tx: &mut Tx<'_>, now: Instant, hash: &Code, verdict: &Verdict, signatures: &str) -> Result<()> {
    let (state, said, next_at) = match verdict {
        Verdict::Clean => ("clean", Some(signatures), now.millis()),
        Verdict::Infected(name) => ("infected", Some(name.as_str()), now.millis()),
        Verdict::Failed(_) => ("clean", None, now.millis() + RETRY_MAX_MS),
    };
    let sql = "UPDATE file_scan SET state = ?2, said = coalesce(?3, said), next_at = ?4 WHERE hash = ?1 AND state = 'clean'";
    tx.run(sql, vals![*hash, state.to_owned(), said.map(str::to_owned), next_at]).map(drop)
}

/// When clean content is due to be looked into with these `signatures` (ms); `None` when all of it was.
pub fn again_due_at(tx: &mut Tx<'_>, signatures: &str) -> Result<Option<i64>> {
    let sql = "SELECT min(next_at) FROM file_scan WHERE state = 'clean' AND said <> ?1";
    Ok(tx.opt::<(Option<i64>,)>(sql, vals![signatures.to_owned()])?.and_then(|(due,)| due))
}

/// Notes what the scanner, with these `signatures`, said of content that is `scanning`.
pub fn note(tx: &mut Tx<'_>, now: Instant, hash: &Code, verdict: &Verdict, signatures: &str) -> Result<()> {
    let (tries,): (i64,) = tx.opt("SELECT tries FROM file_scan WHERE hash = ?1 AND state = 'scanning'", vals![*hash])?.unwrap_or((1,));
    let (state, said, next_at) = match verdict {
        Verdict::Clean => ("clean", signatures, now.millis()),
        Verdict::Infected(name) => ("infected", name.as_str(), now.millis()),
        Verdict::Failed(why) => ("failed", why.as_str(), now.millis() + retry_ms(tries)),
    };
    let sql = "UPDATE file_scan SET state = ?2, said = ?3, next_at = ?4 WHERE hash = ?1 AND state = 'scanning'";
    tx.run(sql, vals![*hash, state.to_owned(), said.to_owned(), next_at]).map(drop)
}

/// The wait before a scan is tried again that failed `tries` times, in ms.
fn retry_ms(tries: i64) -> i64 {
    let tries = u32::try_from(tries.clamp(1, 10)).unwrap_or(1);
    RETRY_MS.saturating_mul(3_i64.saturating_pow(tries - 1)).min(RETRY_MAX_MS)
}

/// Content of a server that is not clean, for its operator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// Its hash.
    pub hash: Code,
    /// One of its names; empty when nothing has it any more.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// `quarantine`, `scanning`, `infected` or `failed`.
    pub state: String,
    /// What was found in it, or why it could not be scanned.
    pub said: String,
    /// How often a scan was begun.
    pub tries: i64,
}

/// The content that is not clean.
pub fn not_clean(tx: &mut Tx<'_>) -> Result<Vec<Judged>> {
    let rows: Vec<(Code, String, i64, String, String, i64)> = tx.all(include_str!("sql/not_clean.sql"), &[])?;
    Ok(rows.into_iter().map(|(hash, name, size, state, said, tries)| Judged { hash, name, size, state, said, tries }).collect())
}

/// Puts all content back into quarantine: the scanner knows more than before, or found what is none. Answers
/// how many contents there are.
pub fn again(tx: &mut Tx<'_>) -> Result<i64> {
    let sql = "UPDATE file_scan SET state = 'quarantine', tries = 0, next_at = 0, said = '' WHERE state <> 'scanning'";
    tx.run(sql, &[])?;
    tx.one("SELECT count(*) FROM file_content", &[])
}

/// When the next scan is due (ms); `None` when everything is judged.
pub fn due_at(tx: &mut Tx<'_>) -> Result<Option<i64>> {
    let sql = "SELECT min(CASE WHEN s.hash IS NULL THEN 0 ELSE s.next_at END) FROM file_content c LEFT JOIN file_scan s ON s.hash = c.hash \
               WHERE s.hash IS NULL OR s.state IN ('quarantine', 'scanning', 'failed')";
    Ok(tx.opt::<(Option<i64>,)>(sql, &[])?.and_then(|(due,)| due))
}
