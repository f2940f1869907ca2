//! What a server does with the entries that devices push: executes each once, in the order of its log,
//! with the same code, and decides. What fails leaves nothing but its entry and the reason.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::execute::{Done, hold_numbers, run_again, write_events};
use super::{App, effects_of, register, scope_of};
use crate::daybook::digest::{Digest, digest_of};
use crate::daybook::entry::{self, Entry, Envelope, content_hash};
use crate::daybook::log::{Log, Written};
use crate::daybook::sheet::Offered;
use crate::daybook::wire::{Push, PushedEntry, Receipt};
use crate::daybook::{chain, cursor};
use crate::db::Tx;
use crate::planted::{self, Defect};
use crate::shared::command::{Class, Names};
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
    /// The same for several pushes at once: one commit for all of them. `sync.words` says that a push must come
    /// with what its entries said; nothing of it is done then, and the others are as if it had not been there.
    pub fn accept_all(&self, pushes: &[(&Push, &Pusher)]) -> Result<Vec<Result<Receipt>>> {
        let mut wordless = BTreeSet::new();
        loop {
            let mut place = None;
            match self.accept_but(pushes, &wordless, &mut place) {
                Err(error) if is_wordless(&error) => wordless.extend(place),
                receipts => return receipts,
            }
        }
    }
    /// Leaves out the pushes at the places `wordless`; `place` is the one at which it stopped.
    fn accept_but(&self, pushes: &[(&Push, &Pusher)], wordless: &BTreeSet<usize>, place: &mut Option<usize>) -> Result<Vec<Result<Receipt>>> {
        let mut done = None;
        let receipts = self.storage.write_many(|tx| {
            done = None;
            let mut desk = Desk::open(self, tx, pushes)?;
            let start = desk.pos;
            let mut receipts = Vec::with_capacity(pushes.len());
            for (n, (push, pusher)) in pushes.iter().enumerate() {
                *place = Some(n);
                let receipt = if wordless.contains(&n) { Err(needs_words()) } else { desk.take(tx, push, pusher) };
                match receipt {
                    Err(error) if is_passing(&error) || (is_wordless(&error) && !wordless.contains(&n)) => return Err(error),
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

/// Asks for the run with all that its entries said: somebody changed the books in between.
fn needs_words() -> Error {
    Error::new(Kind::Conflict, "sync.words")
}

fn is_wordless(error: &Error) -> bool {
    error.code() == "sync.words"
}

/// The server at work within one transaction.
struct Desk<'a> {
    app: &'a App,
    log: Log,
    pos: i64,
    hash: Vec<u8>,
    tags: BTreeSet<String>,
    /// The commands of the pushes that were executed already: where, and what they said.
    known: HashMap<CommandId, (i64, Vec<u8>)>,
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
        let hashes = if is_bare(push) { None } else { Some(hashes(push)?) };
        let known = self.continues(tx, push, hashes.as_deref())?;
        self.check_reused(push)?;
        let (before, mut left, mut hash) = (self.pos, Some(0), push.prev.to_vec());
        let mut states = Vec::with_capacity(push.entries.len());
        for (seq, pushed) in (push.first..).zip(&push.entries) {
            let envelope = pushed.envelope(seq, hash);
            if seq <= known {
                states.push("duplicate".to_owned());
                left = None;
                hash = hash_in(push, &envelope)?;
                continue;
            }
            let state;
            (state, hash) = self.one(tx, push, (pushed, envelope), pusher, &mut left)?;
            states.push(state.to_owned());
            planted::step("accept.entry")?;
        }
        if hash != push.last.as_slice() && !planted::has(Defect::TakeWords) {
            return Err(needs_words());
        }
        *same = (left == Some(digest_of(&push.left)) || planted::has(Defect::ConfirmBlindly)) && self.pos > before;
        let end = end_of(push);
        if end > known {
            cursor::keep(tx, device, push.epoch, (end, &hash), self.app.now())?;
        }
        Ok(Receipt { last_seq: known.max(end), head: self.pos, states })
    }

    /// The newest sequence number that the server has of the device; checks that the run, with these `hashes`,
    /// continues it. A bare run has none before it is executed: it must begin where the server stands.
    fn continues(&self, tx: &mut Tx<'_>, push: &Push, hashes: Option<&[Vec<u8>]>) -> Result<u64> {
        let device: DeviceId = Id::from_bytes(push.device);
        let (known, last_hash) = cursor::of(tx, device, push.epoch)?;
        if push.first > known + 1 && planted::has(Defect::AcceptGap) {
            return Ok(push.first - 1);
        }
        if push.first > known + 1 || push.first == 0 {
            return Err(Error::new(Kind::Conflict, "sync.gap").arg("expected", known + 1));
        }
        let forked = || Error::new(Kind::Conflict, "sync.forked").arg("seq", known);
        let end = end_of(push);
        let there = match hashes {
            _ if push.first == known + 1 => Some(push.prev.to_vec()),
            Some(hashes) => (push.first..).zip(hashes).find(|(seq, _)| *seq == end.min(known)).map(|(_, hash)| hash.clone()),
            None => return Err(needs_words()),
        };
        let ours = if push.first == known + 1 || end >= known { Some(last_hash) } else { hash_of(tx, device, push.epoch, end)? };
        if there == ours || planted::has(Defect::IgnoreChain) { Ok(known) } else { Err(forked()) }
    }

    /// `command.reused` when an entry has the id of a command that said something else. Nothing of the run is
    /// done then: no honest device sends such a thing, and it gets no further.
    fn check_reused(&self, push: &Push) -> Result<()> {
        let mut within: HashMap<[u8; 16], &PushedEntry> = HashMap::new();
        for entry in &push.entries {
            let twin = within.insert(entry.command, entry);
            let other_twin = twin.is_some_and(|twin| (&twin.name, twin.version, &twin.args) != (&entry.name, entry.version, &entry.args));
            let earlier = self.known.get(&Id::from_bytes(entry.command));
            let other = earlier.is_some_and(|(_, said)| *said != content_hash(&entry.name, entry.version, &entry.args));
            if other || other_twin {
                return Err(Error::new(Kind::Conflict, "command.reused").arg("pos", earlier.map_or(self.pos, |(pos, _)| *pos)));
            }
        }
        Ok(())
    }

    /// Executes one entry; gives what became of it, and its hash.
    fn one(
        &mut self,
        tx: &mut Tx<'_>,
        push: &Push,
        (pushed, mut envelope): (&PushedEntry, Envelope),
        pusher: &Pusher,
        left: &mut Option<Digest>,
    ) -> Result<(&'static str, Vec<u8>)> {
        let content = content_hash(&envelope.name, envelope.version, &envelope.args);
        let command = Id::from_bytes(envelope.command);
        if let Some((pos, _)) = self.known.get(&command).filter(|_| !planted::has(Defect::NoDedupe)) {
            if pushed.offered().is_some() {
                return Err(needs_words());
            }
            let hash = hash_in(push, &envelope)?;
            note_alias(tx, push, envelope.seq, &hash, *pos)?;
            *left = None;
            return Ok(("duplicate", hash));
        }
        let mut verdict = decide(tx, &envelope, (pushed.offered(), pushed.batch().is_some()), pusher)?;
        if verdict.state == "refused" && planted::has(Defect::ForgetRefused) {
            return Ok((verdict.state, hash_in(push, &envelope)?));
        }
        if let Some(cx) = verdict.cx.as_ref().filter(|_| pushed.offered().is_some()) {
            envelope.keep(cx);
        }
        let changes = tx.take_log();
        let effects = effects_of(&changes)?;
        *left = left.map(|sum| sum.wrapping_add(effects.within(&pusher.scopes).left()));
        let result = serde_json::to_vec(&verdict.answer).map_err(|e| Error::internal("command.encode").caused_by(e))?;
        let (state, reason) = (verdict.state, verdict.reason.take());
        self.pos += 1;
        let written =
            Entry { pos: self.pos, device: pusher.device, epoch: push.epoch, envelope, batch: pushed.batch(), result, effect: effects.encode()?, reason };
        self.hash = written.write(tx, state)?;
        let what = Written { pos: self.pos, hash: &self.hash, state, at: self.app.now(), log: &changes, effects: &effects };
        self.log.append(&what, scope_of)?;
        self.known.insert(command, (self.pos, content));
        if let Some(cx) = &mut verdict.cx {
            write_events(tx, self.pos, &cx.take_events())?;
        }
        self.tags.extend(changes.tags());
        Ok((state, self.hash.clone()))
    }
}

/// Executes an entry and judges what came of it. Passing failures of disk and locks are handed on;
/// everything else becomes a verdict. A bare entry, which has `offered` what it consumed, must go through:
/// what else it took cannot be known.
fn decide(tx: &mut Tx<'_>, envelope: &Envelope, (offered, batched): (Option<&Offered>, bool), pusher: &Pusher) -> Result<Verdict> {
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
        run_again(tx, envelope, Names::Known, offered, (pusher.device, batched))
    };
    let outcome = if planted::has(Defect::NoSavepoint) {
        execute(tx)
    } else if offered.is_some() {
        tx.all_or_nothing(execute)
    } else {
        tx.savepoint(execute)
    };
    match outcome {
        Ok((answer, mut cx)) => {
            let exceptions = cx.take_exceptions();
            let told: Vec<Value> = exceptions.iter().map(Error::to_json).collect();
            let reason = if told.is_empty() { None } else { Some(Value::Array(told).to_string()) };
            Ok(Verdict { state: if reason.is_some() { "excepted" } else { "accepted" }, reason, answer, cx: Some(cx) })
        }
        Err(error) if is_passing(&error) => Err(error),
        Err(_) if offered.is_some() => Err(needs_words()),
        Err(error) => {
            let fact = register().command(&envelope.name).is_ok_and(|known| known.class == Class::Fact);
            let defect = matches!(error.kind(), Kind::Internal | Kind::Corrupt);
            let state = if fact || defect { "deferred" } else { "refused" };
            let error = hold_numbers(tx, envelope, pusher.device, error)?;
            Ok(Verdict { state, reason: Some(error.to_json().to_string()), answer: Value::Null, cx: None })
        }
    }
}

/// Whether what an entry said is left out of a push.
fn is_bare(push: &Push) -> bool {
    push.entries.iter().any(|entry| entry.offered().is_some())
}

/// The sequence number of the last entry.
fn end_of(push: &Push) -> u64 {
    push.first.saturating_add(u64::try_from(push.entries.len()).unwrap_or_default()).saturating_sub(1)
}

fn hash_in(push: &Push, envelope: &Envelope) -> Result<Vec<u8>> {
    Ok(chain::hash(&Id::from_bytes(push.device), push.epoch, &envelope.encode()?))
}

/// The hashes of the entries of a push. `sync.altered` when they do not end with the one that the device
/// gave: something changed on the way.
fn hashes(push: &Push) -> Result<Vec<Vec<u8>>> {
    let mut hashes = Vec::with_capacity(push.entries.len());
    let mut prev = push.prev.to_vec();
    for (seq, pushed) in (push.first..).zip(&push.entries) {
        prev = hash_in(push, &pushed.envelope(seq, prev))?;
        hashes.push(prev.clone());
    }
    if hashes.is_empty() || prev != push.last.as_slice() {
        return Err(Error::invalid("sync.altered"));
    }
    Ok(hashes)
}

/// Notes that an entry came again under another epoch.
fn note_alias(tx: &mut Tx<'_>, push: &Push, seq: u64, hash: &[u8], pos: i64) -> Result<()> {
    if planted::has(Defect::NoAlias) {
        return Ok(());
    }
    let (device, seq): (DeviceId, _) = (Id::from_bytes(push.device), i64::try_from(seq).unwrap_or_default());
    let sql = "INSERT INTO entry_alias (device, epoch, seq, hash, pos) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.run(sql, vals![device, push.epoch, seq, hash.to_vec(), pos]).map(drop)
}

/// The hash of an entry that the server has.
fn hash_of(tx: &mut Tx<'_>, device: DeviceId, epoch: i64, seq: u64) -> Result<Option<Vec<u8>>> {
    let seq = i64::try_from(seq).unwrap_or_default();
    let sql = "SELECT hash FROM daybook WHERE device = ?1 AND epoch = ?2 AND seq = ?3 UNION ALL SELECT hash FROM entry_alias WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
    Ok(tx.opt::<(Vec<u8>,)>(sql, vals![device, epoch, seq])?.map(|(hash,)| hash))
}
