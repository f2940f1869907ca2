//! Dealing with work that did not go through: tried again with a change, or let go with a reason. Each in
//! one transaction: nothing is done twice, and no item is settled without what settles it.

use serde_json::{Value, json};

use super::{App, Batch, Call, Outcome};
use crate::daybook::attention::{self, Item};
use crate::daybook::entry;
use crate::db::Tx;
use crate::shared::Permission;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::vals;

const SAVE_DRAFT: &str = "billing.save_draft";
const POST_DRAFT: &str = "billing.post_draft";

impl App {
    /// Does what an open item tried, with other arguments and under a new id, and settles the item by it.
    /// When that fails, the item stays open. `attention.not_open` when somebody dealt with it before.
    pub fn resubmit(&self, command: CommandId, args: Value) -> Result<Outcome> {
        self.batch(None, |batch| {
            let item = find(batch.tx(), command)?;
            again(batch, &item, args)
        })
    }
    /// Asks somebody who may to do what an open item tried, for a reason, and settles the item by it.
    pub fn ask_approval(&self, command: CommandId, reason: &str) -> Result<Outcome> {
        self.batch(None, |batch| {
            let item = find(batch.tx(), command)?;
            let call = Call::new("approvals.ask", json!({ "command": item.name, "args": item.args, "reason": reason }));
            let by = call.id;
            let outcome = batch.execute(call)?;
            attention::resolve(batch.tx(), command, "resubmitted", "asked", Some(by))?;
            Ok(outcome)
        })
    }
    /// Tries everything again that is open under `root`, in the order it was done and as it was said: all of
    /// it or nothing. `attention.not_open` when nothing is.
    pub fn resubmit_chain(&self, root: CommandId) -> Result<Vec<Outcome>> {
        self.batch(None, |batch| {
            let chain = chain(batch.tx(), root)?;
            let mut outcomes = Vec::with_capacity(chain.len());
            for member in chain {
                // Anew each time: what was done before it gave it new ids.
                let item = find(batch.tx(), member.command)?;
                outcomes.push(again(batch, &item, item.args.clone())?);
            }
            Ok(outcomes)
        })
    }
    /// Lets an open item go, for a reason. Only who tried it may, and who administers the firm.
    pub fn discard(&self, command: CommandId, reason: &str) -> Result<()> {
        self.let_go(reason, |tx| Ok(vec![find(tx, command)?]))
    }
    /// Lets everything go that is open under `root`: all of it or nothing.
    pub fn discard_chain(&self, root: CommandId, reason: &str) -> Result<()> {
        self.let_go(reason, |tx| chain(tx, root))
    }

    fn let_go(&self, reason: &str, which: impl FnOnce(&mut Tx<'_>) -> Result<Vec<Item>>) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("text.required").field("remark"));
        }
        let actor = self.actor();
        self.storage.write(|tx| {
            for item in which(tx)? {
                if item.actor != actor {
                    crate::identity::api::authorize(tx, actor, Permission::Administer)?;
                }
                attention::resolve(tx, item.command, "discarded", reason, None)?;
            }
            Ok(())
        })
    }
}

/// Does what an item tried, with these arguments, and settles it.
fn again(batch: &mut Batch<'_, '_>, item: &Item, args: Value) -> Result<Outcome> {
    let call = Call::new(&item.name, args);
    let by = call.id;
    let outcome = batch.execute(call)?;
    attention::resolve(batch.tx(), item.command, "resubmitted", "", Some(by))?;
    Ok(outcome)
}

/// Settles the items of drafts that were refused, where this device posted the document afterwards and it went
/// through: what it said is final, and nothing is left to do. A document that somebody else posted is
/// another matter: it may say something else.
pub(super) fn leave_overtaken(tx: &mut Tx<'_>) -> Result<()> {
    let sql = "SELECT a.command, a.pos FROM attention a JOIN daybook d ON d.pos = a.pos WHERE a.state = 'open' AND d.name = ?1";
    let drafts: Vec<(CommandId, i64)> = tx.all(sql, vals![SAVE_DRAFT.to_owned()])?;
    let Some(first) = drafts.iter().map(|(_, pos)| *pos).min() else { return Ok(()) };
    let sql = "SELECT pos, command FROM daybook WHERE name = ?1 AND pos > ?2 AND state IN ('accepted', 'excepted') ORDER BY pos";
    let posts: Vec<(i64, CommandId)> = tx.all(sql, vals![POST_DRAFT.to_owned(), first])?;
    let mut posted = Vec::with_capacity(posts.len());
    for (pos, command) in posts {
        posted.push((pos, command, document(tx, pos)?));
    }
    for (draft, pos) in drafts {
        let saved = document(tx, pos)?;
        if let Some((_, by, _)) = posted.iter().find(|(after, _, document)| *after > pos && document.is_some() && *document == saved) {
            attention::resolve(tx, draft, "resubmitted", "posted", Some(*by))?;
        }
    }
    Ok(())
}

/// The document that the entry at `pos` is about: the one it names, or the one it made.
fn document(tx: &mut Tx<'_>, pos: i64) -> Result<Option<String>> {
    let Some(stored) = entry::at(tx, pos)? else { return Ok(None) };
    let args: Value = minicbor_serde::from_slice(&stored.envelope.args).unwrap_or_default();
    let made: Value = serde_json::from_slice(&stored.result).unwrap_or_default();
    let named = |of: &Value| of.get("id").and_then(Value::as_str).map(str::to_owned);
    Ok(named(&args).or_else(|| named(&made)))
}

/// The open items under `root`, in the order they were done.
fn chain(tx: &mut Tx<'_>, root: CommandId) -> Result<Vec<Item>> {
    let mut items: Vec<Item> = attention::open(tx)?.into_iter().filter(|item| item.root == root).collect();
    items.sort_by_key(|item| item.pos);
    if items.is_empty() { Err(Error::new(Kind::NotFound, "attention.not_open").arg("command", root)) } else { Ok(items) }
}

fn find(tx: &mut Tx<'_>, command: CommandId) -> Result<Item> {
    let open = attention::open(tx)?.into_iter().find(|item| item.command == command);
    open.ok_or_else(|| Error::new(Kind::NotFound, "attention.not_open").arg("command", command))
}
