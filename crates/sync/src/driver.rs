//! Does what the machine says: the books on one side, a road to the server on the other.

use daybook_core::app::{App, Standing};
use daybook_core::daybook::wire::{Feed, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::shared::error::{Error, Kind, Result};

use crate::machine::{Action, Event, Failure, Machine, Status};

/// The most entries of a push.
const PUSH_ENTRIES: i64 = 500;
/// The most bytes of arguments of a push.
const PUSH_BYTES: usize = 2 * 1024 * 1024;
/// The most bytes of row images of a pull.
const PULL_BYTES: u64 = 8 * 1024 * 1024;

/// A way to the server: HTTP, or a test's.
pub trait Road {
    /// Greets.
    fn hello(&mut self, hello: &Hello) -> Result<Welcome>;
    /// Pushes a run of entries.
    fn push(&mut self, push: &Push) -> Result<Receipt>;
    /// Asks for a stretch of the log.
    fn pull(&mut self, pull: &Pull) -> Result<Feed>;
}

/// A machine with its hands.
#[derive(Debug)]
pub struct Driver {
    machine: Machine,
}

impl Driver {
    /// A driver for books that followed the log up to `cursor`.
    pub fn new(cursor: i64) -> Self {
        Driver { machine: Machine::new(cursor) }
    }
    /// How the device stands.
    pub fn status(&self) -> Status {
        self.machine.status()
    }
    /// Takes an event and says what to do now; [`Driver::perform`] does it.
    pub fn step(&mut self, event: &Event, now_ms: i64, dice: u64) -> Action {
        self.machine.step(event, now_ms, dice)
    }
    /// Does what can be done with open books and the road; the event that came of it. `Rejoin` and
    /// `Wait` are the caller's.
    pub fn perform(&self, action: Action, app: &App, road: &mut dyn Road) -> Option<Event> {
        let outcome = match action {
            Action::Greet => greet(app, road),
            Action::Push { after } => push(app, road, after),
            Action::Pull { full } => pull(app, road, full),
            Action::BeginEpoch(epoch) => app.begin_epoch(epoch).map(|()| Event::Renewed),
            Action::Rejoin | Action::Wait { .. } => return None,
        };
        Some(outcome.unwrap_or_else(|error| Event::Failed(failure(&error))))
    }
}

fn greet(app: &App, road: &mut dyn Road) -> Result<Event> {
    let welcome = road.hello(&app.hello()?)?;
    Ok(match app.standing(&welcome)? {
        _ if welcome.schema != app.schema() => Event::Failed(Failure::Version),
        Standing::Same { server_has } => Event::Greeted { server_has, head: welcome.head },
        Standing::Forked { epoch } => Event::Failed(Failure::Forked(epoch)),
        Standing::OtherLog { .. } => Event::Failed(Failure::Lost),
    })
}

fn push(app: &App, road: &mut dyn Road, after: u64) -> Result<Event> {
    let Some(push) = app.next_push(after, PUSH_ENTRIES, PUSH_BYTES)? else { return Ok(Event::NothingToPush) };
    let receipt = road.push(&push)?;
    Ok(Event::Taken { server_has: receipt.last_seq, head: receipt.head })
}

fn pull(app: &App, road: &mut dyn Road, full: bool) -> Result<Event> {
    let followed = app.followed()?;
    let pull = Pull { cursor: followed.cursor, chain: followed.chain.into(), full, schema: app.schema(), most: PULL_BYTES };
    let feed = road.pull(&pull)?;
    let applied = app.follow(&feed)?;
    Ok(Event::Followed { cursor: applied.cursor, head: feed.head })
}

/// What an error means for the machine.
pub fn failure(error: &Error) -> Failure {
    match error.code() {
        "sync.gap" | "sync.forked" | "sync.cursor" | "sync.altered" => Failure::OutOfStep,
        "sync.timeline" | "sync.diverged" | "undo.diverged" | "undo.no_journal" => Failure::Lost,
        "sync.need_full" => Failure::NeedFull,
        "sync.signed_out" => Failure::SignedOut,
        "sync.schema" => Failure::Version,
        _ => match error.kind() {
            Kind::Busy | Kind::Storage => Failure::Unreachable,
            _ => Failure::Refused,
        },
    }
}
