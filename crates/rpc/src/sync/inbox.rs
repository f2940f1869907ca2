//! The work that did not go through: shown in words, tried again with a change, or let go with a reason.

use std::sync::Arc;

use daybook_core::app::{self, App, Outcome};
use daybook_core::daybook::attention::{self, Item};
use daybook_core::db::Tx;
use daybook_core::identity::api::{find_company, user};
use daybook_core::shared::command::Class;
use daybook_core::shared::error::Result;
use daybook_core::shared::id::CommandId;
use daybook_core::shared::labels::label;
use serde::Deserialize;
use serde_json::{Value, json};

use super::beside::{Beside, beside};
use crate::Desk;

/// The open items, chains together, roots first, each beside what the books say now; and what people ask
/// each other for.
pub fn list(desk: &Arc<Desk>) -> Result<Value> {
    desk.with(|app| {
        let items = app.read(|tx, _| {
            let named = |item: Item, tx: &mut Tx<'_>| Ok((user(tx, item.actor)?.map(|user| user.name.to_string()).unwrap_or_default(), item));
            attention::open(tx)?.into_iter().map(|item| named(item, tx)).collect::<Result<Vec<_>>>()
        })?;
        let shown: Vec<Value> = items.iter().map(|(actor, item)| Ok(show(item, actor, beside(app, item)?.as_ref()))).collect::<Result<_>>()?;
        Ok(json!({ "items": shown, "requests": requests(app)? }))
    })
}

fn show(item: &Item, actor: &str, beside: Option<&Beside>) -> Value {
    json!({
        "command": item.command, "root": item.root, "pos": item.pos, "name": item.name, "label": label(&format!("command.{}", item.name)),
        "actor_name": actor, "recorded_at": item.recorded_at, "outcome": item.outcome, "reason": item.reason, "args": item.args, "beside": beside,
        "may_ask": item.reason.get("code").and_then(Value::as_str) == Some("permission.denied") && app::register().command(&item.name).is_ok_and(|known| known.class == Class::Decision),
    })
}

/// What people ask each other for and concerns whoever sits here.
fn requests(app: &App) -> Result<Value> {
    if !app.read(|tx, _| Ok(find_company(tx)?.is_some()))? {
        return Ok(json!([]));
    }
    let mut open = app.query("approvals.open", json!({}))?;
    for request in open.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        let name = request.get("name").and_then(Value::as_str).unwrap_or_default();
        let words = label(&format!("command.{name}"));
        request.insert("label".to_owned(), words.into());
    }
    Ok(open)
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

/// A chain that is let go.
#[derive(Deserialize)]
pub struct ChainDiscarded {
    root: String,
    remark: String,
}

/// Lets everything under a root go.
pub fn discard_chain(desk: &Arc<Desk>, given: &ChainDiscarded) -> Result<()> {
    let root = CommandId::parse(&given.root)?;
    desk.with(|app| app.discard_chain(root, &given.remark))?;
    desk.publish_sync();
    Ok(())
}

/// A chain that is tried again.
#[derive(Deserialize)]
pub struct ChainResubmitted {
    root: String,
}

/// Does everything under a root again as it was said: all of it or nothing.
pub fn resubmit_chain(desk: &Arc<Desk>, given: &ChainResubmitted) -> Result<Vec<Outcome>> {
    let root = CommandId::parse(&given.root)?;
    let outcomes = desk.with(|app| app.resubmit_chain(root))?;
    desk.publish_sync();
    Ok(outcomes)
}

/// An item that somebody else is asked for.
#[derive(Deserialize)]
pub struct AskedFor {
    command: String,
    reason: String,
}

/// Asks somebody who may to do it.
pub fn ask_approval(desk: &Arc<Desk>, given: &AskedFor) -> Result<Outcome> {
    let command = CommandId::parse(&given.command)?;
    let outcome = desk.with(|app| app.ask_approval(command, &given.reason))?;
    desk.publish_sync();
    Ok(outcome)
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
