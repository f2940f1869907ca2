//! What a command may know of the world: nothing else. Core code never asks the clock, the
//! environment or a random source, so every run replays.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::date::{Date, Instant};
use super::error::{Error, Result};
use super::id::{CommandId, Id};

/// Marks the ids of users.
#[derive(Debug)]
pub enum UserTag {}
/// Who acts.
pub type UserId = Id<UserTag>;
/// Marks the ids of devices.
#[derive(Debug)]
pub enum DeviceTag {}
/// Where the command was first executed.
pub type DeviceId = Id<DeviceTag>;

/// The world of one command.
#[derive(Debug)]
pub struct Context {
    /// The id of the command.
    pub command: CommandId,
    /// Who acts.
    pub actor: UserId,
    /// On which device.
    pub device: DeviceId,
    /// The device's clock when the command was first executed.
    pub now: Instant,
    /// Whether the command runs again (redo, server), with what it consumed the first time.
    pub redo: bool,
    /// Whether it has happened already, so that no commercial reason may stop it: a fact that runs
    /// again.
    pub done: bool,
    /// Whether what a posted document says is kept word for word, because others may change the books
    /// before it runs again.
    pub keeping: bool,
    /// Whether the books may be a copy of books that others go on with: they give out no numbers.
    pub copy: bool,
    /// Whether the command is one of a batch, which is undone as a whole.
    pub batched: bool,
    consumed: BTreeMap<String, String>,
    offered: Option<BTreeMap<String, VecDeque<String>>>,
    kept: BTreeMap<String, Vec<u8>>,
    counters: HashMap<&'static str, u32>,
    events: Vec<Event>,
    exceptions: Vec<Error>,
}

/// The kind of what is consumed under keys `kind:id`.
pub fn kind_of(key: &str) -> &str {
    key.split_once(':').map_or(key, |(kind, _)| kind)
}

/// Something that happened, for the outbox: mail, webhook, PDF, other modules.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Dotted name: `billing.invoice_posted`.
    pub name: &'static str,
    /// The record it is about.
    pub subject: [u8; 16],
    /// What a receiver needs.
    pub body: serde_json::Value,
}

impl Context {
    /// The world of a first execution.
    pub fn new(command: CommandId, actor: UserId, device: DeviceId, now: Instant) -> Self {
        Context {
            command,
            actor,
            device,
            now,
            redo: false,
            done: false,
            keeping: false,
            copy: false,
            batched: false,
            consumed: BTreeMap::new(),
            offered: None,
            kept: BTreeMap::new(),
            counters: HashMap::new(),
            events: Vec::new(),
            exceptions: Vec::new(),
        }
    }
    /// The world of a later execution of the same command, with what the first one consumed.
    pub fn again(command: CommandId, actor: UserId, device: DeviceId, now: Instant, consumed: BTreeMap<String, String>) -> Self {
        Context { redo: true, consumed, ..Context::new(command, actor, device, now) }
    }
    /// Finding anew what the first execution said. Of what that consumed it has the values alone, by kind, in
    /// the order in which they were taken.
    #[must_use]
    pub fn anew(self, offered: BTreeMap<String, Vec<String>>) -> Self {
        let offered = offered.into_iter().map(|(kind, values)| (kind, values.into())).collect();
        Context { keeping: true, offered: Some(offered), ..self }
    }
    /// With what the first execution said.
    #[must_use]
    pub fn with_kept(self, kept: BTreeMap<String, Vec<u8>>) -> Self {
        Context { kept, ..self }
    }
    /// What the first execution said under `key`, word for word, if that was kept.
    pub fn kept(&self, key: &str) -> Option<&[u8]> {
        self.kept.get(key).map(Vec::as_slice)
    }
    /// Keeps what this execution says under `key`, where later ones must say the same.
    pub fn keep(&mut self, key: &str, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<()> {
        if self.keeping && !self.kept.contains_key(key) {
            self.kept.insert(key.to_owned(), make()?);
        }
        Ok(())
    }
    /// Everything kept, for the envelope.
    pub fn all_kept(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.kept
    }
    /// Stops with `error`, unless the thing has happened already: then it goes on, and the entry is
    /// accepted with this exception.
    pub fn stop_unless_done(&mut self, error: Error) -> Result<()> {
        if !self.done {
            return Err(error);
        }
        self.exceptions.push(error);
        Ok(())
    }
    /// Notes an exception that a person should see.
    pub fn except(&mut self, error: Error) {
        self.exceptions.push(error);
    }
    /// The exceptions so far, taken out.
    pub fn take_exceptions(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.exceptions)
    }
    /// The next id for a record of `table`.
    pub fn id<T>(&mut self, table: &'static str) -> Id<T> {
        let counter = self.counters.entry(table).or_default();
        let ordinal = *counter;
        *counter = counter.saturating_add(1);
        Id::derived(self.command, table, ordinal)
    }
    /// Today on the device, in UTC: the default of dates that the user left out.
    pub fn today(&self) -> Result<Date> {
        Date::of(self.now)
    }
    /// Consumes something that exists once (a legal number, a lot code): `make` finds it at the first
    /// execution, later ones get the same again.
    pub fn consume(&mut self, key: &str, make: impl FnOnce() -> Result<String>) -> Result<String> {
        if let Some(value) = self.consumed.get(key) {
            return Ok(value.clone());
        }
        let value = match self.offer(key) {
            Some(value) => value,
            None if self.redo => return Err(Error::internal("context.not_consumed").arg("key", key)),
            None => make()?,
        };
        self.consumed.insert(key.to_owned(), value.clone());
        Ok(value)
    }
    /// Whether something was consumed under `key` before.
    pub fn has_consumed(&self, key: &str) -> bool {
        let offers = || self.offered.as_ref()?.get(kind_of(key)).filter(|values| !values.is_empty());
        self.consumed.contains_key(key) || offers().is_some()
    }
    fn offer(&mut self, key: &str) -> Option<String> {
        self.offered.as_mut()?.get_mut(kind_of(key))?.pop_front()
    }
    /// Everything consumed, for the envelope.
    pub fn all_consumed(&self) -> &BTreeMap<String, String> {
        &self.consumed
    }
    /// Puts an event into the outbox of this transaction.
    pub fn emit<T>(&mut self, name: &'static str, subject: Id<T>, body: serde_json::Value) {
        self.events.push(Event { name, subject: subject.bytes(), body });
    }
    /// The events so far, taken out.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }
}
