//! The one path for everything: `execute` and `query` over a register of modules.

mod accept;
mod copies;
mod dump;
mod execute;
mod file_lane;
mod files;
mod follow;
mod import_steps;
mod imports;
mod inbox;
mod northwind;
mod record_imports;
mod register;
mod replay;
mod rewritten;
mod scopes;
mod server;
mod setup;
mod snapshots;
mod storage;
mod undo_imports;
mod verify;

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError, RwLock};

use serde_json::Value;

pub use self::accept::Pusher;
pub use self::dump::{DumpHash, dump};
pub use self::execute::{Batch, Call, Outcome};
pub use self::file_lane::FileRules;
pub use self::follow::Applied;
pub use self::import_steps::{ImportFile, ImportReport, Progress};
pub use self::northwind::NorthwindReport;
pub use self::register::{Module, Register, commands, describe, more_of, queries, records, register};
pub use self::server::Standing;
pub use self::snapshots::Snapshot;
pub use self::storage::Storage;
pub use self::verify::Proof;
use crate::daybook::digest::Effects;
use crate::daybook::state::{DeviceState, Followed, Part, hex};
use crate::daybook::{chain, outbox, rebase};
use crate::db::{Books, BooksLock, ChangeLog, HeadFile, Mode, Tx, schema_of};
use crate::shared::context::UserId;
use crate::shared::error::Result;
use crate::shared::id::CommandId;
use crate::shared::{Context, Id, Instant};

/// Gives the time to commands; the only clock of the core.
pub type Clock = Box<dyn Fn() -> Instant + Send + Sync>;

/// The system's clock.
pub fn system_clock() -> Clock {
    Box::new(|| Instant::from_millis(jiff::Timestamp::now().as_millisecond()))
}

/// Open books with everything that may be done to them.
pub struct App {
    storage: Storage,
    device: RwLock<DeviceState>,
    clock: Clock,
    head: Option<HeadFile>,
    lost: AtomicI64,
    schema: i64,
    listeners: Mutex<Vec<Sender<Vec<String>>>>,
    held: Mutex<Vec<BooksLock>>,
}

impl App {
    /// Opens the books file at `path` (made new by [`Mode::Create`]) and compares the daybook's head
    /// with the head file: entries that vanished are reported by [`App::lost`], not hidden.
    pub fn open(path: &Path, mode: Mode, clock: Clock) -> Result<Self> {
        let books = Books::open(path, mode)?;
        let storage = Storage::Sqlite(books);
        let device = device_of(&storage, &clock)?;
        rewritten::settle(&storage, &device)?;
        storage.leave_out(&scopes::absent_without(&storage.read(Followed::read)?.scopes))?;
        let synced = HeadFile::read(path);
        let (pos, lost) = storage.read(|tx| compare_heads(tx, synced))?;
        let head = if storage.writable() { Some(HeadFile::start(path)?) } else { None };
        let app = App {
            schema: storage.read(schema_of)?,
            storage,
            device: RwLock::new(device),
            clock,
            head,
            lost: AtomicI64::new(lost),
            listeners: Mutex::default(),
            held: Mutex::default(),
        };
        if pos > 0 && lost == 0 {
            app.note_head()?;
        }
        Ok(app)
    }
    /// Opens a tenant's schema on the server behind `pool`, brought up to date.
    #[cfg(feature = "postgres")]
    pub fn open_postgres(pool: std::sync::Arc<crate::db::PgPool>, tenant: &str, clock: Clock) -> Result<Self> {
        let storage = Storage::Postgres(crate::db::PgBooks::open(pool, tenant)?);
        let device = device_of(&storage, &clock)?;
        rewritten::settle(&storage, &device)?;
        let schema = storage.read(schema_of)?;
        Ok(App {
            storage,
            device: RwLock::new(device),
            clock,
            head: None,
            lost: AtomicI64::new(0),
            schema,
            listeners: Mutex::default(),
            held: Mutex::default(),
        })
    }

    /// How many entries the books lost since the head file was last synced (damaged log, restored
    /// copy); 0 when they are whole.
    pub fn lost(&self) -> i64 {
        self.lost.load(Ordering::SeqCst)
    }
    /// Accepts that the lost entries are lost: the head file follows the books again. Numbers that they took may
    /// be out in the world: books without a server that say so of themselves begin series of their own.
    pub fn accept_loss(&self) -> Result<()> {
        self.lost.store(0, Ordering::SeqCst);
        if self.device().copy && self.device().part == Part::Alone {
            self.begin_alone()?;
        }
        self.note_head()
    }
    /// Where the books are kept.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }
    /// Who acts unless a call says otherwise.
    pub fn actor(&self) -> UserId {
        self.device().actor
    }
    /// The device's own facts.
    pub fn device(&self) -> DeviceState {
        *self.device.read().unwrap_or_else(PoisonError::into_inner)
    }
    /// The newest migration of these books.
    pub fn schema(&self) -> i64 {
        self.schema
    }
    /// The time.
    pub fn now(&self) -> Instant {
        (self.clock)()
    }

