//! The table of methods: what [`Desk::call`] knows. Arguments are read from JSON; the error names the
//! field that does not fit.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use daybook_core::app::{self, Call};
use daybook_core::billing::{Draft, Header};
use daybook_core::shared::Id;
use daybook_core::shared::command::read_args;
use daybook_core::shared::error::{Error, Kind, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::jobs::UndoImport;
use crate::{Desk, Reply, attachments, jobs, paper, records, register, sample, status, sync, texts};

type Method = fn(&Arc<Desk>, Value) -> Result<Reply>;

/// Every method. `upload` is not among them: each transport carries files its own way.
const METHODS: &[(&str, Method)] = &[
    ("status", |desk, _| Reply::json(&status::status(desk)?)),
    ("register", |_, _| register::reply()),
    ("texts", |_, body| Reply::json(&texts::answer(&args(body)?)?)),
    ("execute", execute),
    ("query", query),
    ("changes", changes),
    ("paper.invoice", |desk, body| Ok(Reply::pdf(paper::print_one(desk, args::<Printed>(body)?.id)?))),
    ("files.store", |desk, body| Reply::json(&attachments::store(desk, &args(body)?)?)),
    ("files.list", |desk, body| Reply::json(&attachments::list(desk, &args(body)?)?)),
    ("files.read", |desk, body| attachments::read(desk, &args(body)?)),
    ("paper.preview", |desk, body| Ok(Reply::pdf(paper::preview(desk, &args::<Previewed>(body)?.draft)?))),
    ("job.start", |desk, body| Reply::json(&json!({ "job": jobs::start(desk, args(body)?)? }))),
    ("job.status", |desk, body| Reply::json(&desk.jobs().status(&named_job(body)?)?)),
    ("job.cancel", |desk, body| desk.jobs().cancel(&named_job(body)?).and_then(|()| Reply::json(&json!({})))),
    ("books.accept_loss", |desk, _| Reply::json(&json!({ "lost": desk.accept_loss()? }))),
    ("sync.status", |desk, _| Reply::json(&sync::status(desk)?)),
    ("sync.connect", |desk, body| sync::connect(desk, &args(body)?).and_then(|()| Reply::json(&json!({})))),
    ("sync.sign_in", |desk, body| sync::sign_in(desk, &args(body)?).and_then(|()| Reply::json(&json!({})))),
    ("sync.sign_out", |desk, body| Reply::json(&sync::sign_out(desk, &args(body)?)?)),
    ("sync.pending_rows", |desk, _| Reply::json(&sync::pending_rows(desk)?)),
    ("sync.unsent", |desk, _| Reply::json(&sync::unsent(desk)?)),
    ("sync.unsent_text", |desk, _| Reply::json(&json!({ "text": sync::unsent_text(desk)? }))),
    ("sync.now", |desk, _| {
        desk.runner().tell(daybook_sync::Event::Now);
        Reply::json(&json!({}))
    }),
    ("attention.list", |desk, _| Reply::json(&sync::list(desk)?)),
    ("attention.discard", |desk, body| sync::discard(desk, &args(body)?).and_then(|()| Reply::json(&json!({})))),
    ("attention.resubmit", |desk, body| Reply::json(&sync::resubmit(desk, &args(body)?)?)),
    ("attention.resubmit_chain", |desk, body| Reply::json(&sync::resubmit_chain(desk, &args(body)?)?)),
    ("attention.discard_chain", |desk, body| sync::discard_chain(desk, &args(body)?).and_then(|()| Reply::json(&json!({})))),
    ("attention.ask", |desk, body| Reply::json(&sync::ask_approval(desk, &args(body)?)?)),
    ("sample.create", |desk, _| sample::open(desk).and_then(|()| Reply::json(&json!({})))),
    ("sample.remove", |desk, _| sample::remove(desk).and_then(|()| Reply::json(&json!({})))),
];

impl Desk {
    /// Answers `method` with the JSON `body`; an empty body counts as `{}`.
    pub fn call(self: &Arc<Self>, method: &str, body: &[u8]) -> Result<Reply> {
        let body = if body.is_empty() { json!({}) } else { serde_json::from_slice(body).map_err(not_json)? };
        self.call_with(method, body)
    }
    /// Answers `method` with a body that was read already.
    pub fn call_with(self: &Arc<Self>, method: &str, body: Value) -> Result<Reply> {
        let (_, run) = METHODS.iter().find(|(name, _)| *name == method).ok_or_else(|| unknown(method))?;
        run(self, body)
    }
    /// Answers `method` for callers that want a value back.
    pub fn ask(self: &Arc<Self>, method: &str, body: Value) -> Result<Value> {
        let reply = self.call_with(method, body)?;
        serde_json::from_slice(&reply.bytes).map_err(|e| Error::internal("rpc.encode").caused_by(e))
    }
}

fn unknown(method: &str) -> Error {
    let known: Vec<&str> = METHODS.iter().map(|(name, _)| *name).collect();
    Error::new(Kind::NotFound, "rpc.unknown_method").arg("name", method).arg("known", known.join(", "))
}

fn not_json(error: serde_json::Error) -> Error {
    Error::invalid("rpc.not_json").arg("detail", &error).caused_by(error)
}

fn args<T: DeserializeOwned>(body: Value) -> Result<T> {
    if !body.is_object() {
        return Err(Error::invalid("args.invalid").arg("detail", "expected an object with named values"));
    }
    read_args(body)
}

fn empty() -> Value {
    json!({})
}

#[derive(Deserialize)]
struct Execute {
    name: String,
    #[serde(default = "empty")]
    args: Value,
    id: Option<String>,
}

/// Executes a command. Setting up a company brings what every company starts with.
fn execute(desk: &Arc<Desk>, body: Value) -> Result<Reply> {
    let Execute { name, args, id } = args(body)?;
    if name == "identity.create_company" {
        return Reply::json(&desk.set_up(args)?);
    }
    if name == "importing.undo_batch" {
        return undo_import(desk, args);
    }
    let id = app::call_id(id.as_deref())?;
    Reply::json(&desk.with(|app| app.execute(Call::new(&name, args).with_id(id)))?)
}

/// Undoing an import is a batch of commands; asked for as one command, it is answered as one.
fn undo_import(desk: &Arc<Desk>, body: Value) -> Result<Reply> {
    let UndoImport { batch } = args(body)?;
    let result = desk.with(|app| jobs::undo(app, batch, &mut |_, _, _| ControlFlow::Continue(())))?;
    let changed: Vec<&str> = app::records().map(|record| record.table).collect();
    Reply::json(&json!({ "result": result, "changed": changed, "pos": desk.head()? }))
}

#[derive(Deserialize)]
struct Query {
    name: String,
    #[serde(default = "empty")]
    args: Value,
}

/// Answers a query: one of the core's, or one of the generic ones over any record.
fn query(desk: &Arc<Desk>, body: Value) -> Result<Reply> {
    let Query { name, args } = args(body)?;
    match records::QUERIES.iter().find(|generic| generic.name == name) {
        Some(generic) => Reply::json(&desk.with(|app| (generic.run)(app, app.actor(), args))?),
        None => Reply::json(&desk.with(|app| app.query(&name, args))?),
    }
}

#[derive(Deserialize)]
struct Changes {
    after: i64,
    #[serde(default)]
    wait_ms: u64,
}

fn changes(desk: &Arc<Desk>, body: Value) -> Result<Reply> {
    let Changes { after, wait_ms } = args(body)?;
    Reply::json(&desk.changes(after, Duration::from_millis(wait_ms)))
}

#[derive(Deserialize)]
struct Printed {
    id: Id<Header>,
}

#[derive(Deserialize)]
struct Previewed {
    draft: Draft,
}

#[derive(Deserialize)]
struct NamedJob {
    job: String,
}

fn named_job(body: Value) -> Result<String> {
    args::<NamedJob>(body).map(|named| named.job)
}
