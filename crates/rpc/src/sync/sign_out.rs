//! Signing a device out: the session at the server ends, and the books lie here locked until their person signs in
//! again. What was not sent stays in them, whatever happens; it can be sent first, or copied to a file.

use std::sync::Arc;

use daybook_core::daybook::outbox::{self, Unsent};
use daybook_core::identity::api::user;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::labels::label;
use daybook_sync::http::HttpRoad;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Access, Desk};

/// How to sign out.
#[derive(Deserialize)]
pub struct SignOut {
    /// Also when something is not sent yet: it stays in the books here.
    #[serde(default)]
    keep: bool,
}

/// What signing out came to.
#[derive(Debug, Serialize)]
pub struct SignedOut {
    /// Whether the server heard of it; otherwise its session ends by itself, 30 days after it was used last.
    ended: bool,
    /// Entries that stay here, not sent.
    pending: i64,
}

/// Signs out and locks the books. `sync.unsent` when something was not sent and nobody said to keep it.
pub fn sign_out(desk: &Arc<Desk>, given: &SignOut) -> Result<SignedOut> {
    if desk.access() == Access::Read {
        return Err(Error::new(Kind::Storage, "books.opened_read_only"));
    }
    let (pending, ..) = desk.with(super::counts)?;
    if pending > 0 && !given.keep {
        return Err(Error::new(Kind::State, "sync.unsent").arg("count", pending));
    }
    let mut road = HttpRoad::open(&desk.path())?;
    // The session of a copy is that of the books it was made of.
    let ended = super::own_device::copied(desk)?.is_some() || road.sign_out().is_ok();
    desk.put_aside(|| road.lock())?;
    Ok(SignedOut { ended, pending })
}

/// What was not sent yet, oldest first, in words.
pub fn unsent(desk: &Arc<Desk>) -> Result<Value> {
    desk.with(|app| {
        app.read(|tx, _| {
            let mut entries = Vec::new();
            for entry in outbox::unsent(tx)? {
                let actor = user(tx, entry.actor)?.map(|user| user.name.to_string()).unwrap_or_default();
                entries.push(json!({
                    "name": entry.name, "label": label(&format!("command.{}", entry.name)), "actor_name": actor,
                    "recorded_at": entry.recorded_at, "args": entry.args,
                }));
            }
            Ok(json!({ "entries": entries }))
        })
    })
}

/// What was not sent yet as text, a JSON object a line: with its `id`, each can be executed again by
/// `daybook exec`, and happens once wherever it does.
pub fn unsent_text(desk: &Arc<Desk>) -> Result<String> {
    let entries: Vec<Unsent> = desk.with(|app| app.read(|tx, _| outbox::unsent(tx)))?;
    let mut text = String::new();
    for entry in &entries {
        let line = serde_json::to_string(entry).map_err(|e| Error::internal("rpc.encode").caused_by(e))?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}
