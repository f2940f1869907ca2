//! Sessions that go on, and ending them.

use axum::extract::{Path, State};
use daybook_core::access::{self, Session, SessionId, session};
use daybook_core::app::App;
use daybook_core::identity::api::authorize;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::{Instant, Permission};
use serde_json::{Value, json};

use super::caller::Caller;
use super::refusal::Answer;
use super::{Shared, reply};

/// `GET /v1/{tenant}/sessions`: all of them for who administers, the caller's own for others.
pub async fn list(State(central): State<Shared>, caller: Caller) -> Answer {
    let (user, now) = (caller.user, central.now());
    let open = caller.tenant.run(move |app| list_for(app, user, now)).await?;
    let shown: Vec<Value> = open.iter().map(|session| show(session, caller.session)).collect();
    Ok(reply(&json!({ "sessions": shown })))
}

fn list_for(app: &App, user: UserId, now: Instant) -> Result<Vec<Session>> {
    app.read(|tx, _| {
        let administers = authorize(tx, user, Permission::Administer).is_ok();
        session::open(tx, Some(user).filter(|_| !administers), now)
    })
}

fn show(session: &Session, own: SessionId) -> Value {
    json!({
        "id": session.id, "user": session.user, "device": session.device, "started_at": session.started_at,
        "refreshed_at": session.rotated_at, "expires": session.expires, "this": session.id == own,
    })
}

/// `POST /v1/{tenant}/sessions/{id}/revoke`: one's own, or anybody's for who administers.
pub async fn revoke(State(central): State<Shared>, caller: Caller, Path((_, id)): Path<(String, String)>) -> Answer {
    let id: SessionId = access::named(&id, "session.unknown")?;
    let (user, now) = (caller.user, central.now());
    caller.tenant.run(move |app| end(app, id, user, now)).await?;
    Ok(reply(&json!({ "id": id })))
}

/// A session of somebody else is unknown to who does not administer.
fn end(app: &App, id: SessionId, user: UserId, now: Instant) -> Result<()> {
    app.storage().write(|tx| {
        let unknown = || Error::new(Kind::NotFound, "session.unknown");
        let session = session::find(tx, id)?.ok_or_else(unknown)?;
        if session.user != user && authorize(tx, user, Permission::Administer).is_err() {
            return Err(unknown());
        }
        session::revoke(tx, id, now).map(drop)
    })
}
