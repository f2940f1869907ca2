//! Work that did not go through: refused or deferred by the server, until somebody deals with it.
//! Chains stand under their root: what failed because something before it had failed.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::db::Tx;
use crate::shared::Instant;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::vals;

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
    /// What was said.
    pub args: serde_json::Value,
}

/// Raises an item for the entry at `pos`.
pub fn raise(tx: &mut Tx<'_>, command: CommandId, pos: i64, root: CommandId, at: Instant) -> Result<()> {
    let sql = "INSERT INTO attention (command, pos, root, raised_at, state, remark) VALUES (?1, ?2, ?3, ?4, 'open', '') ON CONFLICT (command) DO NOTHING";
    tx.run(sql, vals![command, pos, root, at]).map(drop)
}

/// Drops the items of entries that are pending again.
pub fn forget_pending(tx: &mut Tx<'_>) -> Result<()> {
    tx.run("DELETE FROM attention WHERE pos IN (SELECT pos FROM daybook WHERE state = 'pending')", &[]).map(drop)
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
    /// Notes the ids that a command made, under the root of its chain.
    pub fn note(&mut self, made: impl IntoIterator<Item = [u8; 16]>, root: CommandId) {
        self.0.extend(made.into_iter().map(|id| (id, root)));
    }
    /// The root of a command that says `args`: that of the first failed command whose ids it uses, or
    /// itself.
    pub fn root(&self, command: CommandId, args: &serde_json::Value) -> CommandId {
        let mut named = HashSet::new();
        collect_ids(args, &mut named);
        named.iter().find_map(|id| self.0.get(id)).copied().unwrap_or(command)
    }
}

fn collect_ids(value: &serde_json::Value, into: &mut HashSet<[u8; 16]>) {
    match value {
        serde_json::Value::String(text) => into.extend(crate::shared::Id::<()>::parse(text).ok().map(crate::shared::Id::bytes)),
        serde_json::Value::Array(list) => list.iter().for_each(|value| collect_ids(value, into)),
        serde_json::Value::Object(map) => map.values().for_each(|value| collect_ids(value, into)),
        _ => {}
    }
}
