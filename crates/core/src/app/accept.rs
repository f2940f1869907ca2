//! What a server does with the entries that devices push: executes each once, in the order of its log,
//! with the same code, and decides. What fails leaves nothing but its entry and the reason.

use std::collections::HashMap;

use serde_json::Value;

use super::execute::{Done, hold_numbers, run_again, write_events};
use super::{App, effects_of, register, scope_of};
use crate::daybook::digest::{Digest, digest_of};
use crate::daybook::entry::{self, Entry, Envelope, content_hash};
use crate::daybook::log::{Log, Written};
use crate::daybook::wire::{Push, PushedEntry, Receipt};
use crate::daybook::{chain, cursor};
use crate::db::Tx;
use crate::planted::{self, Defect};
use crate::shared::command::Class;
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Context, Id};
use crate::vals;

/// Who pushes: what the server knows of the device behind a session.
#[derive(Clone, Debug)]
pub struct Pusher {
    /// The device.
    pub device: DeviceId,
    /// Who may act on it; anybody of the books when absent (books that are uploaded whole).
    pub actors: Option<Vec<UserId>>,
    /// The scopes it holds.
    pub scopes: Vec<String>,
}

impl App {
    /// Executes what a device pushed, in one durable transaction. `sync.gap` and `sync.forked` say that
    /// the run does not continue what the server has; nothing is done then.
    pub fn accept(&self, push: &Push, pusher: &Pusher) -> Result<Receipt> {
        self.accept_all(&[(push, pusher)]).and_then(|mut all| all.pop().unwrap_or_else(|| Err(Error::internal("sync.seq"))))
    }
    /// The same for several pushes at once: one commit for all of them.
    pub fn accept_all(&self, pushes: &[(&Push, &Pusher)]) -> Result<Vec<Result<Receipt>>> {
        let mut done = None;
        let receipts = self.storage.write_many(|tx| {
            done = None;
            let mut desk = Desk::open(self, tx, pushes)?;
            let start = desk.pos;
            let mut receipts = Vec::with_capacity(pushes.len());
            for (push, pusher) in pushes {
                match desk.take(tx, push, pusher) {
                    Err(error) if is_passing(&error) => return Err(error),
                    receipt => receipts.push(receipt),
                }
                planted::step("accept.taken")?;
            }
            if desk.pos > start {
                desk.log.close(tx)?;
                done = Some(Done { pos: desk.pos, hash: desk.hash, tags: desk.tags });
            }
            planted::step("accept.commit")?;
            Ok(receipts)
        })?;
        planted::step("accept.committed")?;
        self.tell(done);
        Ok(receipts)
    }
}

/// Whether trying again later may help: the disk, a lock. Such an error ends the whole transaction.
fn is_passing(error: &Error) -> bool {
    matches!(error.kind(), Kind::Busy | Kind::Storage)
}

/// The server at work within one transaction.
struct Desk<'a> {
    app: &'a App,
    log: Log,
    pos: i64,
    hash: Vec<u8>,
    tags: std::collections::BTreeSet<String>,
    /// The commands of the pushes that were executed already: where, and what they said.
    known: HashMap<CommandId, (i64, Vec<u8>)>,
}

/// An entry at its place: its envelope and hash.
struct Placed<'p> {
    pushed: &'p PushedEntry,
    envelope: Envelope,
    hash: Vec<u8>,
}

/// What became of one entry.
struct Verdict {
    state: &'static str,
    reason: Option<String>,
    answer: Value,
    cx: Option<Context>,
}

