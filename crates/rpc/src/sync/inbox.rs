//! The work that did not go through: shown in words, tried again with a change, or let go with a reason.

use std::sync::Arc;

use daybook_core::app::Outcome;
use daybook_core::daybook::attention::{self, Item};
use daybook_core::identity::api::user;
use daybook_core::shared::error::Result;
use daybook_core::shared::id::CommandId;
use daybook_core::shared::labels::label;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Desk;

/// The open items, chains together, roots first.
pub fn list(desk: &Arc<Desk>) -> Result<Value> {
    desk.with(|app| {
        app.read(|tx, _| {
            let mut shown = Vec::new();
            for item in attention::open(tx)? {
                let actor = user(tx, item.actor)?.map(|user| user.name.to_string()).unwrap_or_default();
                shown.push(show(&item, &actor));
            }
            Ok(json!({ "items": shown }))
        })
    })
}

fn show(item: &Item, actor: &str) -> Value {
    json!({
        "command": item.command, "root": item.root, "pos": item.pos, "name": item.name, "label": label(&format!("command.{}", item.name)),
        "actor_name": actor, "recorded_at": item.recorded_at, "outcome": item.outcome, "reason": item.reason, "args": item.args,
    })
}

/// An item that is let go.
#[derive(Deserialize)]
pub struct Discarded {
    command: String,
    remark: String,
}

/// Lets an item go, for the record.
pub fn discard(desk: &Arc<Desk>, given: &Discarded) -> Result<()> {
    let command = CommandId::parse(&given.command)?;
    desk.with(|app| app.discard(command, &given.remark))?;
    desk.publish_sync();
    Ok(())
}

/// An item that is tried again.
#[derive(Deserialize)]
pub struct Resubmitted {
    command: String,
    args: Value,
}

/// Does the same with other arguments, under a new id, and settles the item by it.
pub fn resubmit(desk: &Arc<Desk>, given: &Resubmitted) -> Result<Outcome> {
    let command = CommandId::parse(&given.command)?;
    let outcome = desk.with(|app| app.resubmit(command, given.args.clone()))?;
    desk.publish_sync();
    Ok(outcome)
}
