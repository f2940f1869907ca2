//! Executing commands: one transaction each, or many in one (imports). Authorise, run, write the
//! entry, commit, then tell.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde_json::Value;

use super::{App, effects_of, register, scope_of};
use crate::daybook::entry::{self, Entry, Envelope, content_hash};
use crate::daybook::log::{Log, Written};
use crate::daybook::sheet::Offered;
use crate::daybook::state::{DeviceState, Part, hex};
use crate::daybook::{chain, outbox, rebase};
use crate::db::{Shape, Tx, encode_undo};
use crate::planted::{self, Defect};
use crate::shared::command::{Action, Class, CommandEntry, Names};
use crate::shared::context::{DeviceId, Event, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Context, Id, Instant};
use crate::vals;

/// A stand-alone device keeps the undo journals of this many entries.
const UNDO_KEPT: i64 = 1000;

const EVENT: Shape = Shape { table: "event", keys: 2, columns: &["pos", "n", "name", "subject", "body", "state"] };

/// The most tags a batch announces.
const TAGS_MAX: usize = 1000;

/// What a caller asks for.
#[derive(Clone, Debug)]
pub struct Call {
    /// The idempotency key: the same id again gives the same answer, once.
    pub id: CommandId,
    /// Name of the command.
    pub name: String,
    /// Arguments as JSON.
    pub args: Value,
    /// Who acts; the device's user when absent.
    pub actor: Option<UserId>,
    /// When; the clock's time when absent.
    pub at: Option<Instant>,
}

impl Call {
    /// A call of `name` with a fresh id.
    pub fn new(name: &str, args: Value) -> Self {
        Call { id: CommandId::mint(), name: name.to_owned(), args, actor: None, at: None }
    }
    /// The same call with this id.
    #[must_use]
    pub fn with_id(self, id: CommandId) -> Self {
        Call { id, ..self }
    }
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The command's answer.
    pub result: Value,
    /// Tags of what changed.
    pub changed: Vec<String>,
    /// Place of its entry in the daybook.
    pub pos: i64,
    /// Whether it had been executed before, and this is the answer of then.
    pub replayed: bool,
}

impl App {
    /// Executes one command in one durable transaction.
    pub fn execute(&self, call: Call) -> Result<Outcome> {
        self.batch(None, |batch| batch.execute(call))
    }

    /// Executes several commands in one durable transaction: all or none.
    pub fn batch<T>(&self, id: Option<Id<()>>, work: impl FnOnce(&mut Batch<'_, '_>) -> Result<T>) -> Result<T> {
        self.check_whole()?;
        let mut noted = None;
        let value = self.storage.write(|tx| {
            let mut batch = Batch::open(self, tx, id)?;
            let value = work(&mut batch)?;
            noted = batch.close()?;
            planted::step("execute.commit")?;
            Ok(value)
        })?;
        planted::step("execute.committed")?;
        self.tell(noted);
        Ok(value)
    }

    /// Tells what a committed transaction did: the head file and whoever listens.
    pub(super) fn tell(&self, done: Option<Done>) {
        let Some(done) = done else { return };
        if let Some(head) = &self.head {
            head.note(done.pos, hex(&done.hash));
        }
        self.announce(done.tags.into_iter().collect());
    }

    /// Books that lost entries take no new ones until somebody has seen it.
    pub(super) fn check_whole(&self) -> Result<()> {
        let lost = self.lost();
        if lost == 0 { Ok(()) } else { Err(Error::new(Kind::Corrupt, "daybook.lost").arg("count", lost)) }
    }

    /// Runs the entry at `pos` again from its envelope.
    pub(super) fn redo(&self, tx: &mut Tx<'_>, pos: i64) -> Result<()> {
        let missing = || Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", "an entry is missing");
        let stored = entry::at(tx, pos)?.ok_or_else(missing)?;
        tx.take_log();
        run_again(tx, &stored.envelope, Names::Any, None, (stored.device, stored.batch.is_some()))?;
        self.keep_journal(tx, pos)
    }
    /// Keeps what the entry at `pos` does now: its undo journal and its effects.
    pub(super) fn keep_journal(&self, tx: &mut Tx<'_>, pos: i64) -> Result<()> {
        let log = tx.take_log();
        rebase::renew(tx, pos, self.schema, encode_undo(&log)?)?;
        outbox::note_effects(tx, pos, &effects_of(&log)?)
    }
}