impl<'a> Desk<'a> {
    fn open(app: &'a App, tx: &mut Tx<'_>, pushes: &[(&Push, &Pusher)]) -> Result<Self> {
        let commands = pushes.iter().flat_map(|(push, _)| &push.entries).map(|entry| Id::from_bytes(entry.command));
        let known = entry::known(tx, commands)?;
        Ok(Desk { app, log: Log::open(tx)?, pos: chain::head(tx)?.0, hash: Vec::new(), tags: Default::default(), known })
    }
    /// Takes a push, and notes in the log whether the device has the same rows.
    fn take(&mut self, tx: &mut Tx<'_>, push: &Push, pusher: &Pusher) -> Result<Receipt> {
        let mut same = false;
        let receipt = self.execute(tx, push, pusher, &mut same);
        self.log.enter(tx, same)?;
        receipt
    }
    fn execute(&mut self, tx: &mut Tx<'_>, push: &Push, pusher: &Pusher, same: &mut bool) -> Result<Receipt> {
        let device: DeviceId = Id::from_bytes(push.device);
        if device != pusher.device {
            return Err(Error::new(Kind::Denied, "sync.other_device"));
        }
        let run = placed(push)?;
        let known = self.continues(tx, push, &run)?;
        let (before, mut left) = (self.pos, Some(0));
        let mut states = Vec::with_capacity(run.len());
        for placed in &run {
            if placed.envelope.seq <= known {
                states.push("duplicate".to_owned());
                left = None;
                continue;
            }
            states.push(self.one(tx, placed, push.epoch, pusher, &mut left)?.to_owned());
            planted::step("accept.entry")?;
        }
        *same = (left == Some(digest_of(&push.left)) || planted::has(Defect::ConfirmBlindly)) && self.pos > before;
        let last_seq = known.max(run.last().map_or(known, |last| last.envelope.seq));
        if let Some(last) = run.last().filter(|last| last.envelope.seq > known) {
            cursor::keep(tx, device, push.epoch, (last.envelope.seq, &last.hash), self.app.now())?;
        }
        Ok(Receipt { last_seq, head: self.pos, states })
    }

    /// The newest sequence number that the server has of the device; checks that the run continues it.
    fn continues(&self, tx: &mut Tx<'_>, push: &Push, run: &[Placed<'_>]) -> Result<u64> {
        let device: DeviceId = Id::from_bytes(push.device);
        let (known, last_hash) = cursor::of(tx, device, push.epoch)?;
        if push.first > known + 1 && planted::has(Defect::AcceptGap) {
            return Ok(push.first - 1);
        }
        if push.first > known + 1 || push.first == 0 {
            return Err(Error::new(Kind::Conflict, "sync.gap").arg("expected", known + 1));
        }
        let forked = || Error::new(Kind::Conflict, "sync.forked").arg("seq", known);
        let end = run.last().map_or(0, |last| last.envelope.seq);
        let there = if push.first == known + 1 {
            Some(push.prev.to_vec())
        } else {
            run.iter().find(|placed| placed.envelope.seq == end.min(known)).map(|placed| placed.hash.clone())
        };
        let ours = if push.first == known + 1 || end >= known { Some(last_hash) } else { hash_of(tx, device, push.epoch, end)? };
        if there == ours || planted::has(Defect::IgnoreChain) { Ok(known) } else { Err(forked()) }
    }

    fn one(&mut self, tx: &mut Tx<'_>, placed: &Placed<'_>, epoch: i64, pusher: &Pusher, left: &mut Option<Digest>) -> Result<&'static str> {
        let envelope = &placed.envelope;
        let content = content_hash(&envelope.name, envelope.version, &envelope.args);
        let command = Id::from_bytes(envelope.command);
        if let Some((pos, earlier)) = self.known.get(&command).filter(|_| !planted::has(Defect::NoDedupe)) {
            if *earlier != content {
                return Err(Error::new(Kind::Conflict, "command.reused").arg("pos", pos));
            }
            note_alias(tx, pusher.device, epoch, placed, *pos)?;
            *left = None;
            return Ok("duplicate");
        }
        let mut verdict = decide(tx, envelope, pusher)?;
        if verdict.state == "refused" && planted::has(Defect::ForgetRefused) {
            return Ok(verdict.state);
        }
        let changes = tx.take_log();
        let effects = effects_of(&changes)?;
        *left = left.map(|sum| sum.wrapping_add(effects.within(&pusher.scopes).left()));
        let result = serde_json::to_vec(&verdict.answer).map_err(|e| Error::internal("command.encode").caused_by(e))?;
        let (state, reason) = (verdict.state, verdict.reason.take());
        self.pos += 1;
        let written = Entry {
            pos: self.pos,
            device: pusher.device,
            epoch,
            envelope: envelope.clone(),
            batch: placed.pushed.batch(),
            result,
            effect: effects.encode()?,
            reason,
        };
        self.hash = written.write(tx, state)?;
        let what = Written { pos: self.pos, hash: &self.hash, state, at: self.app.now(), log: &changes, effects: &effects };
        self.log.append(&what, scope_of)?;
        self.known.insert(command, (self.pos, content));
        if let Some(cx) = &mut verdict.cx {
            write_events(tx, self.pos, &cx.take_events())?;
        }
        self.tags.extend(changes.tags());
        Ok(state)
    }
}

