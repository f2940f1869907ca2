//! Work that did not go through: refused or deferred by the server, until somebody deals with it.
//! Chains stand under their root: what failed because something before it had failed.

mod rename;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::entry::Stored;
use crate::db::Tx;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Id, Instant};
use crate::vals;

/// The code of a number that is on two papers, as reasons have it.
const TWICE: &str = "\"number.twice\"";

/// An entry that needs somebody.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    /// The command.
    pub command: CommandId,
    /// Its place in the daybook.
    pub pos: i64,
    /// The command at which the chain of failures began; itself, when it stands alone.
    pub root: CommandId,
    /// What was tried.
    pub name: String,
    /// By whom.
    pub actor: UserId,
    /// When it was tried.
    pub recorded_at: Instant,
    /// `refused` or `deferred`.
    pub outcome: String,
    /// Why, in the server's words: an error as JSON.
    pub reason: serde_json::Value,
    /// What was said; what was tried again since under the same root is named by its new ids.
    pub args: serde_json::Value,
}

/// Raises an item for the entry at `pos`.
fn raise(tx: &mut Tx<'_>, command: CommandId, pos: i64, root: CommandId, at: Instant) -> Result<()> {
    let sql = "INSERT INTO attention (command, pos, root, raised_at, state, remark) VALUES (?1, ?2, ?3, ?4, 'open', '') ON CONFLICT (command) DO NOTHING";
    tx.run(sql, vals![command, pos, root, at]).map(drop)
}

/// Drops the items of entries that are pending again or went through after all.
pub fn forget_settled(tx: &mut Tx<'_>) -> Result<()> {
    tx.run("DELETE FROM attention WHERE pos IN (SELECT pos FROM daybook WHERE state NOT IN ('refused', 'deferred'))", &[]).map(drop)
}

/// Raises an item for every entry that did not go through and has none: the server decided while the
/// rows came anew.
pub fn raise_missing(tx: &mut Tx<'_>, at: Instant) -> Result<()> {
    let sql = "SELECT pos, reason FROM daybook WHERE state IN ('refused', 'deferred') ORDER BY pos";
    let failed: Vec<(i64, Option<String>)> = tx.all(sql, &[])?;
    let mut chains = Chains::default();
    for (pos, reason) in failed {
        let stored = super::entry::at(tx, pos)?.ok_or_else(|| Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", "an entry is missing"))?;
        let mut made = HashSet::new();
        collect_ids(&serde_json::from_slice(&stored.result).unwrap_or_default(), &mut made);
        chains.raise(tx, &stored, reason.as_deref(), made, at)?;
    }
    Ok(())
}

/// How many items are open.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one("SELECT count(*) FROM attention WHERE state = 'open'", &[])
}

/// The open items, chains together, roots first.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<Item>> {
    let sql = "SELECT a.command, a.pos, a.root, d.name, d.actor, d.recorded_at, d.state, d.reason FROM attention a JOIN daybook d ON d.pos = a.pos \
               WHERE a.state = 'open' ORDER BY a.root, a.pos";
    type Row = (CommandId, i64, CommandId, String, UserId, Instant, String, Option<String>);
    let rows: Vec<Row> = tx.all(sql, &[])?;
    let mut items = Vec::with_capacity(rows.len());
    for (command, pos, root, name, actor, recorded_at, outcome, reason) in rows {
        let stored = super::entry::at(tx, pos)?.ok_or_else(|| Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", "an entry is missing"))?;
        let reason = reason.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let args = minicbor_serde::from_slice(&stored.envelope.args).unwrap_or_default();
        items.push(Item { command, pos, root, name, actor, recorded_at, outcome, reason, args });
    }
    rename::rename(tx, &mut items)?;
    Ok(items)
}

/// Deals with an item: `resubmitted` (by another command) or `discarded` (with a reason).
pub fn resolve(tx: &mut Tx<'_>, command: CommandId, state: &str, remark: &str, by: Option<CommandId>) -> Result<()> {
    let sql = "UPDATE attention SET state = ?2, remark = ?3, resolved_by = ?4 WHERE command = ?1 AND state = 'open'";
    let changed = tx.run(sql, vals![command, state.to_owned(), remark.to_owned(), by])?;
    if changed == 1 { Ok(()) } else { Err(Error::new(Kind::NotFound, "attention.not_open").arg("command", command)) }
}

/// Which command made which id, among commands that failed: how chains find their root.
#[derive(Debug, Default)]
pub struct Chains(HashMap<[u8; 16], CommandId>);

impl Chains {
    /// Raises an item for an entry that did not go through, under the root of its chain; `made` are the
    /// ids that it had made.
    pub fn raise(&mut self, tx: &mut Tx<'_>, stored: &Stored, reason: Option<&str>, made: impl IntoIterator<Item = [u8; 16]>, at: Instant) -> Result<()> {
        let command: CommandId = Id::from_bytes(stored.envelope.command);
        let root = match earlier_twice(tx, stored, reason)? {
            Some(root) => root,
            None => self.root(command, &minicbor_serde::from_slice(&stored.envelope.args).unwrap_or_default()),
        };
        self.note(made, root);
        raise(tx, command, stored.pos, root, at)
    }
    /// Notes the ids that a command made, under the root of its chain.
    fn note(&mut self, made: impl IntoIterator<Item = [u8; 16]>, root: CommandId) {
        self.0.extend(made.into_iter().map(|id| (id, root)));
    }
    /// The root of a command that says `args`: that of the first failed command whose ids it uses, or
    /// itself.
    fn root(&self, command: CommandId, args: &serde_json::Value) -> CommandId {
        let mut named = HashSet::new();
        collect_ids(args, &mut named);
        named.iter().find_map(|id| self.0.get(id)).copied().unwrap_or(command)
    }
}

/// Numbers that one life of a device gave out a second time are one matter: the item under which they
/// stand, if there is an earlier one.
fn earlier_twice(tx: &mut Tx<'_>, stored: &Stored, reason: Option<&str>) -> Result<Option<CommandId>> {
    if !reason.is_some_and(|reason| reason.contains(TWICE)) {
        return Ok(None);
    }
    let sql = "SELECT a.root FROM attention a JOIN daybook d ON d.pos = a.pos WHERE a.state = 'open' AND d.epoch = ?1 AND d.pos < ?2 AND d.reason LIKE ?3 \
               ORDER BY d.pos LIMIT 1";
    let row: Option<(CommandId,)> = tx.opt(sql, vals![stored.epoch, stored.pos, format!("%{TWICE}%")])?;
    Ok(row.map(|(root,)| root))
}

fn collect_ids(value: &serde_json::Value, into: &mut HashSet<[u8; 16]>) {
    match value {
        serde_json::Value::String(text) => into.extend(Id::<()>::parse(text).ok().map(Id::bytes)),
        serde_json::Value::Array(list) => list.iter().for_each(|value| collect_ids(value, into)),
        serde_json::Value::Object(map) => map.values().for_each(|value| collect_ids(value, into)),
        _ => {}
    }
}
