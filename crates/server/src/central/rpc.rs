//! `POST /v1/{tenant}/rpc/{method}`: commands and queries of the register, as the caller.
//!
//! `execute` and `query` take a name and arguments, as the window and the browser call them; the name of
//! a command or query itself takes its arguments.

use std::time::Instant;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use daybook_core::app::{self, App, Call, Outcome};
use daybook_core::identity::api::authorize;
use daybook_core::shared::Permission;
use daybook_core::shared::command::read_args;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;
use daybook_rpc::GENERIC_QUERIES;
use serde::Deserialize;
use serde_json::{Value, json};

use super::arguments::Body;
use super::caller::Caller;
use super::metrics::Subject;
use super::refusal::Answer;
use super::trail::Trail;
use super::{Shared, reply};

/// The header with the id of a command: tried again with the same id, it still happens once.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What is asked for.
enum Asked {
    Command { name: String, args: Value, id: CommandId },
    Query { name: String, args: Value },
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    args: Value,
    id: Option<String>,
}

/// Answers a method.
pub async fn call(
    State(central): State<Shared>,
    Extension(trail): Extension<Trail>,
    caller: Caller,
    Path((_, method)): Path<(String, String)>,
    headers: HeaderMap,
    Body(body): Body,
) -> Answer {
    if method == "register" {
        return Ok(crate::answer::answer(daybook_rpc::register_reply()));
    }
    let started = Instant::now();
    let asked = asked(&method, body, &headers)?;
    let (subject, name) = match &asked {
        Asked::Command { name, id, .. } => (Subject::Command, known(name, app::register().command(name).is_ok(), &trail, Some(*id))),
        Asked::Query { name, .. } => (Subject::Query, known(name, is_query(name), &trail, None)),
    };
    let outcome = run(caller, asked).await;
    if let Some(name) = name {
        central.metrics.note(subject, &name, outcome.is_err(), started.elapsed());
    }
    Ok(reply(&outcome?))
}

/// Notes a name that is in the register; others are a client's text and are counted nowhere.
fn known(name: &str, there: bool, trail: &Trail, id: Option<CommandId>) -> Option<String> {
    trail.command(if there { name } else { "unknown" }, id);
    there.then(|| name.to_owned())
}

fn is_query(name: &str) -> bool {
    app::register().query(name).is_ok() || GENERIC_QUERIES.iter().any(|generic| generic.name == name)
}

fn asked(method: &str, body: Value, headers: &HeaderMap) -> Result<Asked> {
    let key = headers.get(IDEMPOTENCY_KEY).map(|value| value.to_str().unwrap_or("?"));
    match method {
        "execute" => {
            let Named { name, args, id } = named(body)?;
            Ok(Asked::Command { name, args, id: app::call_id(id.as_deref().or(key))? })
        }
        "query" => named(body).map(|Named { name, args, .. }| Asked::Query { name, args }),
        name if is_query(name) => Ok(Asked::Query { name: name.to_owned(), args: body }),
        name if app::register().command(name).is_ok() => Ok(Asked::Command { name: name.to_owned(), args: body, id: app::call_id(key)? }),
        _ => Err(Error::new(Kind::NotFound, "http.not_found")),
    }
}

fn named(body: Value) -> Result<Named> {
    if body.is_object() { read_args(body) } else { Err(Error::invalid("args.invalid").arg("detail", "expected an object with named values")) }
}

/// Executes or asks as the caller, on the server's own device.
async fn run(caller: Caller, asked: Asked) -> Result<Value> {
    let user = caller.user;
    match asked {
        Asked::Command { name, args, .. } if name == "identity.create_company" => caller.tenant.run(move |app| set_up(app, user, args)).await,
        Asked::Command { name, args, id } => {
            let call = Call { id, name, args, actor: Some(user), at: None };
            let outcome = caller.tenant.run(move |app| app.execute(call)).await?;
            Ok(shown(&outcome))
        }
        Asked::Query { name, args } => {
            let answer = move |app: &App| daybook_rpc::answer_generic(app, user, &name, &args).unwrap_or_else(|| app.query_as(user, &name, args));
            caller.tenant.run(answer).await
        }
    }
}

/// Setting up a company brings what every company starts with.
fn set_up(app: &App, user: UserId, args: Value) -> Result<Value> {
    app.read(|tx, _| authorize(tx, user, Permission::Setup))?;
    app.set_up(args).map(|outcome| shown(&outcome))
}

fn shown(outcome: &Outcome) -> Value {
    json!({ "result": outcome.result, "changed": outcome.changed, "pos": outcome.pos, "replayed": outcome.replayed })
}