    /// Answers the query `name`, on a consistent state of the committed books.
    pub fn query(&self, name: &str, args: Value) -> Result<Value> {
        self.query_as(self.actor(), name, args)
    }
    /// The same for `actor`: what this person may ask.
    pub fn query_as(&self, actor: UserId, name: &str, args: Value) -> Result<Value> {
        let entry = register().query(name)?;
        self.read_as(actor, |tx, cx| {
            crate::identity::api::authorize(tx, cx.actor, entry.needs)?;
            (entry.run)(args, tx, cx)
        })
    }
    /// Reads by code instead of by name; tests, reports and printing use it.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>, &mut Context) -> Result<T>) -> Result<T> {
        self.read_as(self.actor(), work)
    }
    /// The same with `actor` in the context.
    pub fn read_as<T>(&self, actor: UserId, work: impl FnOnce(&mut Tx<'_>, &mut Context) -> Result<T>) -> Result<T> {
        let mut cx = self.reading();
        cx.actor = actor;
        self.storage.read(|tx| work(tx, &mut cx))
    }
    /// Runs `work` in a transaction that is rolled back: shows what posting would do.
    pub fn rehearse<T>(&self, work: impl FnOnce(&mut Tx<'_>, &mut Context) -> Result<T>) -> Result<T> {
        let mut cx = self.reading();
        self.storage.rehearse(|tx| work(tx, &mut cx))
    }
    /// Hash of the canonical dump: equal hashes, equal books.
    pub fn dump_hash(&self) -> Result<String> {
        let mut hash = DumpHash::default();
        self.storage.read(|tx| dump(tx, &mut hash))?;
        Ok(hash.finish())
    }
    /// The tags of every change from now on.
    pub fn subscribe(&self) -> Receiver<Vec<String>> {
        let (sender, receiver) = channel();
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Takes back the effects of the newest `count` entries and runs them again from their envelopes:
    /// what a device does when the server's rows arrive in between. `between` is called with the
    /// effects taken back.
    pub fn rebase(&self, count: i64, between: impl FnOnce(&mut Tx<'_>) -> Result<()>) -> Result<()> {
        self.storage.replay(|tx| {
            let (head, _) = chain::head(tx)?;
            let first = (head - count + 1).max(1);
            for pos in (first..=head).rev() {
                rebase::undo(tx, pos, |table| register().record(table).ok())?;
            }
            between(tx)?;
            for pos in first..=head {
                self.redo(tx, pos)?;
            }
            Ok(())
        })
    }

    fn reading(&self) -> Context {
        let device = self.device();
        Context::new(CommandId::mint(), device.actor, device.device, self.now())
    }
    /// Takes on new facts of the device, once the books have them for good.
    fn be(&self, facts: DeviceState) {
        *self.device.write().unwrap_or_else(PoisonError::into_inner) = facts;
    }
    fn note_head(&self) -> Result<()> {
        let (pos, hash) = self.storage.read(chain::head)?;
        if let Some(head) = &self.head {
            head.note(pos, hex(&hash));
        }
        Ok(())
    }
    fn announce(&self, tags: Vec<String>) {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| listener.send(tags.clone()).is_ok());
    }
}

/// What `log` did, by scope.
fn effects_of(log: &ChangeLog) -> Result<Effects> {
    Effects::of(log, scope_of)
}

/// The scope of a table.
fn scope_of(table: &str) -> Result<&'static str> {
    register().record(table).map(crate::shared::record::RecordEntry::scope)
}

/// The device's facts; made when the books are new.
fn device_of(storage: &Storage, clock: &Clock) -> Result<DeviceState> {
    if let Some(device) = storage.read(DeviceState::read)? {
        return Ok(device);
    }
    let now = clock();
    let actor = CommandId::seeded(now, CommandId::mint().bytes().as_slice()).cast();
    let device = DeviceState::new(CommandId::mint().cast(), actor, Part::Alone);
    storage.write(|tx| device.write(tx))?;
    Ok(device)
}

/// The newest position, and how many entries the head file knows that the books do not. Another entry
/// in the place of the newest it knows counts as one: an older copy of the books was put back.
fn compare_heads(tx: &mut Tx<'_>, synced: Option<(i64, String)>) -> Result<(i64, i64)> {
    let (pos, _) = chain::head(tx)?;
    let Some((synced_pos, synced_hash)) = synced else {
        return Ok((pos, 0));
    };
    if synced_pos > pos {
        return Ok((pos, synced_pos - pos));
    }
    let there: Option<(Vec<u8>,)> = tx.opt("SELECT hash FROM daybook WHERE pos = ?1", crate::vals![synced_pos])?;
    let other = there.is_some_and(|(hash,)| hex(&hash) != synced_hash) && !outbox::was(tx, synced_pos, &synced_hash)?;
    Ok((pos, i64::from(other)))
}

/// The id of a call made at an edge: given by the client for a safe retry, or fresh.
pub fn call_id(given: Option<&str>) -> Result<CommandId> {
    given.map_or_else(|| Ok(CommandId::mint()), |text| Id::parse(text).map_err(|e| e.field("id")))
}
