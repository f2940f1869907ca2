//! The log of a server: what every entry came to, in the order in which they were executed. Positions
//! are dense and taken under the tenant's lock, so whoever has seen one has seen all before it.

use std::collections::BTreeMap;

use super::digest::{Digests, Effects, digest_of};
use super::feed::{encode_images, fits};
use super::wire::{Feed, Pull, Step, digest_out, digests_out};
use super::{merged, state};
use crate::db::{ChangeLog, Shape, Tx};
use crate::planted::{self, Defect};
use crate::shared::Instant;
use crate::shared::context::DeviceId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::value::Val;
use crate::vals;

/// What an entry came to.
pub struct Written<'a> {
    /// Its position.
    pub pos: i64,
    /// Its hash in its device's chain.
    pub hash: &'a [u8],
    /// `accepted`, `excepted`, `refused` or `deferred`.
    pub state: &'a str,
    /// When the server executed it.
    pub at: Instant,
    /// What it changed.
    pub log: &'a ChangeLog,
    /// What it did.
    pub effects: &'a Effects,
}

/// The digests of all scopes now.
pub fn digests(tx: &mut Tx<'_>) -> Result<Digests> {
    let rows: Vec<(String, Vec<u8>)> = tx.all("SELECT scope, digest FROM scope_head ORDER BY scope", &[])?;
    Ok(rows.into_iter().map(|(scope, digest)| (scope, digest_of(&digest))).collect())
}

/// Keeps the digests of scopes.
pub fn keep_digests(tx: &mut Tx<'_>, digests: &Digests) -> Result<()> {
    for (scope, digest) in digests {
        let row: &[Val] = vals![scope.clone(), digest.to_be_bytes().to_vec()];
        tx.put(SCOPE_HEAD, row.to_vec(), &[1])?;
    }
    Ok(())
}

/// Drops the digest of a scope that is not held any more.
pub fn forget_digest(tx: &mut Tx<'_>, scope: &str) -> Result<()> {
    tx.run("DELETE FROM scope_head WHERE scope = ?1", vals![scope.to_owned()]).map(drop)
}

/// The log as it is written within one transaction: the digests and the chain are read once.
pub struct Log {
    digests: Digests,
    chain: Vec<u8>,
    waiting: Vec<Line>,
}

/// A line of the log that waits for what its device has: the rows of `log_entry` and `log_rows`.
struct Line {
    entry: Vec<Val>,
    rows: Vec<Vec<Val>>,
}

const SCOPE_HEAD: Shape = Shape { table: "scope_head", keys: 1, columns: &["scope", "digest"] };
const LOG_ENTRY: Shape = Shape { table: "log_entry", keys: 1, columns: &["pos", "received_at", "chain", "digests", "confirmed"] };
const LOG_ROWS: Shape = Shape { table: "log_rows", keys: 2, columns: &["pos", "scope", "count", "images"] };

impl Log {
    /// The log where it ends now.
    pub fn open(tx: &mut Tx<'_>) -> Result<Self> {
        let chain: Option<(Vec<u8>,)> = tx.opt("SELECT chain FROM log_entry ORDER BY pos DESC LIMIT 1", &[])?;
        Ok(Log { digests: digests(tx)?, chain: chain.unwrap_or_default().0, waiting: Vec::new() })
    }
    /// Appends what an entry came to; it is written when it is entered.
    pub fn append(&mut self, written: &Written<'_>, scope_of: impl Fn(&str) -> Result<&'static str>) -> Result<()> {
        written.effects.add_to(&mut self.digests);
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.chain).update(&written.pos.to_be_bytes()).update(written.hash).update(written.state.as_bytes());
        for digest in self.digests.values() {
            hasher.update(&digest.to_be_bytes());
        }
        self.chain = hasher.finalize().as_bytes().to_vec();
        let digests: Vec<u8> = encode_digests(&self.digests)?;
        let entry: &[Val] = vals![written.pos, written.at, self.chain.clone(), digests];
        let images = encode_images(written.log, scope_of)?;
        let rows = images.into_iter().map(|(scope, (count, images))| vals![written.pos, scope.to_owned(), count, images].to_vec());
        self.waiting.push(Line { entry: entry.to_vec(), rows: rows.collect() });
        Ok(())
    }
    /// Enters what was appended. `confirmed`: the device that made it has the same rows.
    pub fn enter(&mut self, tx: &mut Tx<'_>, confirmed: bool) -> Result<()> {
        for Line { mut entry, rows } in self.waiting.drain(..) {
            entry.push(Val::Int(i64::from(confirmed)));
            tx.append(LOG_ENTRY, &entry)?;
            for row in rows {
                tx.append(LOG_ROWS, &row)?;
            }
        }
        Ok(())
    }
    /// Keeps the digests where the log ends.
    pub fn close(self, tx: &mut Tx<'_>) -> Result<()> {
        keep_digests(tx, &self.digests)
    }
}

/// Says in the state of a server up to where the log cannot be followed any more.
const BEGINS_AFTER: &str = "log_begins_after";

/// Begins the log anew after what it holds: its images up to here are not those of the rows any more.
pub fn begin_after(tx: &mut Tx<'_>, pos: i64) -> Result<()> {
    state::set(tx, BEGINS_AFTER, &pos.to_string())
}

/// The newest position.
pub fn head(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one("SELECT coalesce(max(pos), 0) FROM log_entry", &[])
}

/// The chain hash at `pos`; `None` when the log does not reach there, or cannot be followed from there.
pub fn chain_at(tx: &mut Tx<'_>, pos: i64) -> Result<Option<Vec<u8>>> {
    let begins_after = state::get(tx, BEGINS_AFTER)?.and_then(|text| text.parse().ok()).unwrap_or(0_i64);
    if pos < begins_after {
        return Ok(None);
    }
    if pos == 0 {
        return Ok(Some(Vec::new()));
    }
    Ok(tx.opt::<(Vec<u8>,)>("SELECT chain FROM log_entry WHERE pos = ?1", vals![pos])?.map(|(chain,)| chain))
}

