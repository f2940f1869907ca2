//! Does what the machine says: the books on one side, a road to the server on the other.

use std::path::{Path, PathBuf};

use daybook_core::app::{App, Standing, system_clock};
use daybook_core::daybook::wire::{Fate, Feed, FilePiece, FileWord, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::db::Mode;
use daybook_core::planted;
use daybook_core::shared::error::{Error, Kind, Result};

use crate::lane::{Lane, Pace};
use crate::machine::{Action, Event, Failure, Machine, Status};

/// The most entries of a push.
const PUSH_ENTRIES: i64 = 500;
/// The most bytes of arguments of a push.
const PUSH_BYTES: usize = 2 * 1024 * 1024;
/// The most bytes of row images that are followed at once.
const DRAIN_BYTES: usize = 192 * 1024 * 1024;
/// The most commands asked after at once.
const FATES: usize = 10_000;
/// So many entries behind, the newest image of each row will do.
const MERGE_ENTRIES: u64 = 500;
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
    /// Asks what became of commands.
    fn fates(&mut self, commands: &[[u8; 16]]) -> Result<Vec<Fate>>;
    /// Gets a copy of the books for this device into the file at `path`.
    fn snapshot(&mut self, path: &Path) -> Result<()>;
    /// Asks how the server stands to the content of files, by hash.
    fn ask_files(&mut self, hashes: &[String]) -> Result<Vec<FileWord>>;
    /// Sends a piece of the content of a file.
    fn send_piece(&mut self, piece: &FilePiece) -> Result<FileWord>;
    /// Gets piece `n`, from 1, of the content of a file.
    fn get_piece(&mut self, hash: &str, n: i64) -> Result<FilePiece>;
}

/// Gets the rows of `old` anew and takes over what it had. The books at its path are the new ones when
/// this succeeds and the old ones when it fails; open them again either way.
pub fn rejoin(old: App, path: &Path, road: &mut dyn Road) -> Result<()> {
    let fresh = path.with_extension("fresh");
    remove(&fresh);
    let renewed = renew(&old, &fresh, road);
    planted::step("rejoin.renewed")?;
    drop(old);
    match renewed {
        Ok(()) => replace(path, &fresh),
        Err(error) => {
            remove(&fresh);
            Err(error)
        }
    }
}

fn renew(old: &App, fresh: &Path, road: &mut dyn Road) -> Result<()> {
    road.snapshot(fresh)?;
    planted::step("rejoin.snapshot")?;
    let mut fates = Vec::new();
    for commands in old.own_commands()?.chunks(FATES) {
        fates.extend(road.fates(commands)?);
    }
    let epoch = road.hello(&old.hello()?)?.epoch.max(old.device().epoch) + 1;
    let new = App::open(fresh, Mode::Write, system_clock())?;
    new.carry_over(old, &fates, epoch)
}

/// The files that make up books, beside the first.
const TAILS: [&str; 4] = ["-wal", "-shm", ".head", ".lock"];

fn beside(books: &Path, tail: &str) -> PathBuf {
    let mut name = books.as_os_str().to_owned();
    name.push(tail);
    name.into()
}

/// Puts closed books in the place of others. The old log goes first, it must never meet new books; then
/// the old head file, which knows entries by other hashes. What is left when it stops anywhere opens.
fn replace(books: &Path, fresh: &Path) -> Result<()> {
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", books.display()).caused_by(e);
    for tail in ["-wal", "-shm", ".head"] {
        let _ = std::fs::remove_file(beside(books, tail));
    }
    planted::step("rejoin.removed")?;
    std::fs::rename(fresh, books).map_err(failed)?;
    planted::step("rejoin.renamed")?;
    std::fs::rename(beside(fresh, ".head"), beside(books, ".head")).map_err(failed)?;
    remove(fresh);
    Ok(())
}