/// Runs an envelope again, as it was first executed on `device`, alone or in a batch; gives the answer and the exceptions. What a
/// bare one consumed is `offered`, what it said is found anew.
pub(super) fn run_again(
    tx: &mut Tx<'_>,
    envelope: &Envelope,
    names: Names,
    offered: Option<&Offered>,
    (device, batched): (DeviceId, bool),
) -> Result<(Value, Context)> {
    let known = register().command(&envelope.name)?;
    let action = (known.from_cbor)(&envelope.args, names)?;
    let mut cx = context_of(envelope, device);
    if let Some(offered) = offered {
        cx = cx.anew(offered.clone());
    }
    cx.done = known.class == Class::Fact;
    cx.batched = batched;
    let answer = run_guarded(known, action, tx, &mut cx)?;
    Ok((answer, cx))
}

/// What stays of an entry that fails with `error`: the places of the legal numbers that it took. Gives
/// the reason to tell: a number that is on two papers comes before everything else.
pub(super) fn hold_numbers(tx: &mut Tx<'_>, envelope: &Envelope, device: DeviceId, error: Error) -> Result<Error> {
    if planted::has(Defect::HoldNothing) {
        return Ok(error);
    }
    let mut cx = context_of(envelope, device);
    match tx.savepoint(|tx| crate::numbering::api::hold(tx, &mut cx)) {
        Err(failed) if matches!(failed.kind(), Kind::Busy | Kind::Storage) => Err(failed),
        Err(failed) if failed.code() == "number.twice" => Ok(failed),
        Ok(()) | Err(_) => Ok(error),
    }
}

/// The world in which an entry runs again.
fn context_of(envelope: &Envelope, device: DeviceId) -> Context {
    let (command, actor) = (Id::from_bytes(envelope.command), Id::from_bytes(envelope.actor));
    let first = envelope.kept.get(outbox::FIRST_DEVICE).and_then(|bytes| <[u8; 16]>::try_from(bytes.as_slice()).ok());
    let device = first.map_or(device, Id::from_bytes);
    let now = Instant::from_millis(envelope.wall_ms);
    if planted::has(Defect::NumberAnew) {
        return Context::new(command, actor, device, now);
    }
    let kept = envelope.kept.iter().map(|(key, bytes)| (key.clone(), bytes.to_vec())).collect();
    Context::again(command, actor, device, now, envelope.consumed.clone()).with_kept(kept)
}

/// What a transaction came to.
pub(super) struct Done {
    pub pos: i64,
    pub hash: Vec<u8>,
    pub tags: BTreeSet<String>,
}

/// A transaction that takes several commands.
pub struct Batch<'a, 'c> {
    app: &'a App,
    tx: &'a mut Tx<'c>,
    id: Option<Id<()>>,
    device: DeviceState,
    start: i64,
    pos: i64,
    prev: Vec<u8>,
    seq: i64,
    tags: BTreeSet<String>,
    log: Option<Log>,
}

impl<'a, 'c> Batch<'a, 'c> {
    fn open(app: &'a App, tx: &'a mut Tx<'c>, id: Option<Id<()>>) -> Result<Self> {
        let device = app.device();
        let (pos, _) = chain::head(tx)?;
        let (seq, prev) = entry::last_of(tx, device.device, device.epoch)?;
        let log = if device.part == Part::Server { Some(Log::open(tx)?) } else { None };
        Ok(Batch { app, tx, id, device, start: pos, pos, prev, seq: seq + 1, tags: BTreeSet::new(), log })
    }
    fn close(self) -> Result<Option<Done>> {
        if self.pos == self.start {
            return Ok(None);
        }
        if self.device.part == Part::Alone {
            rebase::forget_until(self.tx, self.pos - UNDO_KEPT)?;
        }
        if let Some(log) = self.log {
            log.close(self.tx)?;
        }
        Ok(Some(Done { pos: self.pos, hash: self.prev, tags: self.tags }))
    }
}