/// The log after `pull.cursor` as `device` with `scopes` may see it; `keys_of` says how many columns of a table are its
/// key. `sync.timeline` when the log is not the one the device followed: the server was restored from an older copy.
pub fn read(tx: &mut Tx<'_>, pull: &Pull, device: DeviceId, scopes: &[String], keys_of: &dyn Fn(&str) -> Result<usize>) -> Result<Feed> {
    if chain_at(tx, pull.cursor)?.as_deref() != Some(pull.chain.as_slice()) {
        return Err(Error::new(Kind::Conflict, "sync.timeline").arg("cursor", pull.cursor));
    }
    let head = head(tx)?;
    let steps = if merges(tx, pull, head, device)? { merged::read(tx, pull, head, device, scopes, keys_of)? } else { steps(tx, pull, head, device, scopes)? };
    let to = steps.last().map_or(pull.cursor, |step| step.pos);
    let chain = chain_at(tx, to)?.unwrap_or_default();
    let digests = digests_at(tx, to, scopes)?;
    Ok(Feed { from: pull.cursor, to, head, chain: chain.into(), digests: digests_out(&digests), steps, scopes: scopes.to_vec() })
}

/// Whether the device is so far behind that only the newest rows are sent: by entries of others, for the rows of its own
/// it has.
fn merges(tx: &mut Tx<'_>, pull: &Pull, head: i64, device: DeviceId) -> Result<bool> {
    let behind = head - pull.cursor;
    if pull.full || pull.merge == 0 || u64::try_from(behind).is_ok_and(|behind| behind < pull.merge) {
        return Ok(false);
    }
    let own: i64 = tx.one("SELECT count(*) FROM daybook WHERE pos > ?1 AND device = ?2", vals![pull.cursor, device])?;
    Ok(own <= behind / 4)
}

fn steps(tx: &mut Tx<'_>, pull: &Pull, head: i64, device: DeviceId, scopes: &[String]) -> Result<Vec<Step>> {
    let (mut steps, mut size, mut to) = (Vec::new(), 0, pull.cursor);
    while to < head && fits(size, pull.most) {
        let step = step(tx, to + 1, pull.full, device, scopes)?;
        let step = if planted::has(Defect::SkipStep) && to % 7 == 6 && to + 2 <= head { self::step(tx, to + 2, pull.full, device, scopes)? } else { step };
        size += 64 + step.rows.iter().flatten().map(|images| images.len()).sum::<usize>();
        to = step.pos;
        steps.push(step);
    }
    Ok(steps)
}

fn step(tx: &mut Tx<'_>, pos: i64, full: bool, reader: DeviceId, scopes: &[String]) -> Result<Step> {
    let pos = if planted::has(Defect::SequenceCursor) { tx.one("SELECT min(pos) FROM log_entry WHERE pos >= ?1", vals![pos])? } else { pos };
    let sql = "SELECT d.command, d.device, d.state, d.reason, d.effect, l.confirmed FROM log_entry l JOIN daybook d ON d.pos = l.pos WHERE l.pos = ?1";
    type Row = (CommandId, DeviceId, String, Option<String>, Option<Vec<u8>>, i64);
    let row: Option<Row> = tx.opt(sql, vals![pos])?;
    let (command, device, state, reason, effect, confirmed) =
        row.ok_or_else(|| Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", "an entry is missing"))?;
    let own = device == reader;
    let rows = if own && confirmed == 1 && !full { None } else { Some(images(tx, pos, scopes)?) };
    let left = match effect {
        Some(effect) if own => Some(digest_out(Effects::decode(&effect)?.within(scopes).left())),
        _ => None,
    };
    Ok(Step { pos, command: command.bytes(), state, reason: reason.filter(|_| own), rows, left })
}

fn images(tx: &mut Tx<'_>, pos: i64, scopes: &[String]) -> Result<Vec<minicbor::bytes::ByteVec>> {
    let rows: Vec<(String, Vec<u8>)> = tx.all("SELECT scope, images FROM log_rows WHERE pos = ?1 ORDER BY scope", vals![pos])?;
    Ok(rows.into_iter().filter(|(scope, _)| scopes.contains(scope) || planted::has(Defect::EveryScope)).map(|(_, images)| images.into()).collect())
}

/// The digests of `scopes` after the entry at `pos`. Where the log ends they are those that are kept: rows
/// may have been rewritten since its last entry.
pub fn digests_at(tx: &mut Tx<'_>, pos: i64, scopes: &[String]) -> Result<Digests> {
    let later: Option<(Vec<u8>,)> = tx.opt("SELECT digests FROM log_entry WHERE pos = ?1 AND EXISTS (SELECT 1 FROM log_entry WHERE pos > ?1)", vals![pos])?;
    let mut there = match later {
        Some((bytes,)) => decode_digests(&bytes)?,
        None => digests(tx)?,
    };
    there.retain(|scope, _| scopes.contains(scope));
    Ok(there)
}

fn encode_digests(digests: &Digests) -> Result<Vec<u8>> {
    minicbor::to_vec(digests_out(digests)).map_err(|e| Error::internal("undo.encode").caused_by(e))
}

fn decode_digests(bytes: &[u8]) -> Result<Digests> {
    let wire: BTreeMap<String, minicbor::bytes::ByteVec> = minicbor::decode(bytes).map_err(|e| Error::new(Kind::Corrupt, "undo.decode").caused_by(e))?;
    Ok(super::wire::digests_in(&wire))
}