/// Removes what is left of books that are not needed; what is not there needs no removing.
pub(crate) fn remove(books: &Path) {
    let _ = std::fs::remove_file(books);
    for tail in TAILS {
        let _ = std::fs::remove_file(beside(books, tail));
    }
}

/// A machine with its hands.
#[derive(Debug)]
pub struct Driver {
    machine: Machine,
    lane: Lane,
    trouble: Option<Error>,
}

/// How a round of syncing ended.
#[derive(Debug)]
pub enum Rest {
    /// There is nothing to do until this time (ms), or until something happens. With what went wrong, if
    /// it did.
    Until(i64, Option<Error>),
    /// The rows must come anew: [`rejoin`].
    Rejoin,
}

/// Syncs until there is nothing to do for now, files last. The error says why the device is not in step.
pub fn sync_once(driver: &mut Driver, app: &App, road: &mut dyn Road) -> Result<()> {
    sync_entries_once(driver, app, road)?;
    carry_files(driver, app, road)
}

/// The same without files.
pub fn sync_entries_once(driver: &mut Driver, app: &App, road: &mut dyn Road) -> Result<()> {
    match round(driver, &Event::Now, app, road, 0) {
        Rest::Until(_, None) => Ok(()),
        Rest::Until(_, Some(error)) => Err(error),
        Rest::Rejoin => Err(Error::new(Kind::Corrupt, "sync.diverged").arg("scope", "-")),
    }
}

/// Carries files until there is none to carry for now.
pub fn carry_files(driver: &mut Driver, app: &App, road: &mut dyn Road) -> Result<()> {
    driver.lane.wake();
    loop {
        match driver.carry(app, road, 0) {
            Pace::Went => {}
            Pace::Rests(_, Some(error)) => return Err(error),
            Pace::Rests(_, None) => return Ok(()),
        }
    }
}

/// One round: does what there is to do after `event`. `dice` is any number, for the jitter.
pub fn round(driver: &mut Driver, event: &Event, app: &App, road: &mut dyn Road, dice: u64) -> Rest {
    let mut event = event.clone();
    loop {
        let action = driver.step(&event, app.now().millis(), dice);
        match action {
            Action::Wait { until_ms } => return Rest::Until(until_ms, driver.trouble.take()),
            Action::Rejoin => return Rest::Rejoin,
            action => match driver.perform(action, app, road) {
                Some(next) => event = next,
                None => return Rest::Until(0, driver.trouble.take()),
            },
        }
    }
}

impl Driver {
    /// A driver for books that followed the log up to `cursor`.
    pub fn new(cursor: i64) -> Self {
        Driver { machine: Machine::new(cursor), lane: Lane::default(), trouble: None }
    }
    /// How the device stands.
    pub fn status(&self) -> Status {
        self.machine.status()
    }
    /// Takes an event and says what to do now; [`Driver::perform`] does it.
    pub fn step(&mut self, event: &Event, now_ms: i64, dice: u64) -> Action {
        if !matches!(event, Event::Failed(_)) {
            self.trouble = None;
        }
        self.machine.step(event, now_ms, dice)
    }
    /// One step of the lane of files, when no entry waits and nothing of the log: entries always come first.
    pub fn carry(&mut self, app: &App, road: &mut dyn Road, dice: u64) -> Pace {
        if self.status() == Status::InStep { self.lane.step(app, road, dice) } else { Pace::Rests(i64::MAX, None) }
    }
    /// Somebody waits for a file: the lane goes on at once.
    pub fn wake_lane(&mut self) {
        self.lane.wake();
    }
    /// Does what can be done with open books and the road; the event that came of it. `Rejoin` and
    /// `Wait` are the caller's.
    pub fn perform(&mut self, action: Action, app: &App, road: &mut dyn Road) -> Option<Event> {
        let outcome = match action {
            Action::Greet => greet(app, road),
            Action::Push { after, whole } => push(app, road, after, whole),
            Action::Pull { full } => pull(app, road, full),
            Action::BeginEpoch(epoch) => app.begin_epoch(epoch).and_then(|()| Ok(Event::Renewed { cursor: app.followed()?.cursor })),
            Action::Rejoin | Action::Wait { .. } => return None,
        };
        Some(outcome.unwrap_or_else(|error| {
            let failed = Event::Failed(failure(&error));
            self.trouble = Some(error);
            failed
        }))
    }
}