/// Executes an entry and judges what came of it. Passing failures of disk and locks are handed on;
/// everything else becomes a verdict.
fn decide(tx: &mut Tx<'_>, envelope: &Envelope, pusher: &Pusher) -> Result<Verdict> {
    tx.take_log();
    let execute = |tx: &mut Tx<'_>| {
        let known = register().command(&envelope.name)?;
        let actor = Id::from_bytes(envelope.actor);
        if pusher.actors.as_ref().is_some_and(|actors| !actors.contains(&actor)) {
            return Err(Error::new(Kind::Denied, "sync.other_actor"));
        }
        if !planted::has(Defect::SkipAuthorize) {
            crate::identity::api::authorize(tx, actor, known.needs)?;
        }
        run_again(tx, envelope, pusher.device)
    };
    let outcome = if planted::has(Defect::NoSavepoint) { execute(tx) } else { tx.savepoint(execute) };
    match outcome {
        Ok((answer, mut cx)) => {
            let exceptions = cx.take_exceptions();
            let told: Vec<Value> = exceptions.iter().map(Error::to_json).collect();
            let reason = if told.is_empty() { None } else { Some(Value::Array(told).to_string()) };
            Ok(Verdict { state: if reason.is_some() { "excepted" } else { "accepted" }, reason, answer, cx: Some(cx) })
        }
        Err(error) if is_passing(&error) => Err(error),
        Err(error) => {
            let fact = register().command(&envelope.name).is_ok_and(|known| known.class == Class::Fact);
            let defect = matches!(error.kind(), Kind::Internal | Kind::Corrupt);
            let state = if fact || defect { "deferred" } else { "refused" };
            let error = hold_numbers(tx, envelope, pusher.device, error)?;
            Ok(Verdict { state, reason: Some(error.to_json().to_string()), answer: Value::Null, cx: None })
        }
    }
}

/// The entries of a push at their places. `sync.altered` when they do not end with the hash that the
/// device gave: something changed on the way.
fn placed(push: &Push) -> Result<Vec<Placed<'_>>> {
    let device: DeviceId = Id::from_bytes(push.device);
    let mut prev = push.prev.to_vec();
    let mut run = Vec::with_capacity(push.entries.len());
    for (seq, pushed) in (push.first..).zip(&push.entries) {
        let envelope = pushed.envelope(seq, prev);
        let hash = chain::hash(&device, push.epoch, &envelope.encode()?);
        prev = hash.clone();
        run.push(Placed { pushed, envelope, hash });
    }
    if run.is_empty() || prev != push.last.as_slice() {
        return Err(Error::invalid("sync.altered"));
    }
    Ok(run)
}

/// Notes that an entry came again under another epoch.
fn note_alias(tx: &mut Tx<'_>, device: DeviceId, epoch: i64, placed: &Placed<'_>, pos: i64) -> Result<()> {
    if planted::has(Defect::NoAlias) {
        return Ok(());
    }
    let seq = i64::try_from(placed.envelope.seq).unwrap_or_default();
    let sql = "INSERT INTO entry_alias (device, epoch, seq, hash, pos) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.run(sql, vals![device, epoch, seq, placed.hash.clone(), pos]).map(drop)
}

/// The hash of an entry that the server has.
fn hash_of(tx: &mut Tx<'_>, device: DeviceId, epoch: i64, seq: u64) -> Result<Option<Vec<u8>>> {
    let seq = i64::try_from(seq).unwrap_or_default();
    let sql = "SELECT hash FROM daybook WHERE device = ?1 AND epoch = ?2 AND seq = ?3 UNION ALL SELECT hash FROM entry_alias WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
    Ok(tx.opt::<(Vec<u8>,)>(sql, vals![device, epoch, seq])?.map(|(hash,)| hash))
}
