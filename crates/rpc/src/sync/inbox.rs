//! The work that did not go through: shown in words, tried again with a change, or let go with a reason.

use std::sync::Arc;

use daybook_core::app::{Call, Outcome};
use daybook_core::daybook::attention::{self, Item};
use daybook_core::identity::api::user;
use daybook_core::shared::error::{Error, Kind, Result};
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
    if given.remark.trim().is_empty() {
        return Err(Error::invalid("text.required").field("remark"));
    }
    let command = CommandId::parse(&given.command)?;
    desk.with(|app| app.settle_attention(command, "discarded", &given.remark, None))?;
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
    let outcome = desk.with(|app| {
        let items = app.read(|tx, _| attention::open(tx))?;
        let item = items.into_iter().find(|item| item.command == command);
        let item = item.ok_or_else(|| Error::new(Kind::NotFound, "attention.not_open").arg("command", command))?;
        let call = Call::new(&item.name, given.args.clone());
        let by = call.id;
        let outcome = app.execute(call)?;
        app.settle_attention(command, "resubmitted", "", Some(by))?;
        Ok(outcome)
    })?;
    desk.publish_sync();
    Ok(outcome)
}