/// Greets. What nobody on this device may read any more is given up at once, whatever else is the matter.
fn greet(app: &App, road: &mut dyn Road) -> Result<Event> {
    let welcome = road.hello(&app.hello()?)?;
    app.hold_only(&welcome.scopes)?;
    Ok(match app.standing(&welcome)? {
        _ if welcome.schema != app.schema() => Event::Failed(Failure::Version),
        Standing::Same { server_has } => Event::Greeted { server_has, head: welcome.head },
        Standing::Forked { epoch } => Event::Failed(Failure::Forked(epoch)),
        Standing::OtherLog | Standing::MoreScopes => Event::Failed(Failure::Lost),
    })
}

fn push(app: &App, road: &mut dyn Road, after: u64, whole: bool) -> Result<Event> {
    let Some(push) = app.next_push(after, PUSH_ENTRIES, PUSH_BYTES, whole)? else { return Ok(Event::NothingToPush) };
    let receipt = road.push(&push)?;
    planted::step("push.answered")?;
    Ok(Event::Taken { server_has: receipt.last_seq, head: receipt.head })
}

fn pull(app: &App, road: &mut dyn Road, full: bool) -> Result<Event> {
    let followed = app.followed()?;
    let pull = Pull { cursor: followed.cursor, chain: followed.chain.into(), full, schema: app.schema(), most: PULL_BYTES, merge: MERGE_ENTRIES };
    let feed = drain(road, pull)?;
    planted::step("pull.answered")?;
    let applied = app.follow(&feed)?;
    Ok(Event::Followed { cursor: applied.cursor, head: feed.head, waiting: app.waiting()? })
}

/// Asks for stretch after stretch and joins them, so that what is pending is taken back once for all of
/// them. What came before a stretch that fails is followed.
fn drain(road: &mut dyn Road, mut pull: Pull) -> Result<Feed> {
    let mut feed = road.pull(&pull)?;
    let mut size = size_of(&feed);
    while feed.to < feed.head && size < DRAIN_BYTES {
        (pull.cursor, pull.chain) = (feed.to, feed.chain.clone());
        let Ok(next) = road.pull(&pull) else { break };
        if next.from != feed.to || next.scopes != feed.scopes || next.to == next.from {
            break;
        }
        size += size_of(&next);
        (feed.to, feed.head, feed.chain, feed.digests) = (next.to, next.head, next.chain, next.digests);
        feed.steps.extend(next.steps);
    }
    Ok(feed)
}

fn size_of(feed: &Feed) -> usize {
    feed.steps.iter().flat_map(|step| step.rows.iter().flatten()).map(|images| images.len()).sum()
}

/// What an error means for the machine.
pub fn failure(error: &Error) -> Failure {
    match error.code() {
        "sync.gap" | "sync.forked" | "sync.cursor" | "sync.altered" | "sync.scopes" => Failure::OutOfStep,
        "sync.timeline" | "sync.diverged" | "undo.diverged" | "undo.no_journal" => Failure::Lost,
        "sync.need_full" => Failure::NeedFull,
        "sync.words" => Failure::NeedWords,
        "sync.signed_out" | "sync.copied" | "access.token" | "access.refused" | "device.revoked" | "tenant.suspended" => Failure::SignedOut,
        "sync.schema" => Failure::Version,
        _ => match error.kind() {
            Kind::Busy | Kind::Storage => Failure::Unreachable,
            _ => Failure::Refused,
        },
    }
}