impl<'c> Batch<'_, 'c> {
    /// Place of the newest entry.
    pub fn pos(&self) -> i64 {
        self.pos
    }
    /// The transaction, for reading what the commands so far have made.
    pub fn tx(&mut self) -> &mut Tx<'c> {
        self.tx
    }

    /// Executes one command within the batch.
    pub fn execute(&mut self, call: Call) -> Result<Outcome> {
        let known = register().command(&call.name)?;
        let actor = call.actor.unwrap_or(self.device.actor);
        crate::identity::api::authorize(self.tx, actor, known.needs)?;
        let action = (known.from_json)(call.args, Names::Known)?;
        let args = action.encode()?;
        if let Some(earlier) = entry::find(self.tx, call.id)? {
            return replayed(earlier, &content_hash(known.name, known.version, &args));
        }
        if self.device.part == Part::Device && known.class == Class::OnlineOnly {
            return Err(Error::new(Kind::State, "sync.online_only").arg("name", known.name));
        }
        let now = call.at.unwrap_or_else(|| self.app.now());
        let mut cx = Context::new(call.id, actor, self.device.device, now);
        cx.keeping = self.device.part == Part::Device;
        cx.copy = self.device.copy;
        cx.batched = self.id.is_some();
        let result = run_guarded(known, action, self.tx, &mut cx)?;
        self.enter(known, args, cx, result)
    }

    /// Writes the entry, its undo journal or its place in the log, and its events.
    fn enter(&mut self, known: &CommandEntry, args: Vec<u8>, mut cx: Context, result: Value) -> Result<Outcome> {
        let log = self.tx.take_log();
        let effects = effects_of(&log)?;
        let mut envelope = Envelope {
            name: known.name.to_owned(),
            version: known.version,
            seq: u64::try_from(self.seq).unwrap_or_default(),
            command: cx.command.bytes(),
            prev: std::mem::take(&mut self.prev),
            actor: cx.actor.bytes(),
            wall_ms: cx.now.millis(),
            args,
            consumed: BTreeMap::new(),
            kept: BTreeMap::new(),
        };
        envelope.keep(&cx);
        let entry = Entry {
            pos: self.pos + 1,
            device: cx.device,
            epoch: self.device.epoch,
            envelope,
            batch: self.id,
            result: serde_json::to_vec(&result).map_err(|e| Error::internal("command.encode").caused_by(e))?,
            effect: effects.encode()?,
            reason: None,
        };
        self.prev = entry.write(self.tx, self.state())?;
        self.pos = entry.pos;
        self.seq += 1;
        match &mut self.log {
            Some(written) => {
                let what = Written { pos: entry.pos, hash: &self.prev, state: "accepted", at: cx.now, log: &log, effects: &effects };
                written.append(&what, scope_of)?;
                written.enter(self.tx, false)?;
            }
            None => rebase::keep(self.tx, self.pos, self.app.schema, encode_undo(&log)?)?,
        }
        write_events(self.tx, self.pos, &cx.take_events())?;
        let changed = log.tags();
        let outcome = Outcome { result, changed: changed.iter().cloned().collect(), pos: self.pos, replayed: false };
        self.tags.extend(changed);
        self.shorten_tags();
        Ok(outcome)
    }
    /// The state in which a new entry begins.
    fn state(&self) -> &'static str {
        match self.device.part {
            Part::Alone => "local",
            Part::Device => "pending",
            Part::Server => "accepted",
        }
    }
}

impl Batch<'_, '_> {
    /// After thousands of rows nobody asks for single ones: whole tables are named then.
    fn shorten_tags(&mut self) {
        if self.tags.len() > TAGS_MAX {
            self.tags.retain(|tag| !tag.contains(':'));
        }
    }
}

/// Same id and same content: the answer of then. Other content: a defect of the caller.
fn replayed(earlier: entry::Stored, content: &[u8]) -> Result<Outcome> {
    if earlier.content_hash != content {
        return Err(Error::new(Kind::Conflict, "command.reused").arg("pos", earlier.pos));
    }
    let result = serde_json::from_slice(&earlier.result).map_err(|e| Error::new(Kind::Corrupt, "daybook.envelope").caused_by(e))?;
    Ok(Outcome { result, changed: Vec::new(), pos: earlier.pos, replayed: true })
}

/// A panic inside a command ends that command, not the program; its transaction rolls back. What it wrote
/// must hang together, and what a person may undo of it is noted.
pub(super) fn run_guarded(known: &CommandEntry, action: Box<dyn Action>, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Value> {
    let run = || {
        if cx.redo && planted::panics(cx.command.bytes()) {
            std::panic::resume_unwind(Box::new("planted"));
        }
        action.run(tx, cx)
    };
    let answer = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        Err(Error::internal("command.panicked").arg("detail", text.unwrap_or_default()))
    })?;
    crate::history::api::note(tx, cx, known)?;
    tx.check_links().map(|()| answer)
}

pub(super) fn write_events(tx: &mut Tx<'_>, pos: i64, events: &[Event]) -> Result<()> {
    for (n, event) in (0_i64..).zip(events) {
        let subject: Id<()> = Id::from_bytes(event.subject);
        tx.append(EVENT, vals![pos, n, event.name.to_owned(), subject, event.body.to_string(), "waiting".to_owned()])?;
    }
    Ok(())
}
