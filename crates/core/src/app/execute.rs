//! Executing commands: one transaction each, or many in one (imports). Authorise, run, write the
//! entry, commit, then tell.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde_json::Value;

use super::{App, register};
use crate::daybook::entry::{self, Entry, Envelope, content_hash};
use crate::daybook::{chain, rebase};
use crate::db::{Tx, encode_undo};
use crate::shared::command::{Action, CommandEntry};
use crate::shared::context::{Event, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Context, Id, Instant};
use crate::vals;

/// A stand-alone device keeps the undo journals of this many entries.
const UNDO_KEPT: i64 = 1000;

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
            let (pos, prev) = chain::head(tx)?;
            let seq = next_seq(tx, self)?;
            let mut batch = Batch { app: self, tx, id, pos, prev, seq, tags: Default::default() };
            let value = work(&mut batch)?;
            let Batch { pos: end, prev: hash, tags, .. } = batch;
            if end > pos {
                rebase::forget_until(tx, end - UNDO_KEPT)?;
                noted = Some((end, hash, tags));
            }
            Ok(value)
        })?;
        if let Some((pos, hash, tags)) = noted {
            if let Some(head) = &self.head {
                head.note(pos, super::hex(&hash));
            }
            self.announce(tags.into_iter().collect());
        }
        Ok(value)
    }

    /// Books that lost entries take no new ones until somebody has seen it.
    pub(super) fn check_whole(&self) -> Result<()> {
        if self.lost == 0 { Ok(()) } else { Err(Error::new(Kind::Corrupt, "daybook.lost").arg("count", self.lost)) }
    }

    /// Runs the entry at `pos` again from its envelope.
    pub(super) fn redo(&self, tx: &mut Tx<'_>, pos: i64) -> Result<()> {
        let missing = || Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", "an entry is missing");
        let stored = entry::at(tx, pos)?.ok_or_else(missing)?;
        let envelope = stored.envelope;
        let known = register().command(&envelope.name)?;
        let action = (known.from_cbor)(&envelope.args)?;
        let mut cx = Context::again(
            Id::from_bytes(envelope.command),
            Id::from_bytes(envelope.actor),
            stored.device,
            Instant::from_millis(envelope.wall_ms),
            envelope.consumed,
        );
        tx.take_log();
        action.run(tx, &mut cx)?;
        let log = tx.take_log();
        rebase::forget(tx, pos)?;
        rebase::keep(tx, pos, self.schema, encode_undo(&log)?)
    }
}

fn next_seq(tx: &mut Tx<'_>, app: &App) -> Result<i64> {
    let sql = "SELECT coalesce(max(seq), 0) + 1 FROM daybook WHERE device = ?1 AND epoch = ?2";
    tx.one(sql, vals![app.device.device, app.device.epoch])
}

/// A transaction that takes several commands.
pub struct Batch<'a, 'c> {
    app: &'a App,
    tx: &'a mut Tx<'c>,
    id: Option<Id<()>>,
    pos: i64,
    prev: Vec<u8>,
    seq: i64,
    tags: std::collections::BTreeSet<String>,
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
        let actor = call.actor.unwrap_or(self.app.device.actor);
        crate::identity::api::authorize(self.tx, actor, known.needs)?;
        let action = (known.from_json)(call.args)?;
        let args = action.encode()?;
        if let Some(earlier) = entry::find(self.tx, call.id)? {
            return replayed(earlier, &content_hash(known.name, known.version, &args));
        }
        let now = call.at.unwrap_or_else(|| self.app.now());
        let mut cx = Context::new(call.id, actor, self.app.device.device, now);
        let result = run_guarded(action, self.tx, &mut cx)?;
        self.enter(known, args, cx, result)
    }

    /// Writes the entry, its undo journal and its events.
    fn enter(&mut self, known: &CommandEntry, args: Vec<u8>, mut cx: Context, result: Value) -> Result<Outcome> {
        let log = self.tx.take_log();
        let entry = Entry {
            pos: self.pos + 1,
            device: cx.device,
            epoch: self.app.device.epoch,
            envelope: Envelope {
                name: known.name.to_owned(),
                version: known.version,
                seq: u64::try_from(self.seq).unwrap_or_default(),
                command: cx.command.bytes(),
                prev: std::mem::take(&mut self.prev),
                actor: cx.actor.bytes(),
                wall_ms: cx.now.millis(),
                args,
                consumed: cx.all_consumed().clone(),
            },
            batch: self.id,
            result: serde_json::to_vec(&result).map_err(|e| Error::internal("command.encode").caused_by(e))?,
        };
        self.prev = entry.write(self.tx, "local")?;
        self.pos = entry.pos;
        self.seq += 1;
        rebase::keep(self.tx, self.pos, self.app.schema, encode_undo(&log)?)?;
        write_events(self.tx, self.pos, &cx.take_events())?;
        let changed = log.tags();
        let outcome = Outcome { result, changed: changed.iter().cloned().collect(), pos: self.pos, replayed: false };
        self.tags.extend(changed);
        self.shorten_tags();
        Ok(outcome)
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

/// A panic inside a command ends that command, not the program; its transaction rolls back.
fn run_guarded(action: Box<dyn Action>, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Value> {
    catch_unwind(AssertUnwindSafe(|| action.run(tx, cx))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        Err(Error::internal("command.panicked").arg("detail", text.unwrap_or_default()))
    })
}

fn write_events(tx: &mut Tx<'_>, pos: i64, events: &[Event]) -> Result<()> {
    for (n, event) in (0_i64..).zip(events) {
        let subject: Id<()> = Id::from_bytes(event.subject);
        tx.run(
            "INSERT INTO event (pos, n, name, subject, body, state) VALUES (?1, ?2, ?3, ?4, ?5, 'waiting')",
            vals![pos, n, event.name.to_owned(), subject, event.body.to_string()],
        )?;
    }
    Ok(())
}
