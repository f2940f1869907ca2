//! The lane of files, as a device knows it: what of its content the server has, and what somebody waits
//! for. Kernel writes, like content itself; the rows say nothing that the server could not say again.

use serde::Serialize;

use super::content::CHUNK;
use crate::daybook::wire::FileWord;
use crate::db::Tx;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Instant};
use crate::vals;

/// Content up to this size comes before anybody asks for it, in bytes.
const AHEAD: usize = CHUNK;
/// How long an answer holds that may soon be another, in ms.
const ASK_AGAIN_MS: i64 = 60_000;
/// How long one holds that may become another by a new judgement, in ms.
const JUDGED_AGAIN_MS: i64 = 24 * 60 * 60 * 1000;

/// What the lane does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Ask how the server stands to these.
    Ask(Vec<Code>),
    /// Get piece `n`, from 1.
    Fetch {
        /// Of which content.
        hash: Code,
        /// Which piece.
        n: i64,
    },
    /// Send piece `n`, from 1.
    Send {
        /// Of which content.
        hash: Code,
        /// Which piece.
        n: i64,
    },
    /// Nothing for now.
    Rest,
}

/// How a file stands on this device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Hash of its content.
    pub hash: Code,
    /// One of its names.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Whether its content is here.
    pub here: bool,
    /// What the server last said of it; empty before, and in books without a server.
    pub server: String,
    /// Whether somebody here waits for it.
    pub wanted: bool,
    /// Why it does not go on: an error.
    pub reason: Option<serde_json::Value>,
}

impl Standing {
    /// One word for people: `here`, `sending`, `checking`, `elsewhere`, `coming`, `infected`, `stopped`.
    pub fn word(&self) -> &'static str {
        match (self.server.as_str(), self.here) {
            ("infected", _) => "infected",
            _ if self.reason.is_some() => "stopped",
            ("absent" | "arriving", true) => "sending",
            ("quarantine" | "scanning" | "failed", _) => "checking",
            (_, true) => "here",
            (_, false) if self.wanted => "coming",
            (_, false) => "elsewhere",
        }
    }
}

/// The next step: questions first, then what somebody waits for, then what is to be sent. `absent` content
/// is sent only when a row of these books names it, hence after the entry that made the row. Answers of
/// before `stale` are asked for again unless they are final, and those from a future that a clock was in.
pub fn next(tx: &mut Tx<'_>, now: Instant, stale: Instant) -> Result<Step> {
    let ahead = i64::try_from(AHEAD).unwrap_or_default();
    let due = vals![ahead, stale.millis().max(now.millis() - ASK_AGAIN_MS), now.millis() - JUDGED_AGAIN_MS, now];
    let asks: Vec<(Code,)> = tx.all(include_str!("sql/due_asks.sql"), due)?;
    if !asks.is_empty() {
        return Ok(Step::Ask(asks.into_iter().map(|(hash,)| hash).collect()));
    }
    if let Some((hash, _, here)) = tx.opt::<(Code, i64, i64)>(include_str!("sql/next_fetch.sql"), vals![ahead])? {
        return Ok(Step::Fetch { hash, n: here + 1 });
    }
    let send: Option<(Code, i64, i64)> = tx.opt(include_str!("sql/next_send.sql"), &[])?;
    Ok(send.map_or(Step::Rest, |(hash, _, has)| Step::Send { hash, n: has + 1 }))
}

/// Notes what the server said.
pub fn note(tx: &mut Tx<'_>, now: Instant, word: &FileWord) -> Result<()> {
    let reason = (word.state == "infected").then(|| infected(&word.said).to_json().to_string());
    let sql = "INSERT INTO file_way (hash, state, has, asked_at, wanted, reason) VALUES (?1, ?2, ?3, ?4, 0, ?5) \
               ON CONFLICT (hash) DO UPDATE SET state = excluded.state, has = excluded.has, asked_at = excluded.asked_at, reason = excluded.reason";
    tx.run(sql, vals![super::arrival::hash_of(&word.hash)?, word.state, word.has, now, reason]).map(drop)
}

/// Notes why content does not go on. It is asked after again a little later.
pub fn note_trouble(tx: &mut Tx<'_>, now: Instant, hash: &Code, error: &Error) -> Result<()> {
    let sql = "INSERT INTO file_way (hash, state, has, asked_at, wanted, reason) VALUES (?1, '', 0, ?2, 0, ?3) \
               ON CONFLICT (hash) DO UPDATE SET asked_at = excluded.asked_at, reason = excluded.reason";
    tx.run(sql, vals![*hash, now, error.to_json().to_string()]).map(drop)
}

/// Somebody waits for content: it is asked after at once.
pub fn want(tx: &mut Tx<'_>, hash: &Code) -> Result<()> {
    let sql = "INSERT INTO file_way (hash, state, has, asked_at, wanted) VALUES (?1, '', 0, 0, 1) ON CONFLICT (hash) DO UPDATE SET wanted = 1, asked_at = 0";
    tx.run(sql, vals![*hash]).map(drop)
}

/// Content came: nobody waits any more.
pub fn came(tx: &mut Tx<'_>, hash: &Code) -> Result<()> {
    tx.run("UPDATE file_way SET wanted = 0 WHERE hash = ?1", vals![*hash]).map(drop)
}

/// `file.infected` when the server found something in content.
pub fn check(tx: &mut Tx<'_>, hash: &Code) -> Result<()> {
    let reason: Option<(Option<String>,)> = tx.opt("SELECT reason FROM file_way WHERE hash = ?1 AND state = 'infected'", vals![*hash])?;
    let Some((reason,)) = reason else { return Ok(()) };
    let told = reason.and_then(|text| serde_json::from_str(&text).ok()).and_then(|value| Error::from_json(&value));
    Err(told.unwrap_or_else(|| infected("")))
}

/// The error of content in which a scanner found something.
pub fn infected(said: &str) -> Error {
    Error::new(crate::shared::Kind::Denied, "file.infected").arg("what", said)
}

/// How many files wait, and in how many something was found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// To be sent, or fetched for somebody.
    pub waiting: i64,
    /// In which the server found malware.
    pub infected: i64,
}

/// Counts the files that wait, and those in which something was found.
pub fn counts(tx: &mut Tx<'_>) -> Result<Figures> {
    let (waiting, infected) = tx.opt(include_str!("sql/lane_figures.sql"), &[])?.unwrap_or_default();
    Ok(Figures { waiting, infected })
}

/// Hash, name, media type, size, whether it is here, what the server said, whether it is wanted, reason.
type Row = (Code, String, String, i64, i64, String, i64, Option<String>);

/// How every file of the books stands here.
pub fn standings(tx: &mut Tx<'_>) -> Result<Vec<Standing>> {
    let rows: Vec<Row> = tx.all(include_str!("sql/standings.sql"), vals!["0".to_owned(), "g".to_owned()])?;
    Ok(rows.into_iter().map(standing).collect())
}

/// How one file stands here; `None` when nothing has it.
pub fn standing_of(tx: &mut Tx<'_>, hash: &Code) -> Result<Option<Standing>> {
    let row: Option<Row> = tx.opt(include_str!("sql/standings.sql"), vals![*hash, *hash])?;
    Ok(row.map(standing))
}

fn standing(row: Row) -> Standing {
    let (hash, name, media_type, size, here, server, wanted, reason) = row;
    let reason = reason.and_then(|text| serde_json::from_str(&text).ok());
    Standing { hash, name, media_type, size, here: here == 1, server, wanted: wanted == 1, reason }
}
