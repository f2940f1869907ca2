//! The tenants that are open. Books are opened when somebody asks for them, and brought up to date then;
//! the ones that nobody asked for longest are closed when there are too many.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};

use daybook_core::app::{App, Pusher};
use daybook_core::daybook::reached::{self, Reached};
use daybook_core::daybook::wire::{Push, Receipt};
use daybook_core::db::Tx;
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::error::{Error, Kind, Result};
use tokio::sync::{oneshot, watch};

use super::news::{Changed, News};
use super::place::{Place, Timer, unknown};
use super::scan::Scans;

/// An open tenant.
pub struct Tenant {
    /// Its name.
    pub name: String,
    /// Its books.
    pub app: App,
    /// What devices pushed.
    queue: Mutex<Queue>,
    /// Changes at every change of the books.
    news: watch::Sender<u64>,
    /// Where devices stand since it was kept last.
    reached: Mutex<Noted>,
}

/// Where devices stand, and when it was kept last.
struct Noted {
    newest: HashMap<DeviceId, Reached>,
    kept: Option<Moment>,
}

/// What devices pushed and nobody executed yet.
#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether somebody executes: what comes meanwhile waits for the next commit.
    busy: bool,
}

/// A push on its way into the books.
struct Waiting {
    push: Push,
    pusher: Pusher,
    reply: oneshot::Sender<Result<Receipt>>,
}

/// The most pushes that share a commit.
const PUSHES_MAX: usize = 50;
/// How often it is kept where devices stand.
const REACHED_EVERY: Duration = Duration::from_secs(30);

impl Tenant {
    fn new(name: &str, app: App, devices: watch::Sender<u64>, news: News) -> Result<Arc<Self>> {
        let changes = app.subscribe();
        let reached = Mutex::new(Noted { newest: HashMap::new(), kept: None });
        let tenant = Arc::new(Tenant { name: name.to_owned(), app, queue: Mutex::default(), news: devices.clone(), reached });
        let name = name.to_owned();
        let pass_on = move || {
            for _ in changes {
                poke(&devices);
                news.note(&name);
            }
        };
        let passed_on = std::thread::Builder::new().name("news".to_owned()).spawn(pass_on);
        passed_on.map_err(|e| Error::internal("rpc.thread").caused_by(e))?;
        Ok(tenant)
    }
    /// Tells of every change of the books from now on.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }
    /// Notes how far a device has the log. It is kept from time to time: asking must stay as cheap as reading.
    pub fn note_reached(&self, device: DeviceId, pulled: i64) {
        lock(&self.reached).newest.insert(device, Reached { device, pulled, seen_at: self.app.now() });
    }
    /// Keeps what was noted, when that is due.
    fn keep_reached(&self, every: Duration) -> Result<()> {
        let mut noted = lock(&self.reached);
        if noted.newest.is_empty() || noted.kept.is_some_and(|kept| kept.elapsed() < every) {
            return Ok(());
        }
        noted.kept = Some(Moment::now());
        let newest = std::mem::take(&mut noted.newest);
        drop(noted);
        self.app.storage().write(|tx| newest.into_values().try_for_each(|reached| reached::note(tx, reached)))
    }
    /// Executes what a device pushed. Pushes that come while another is executed wait together and share
    /// one commit: the disk is what bounds a tenant.
    pub async fn accept(self: &Arc<Self>, push: Push, pusher: Pusher) -> Result<Receipt> {
        let (reply, receipt) = oneshot::channel();
        if self.enqueue(Waiting { push, pusher, reply }) {
            let tenant = Arc::clone(self);
            tokio::task::spawn_blocking(move || while tenant.accept_waiting() {});
        }
        receipt.await.unwrap_or_else(|_| Err(Error::internal("job.panicked")))
    }
    /// Puts a push into the queue; whether the caller must see to it that it is executed.
    fn enqueue(&self, waiting: Waiting) -> bool {
        let mut queue = lock(&self.queue);
        queue.waiting.push(waiting);
        !std::mem::replace(&mut queue.busy, true)
    }
    /// Executes what waits; `false` when nothing does.
    fn accept_waiting(&self) -> bool {
        let taken: Vec<Waiting> = {
            let mut queue = lock(&self.queue);
            let count = queue.waiting.len().min(PUSHES_MAX);
            queue.busy = count > 0;
            queue.waiting.drain(..count).collect()
        };
        if taken.is_empty() {
            return false;
        }
        // Whoever waits hears of a panic because nobody is left to reply.
        let _ = catch_unwind(AssertUnwindSafe(|| self.accept_taken(taken)));
        true
    }
    fn accept_taken(&self, taken: Vec<Waiting>) {
        let pushes: Vec<_> = taken.iter().map(|waiting| (&waiting.push, &waiting.pusher)).collect();
        let outcome = self.app.accept_all(&pushes);
        let mut receipts = match outcome {
            Ok(receipts) => receipts.into_iter(),
            Err(error) => vec![Err(error)].into_iter(),
        };
        for waiting in taken {
            let receipt = receipts.next().unwrap_or_else(|| Err(Error::new(Kind::Busy, "books.busy").arg("what", &self.name)));
            // A client that went away asks again; the entries are known then.
            let _ = waiting.reply.send(receipt);
        }
    }
    /// Runs `work` on the books, on a thread that may block.
    pub async fn run<T: Send + 'static>(self: &Arc<Self>, work: impl FnOnce(&App) -> Result<T> + Send + 'static) -> Result<T> {
        let tenant = Arc::clone(self);
        blocking(move || work(&tenant.app)).await
    }
}

fn poke(devices: &watch::Sender<u64>) {
    devices.send_modify(|count| *count += 1);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `work` on a thread that may block; a panic is an error.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(Error::internal("job.panicked").caused_by(e)))
}

/// All tenants of a server.
pub struct Tenants {
    place: Place,
    timer: Timer,
    max: usize,
    clock: AtomicU64,
    scans: Scans,
    slots: Mutex<HashMap<String, Arc<Slot>>>,
    news: News,
}

/// A tenant that was asked for; its books may be closed again.
#[derive(Default)]
struct Slot {
    tenant: Mutex<Option<Arc<Tenant>>>,
    used: AtomicU64,
    /// Wakes who listens for changes; it is here so that a poke waits for nobody who opens the books.
    news: watch::Sender<u64>,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Option<Arc<Tenant>>> {
        self.tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tenants {
    /// The tenants at `place`, of which about `max` are open at a time.
    pub fn new(place: Place, timer: Timer, max: usize) -> Self {
        let news = News::of(&place);
        Tenants { place, timer, max: max.max(1), clock: AtomicU64::default(), scans: Scans::default(), slots: Mutex::default(), news }
    }
    /// Where they are kept.
    pub fn place(&self) -> &Place {
        &self.place
    }
    /// Which of them have files to scan.
    pub fn scans(&self) -> &Scans {
        &self.scans
    }
    /// How many are open.
    pub fn open_count(&self) -> usize {
        self.slots().values().filter(|slot| slot.tenant.try_lock().is_ok_and(|tenant| tenant.is_some())).count()
    }
    /// The tenant `name`, opened if need be. `tenant.unknown` when there is none.
    pub async fn get(self: &Arc<Self>, name: &str) -> Result<Arc<Tenant>> {
        if let Some(tenant) = self.open_already(name) {
            return Ok(tenant);
        }
        let (tenants, name) = (Arc::clone(self), name.to_owned());
        blocking(move || tenants.open(&name)).await
    }
    /// The same on a thread that may block.
    pub fn get_now(&self, name: &str) -> Result<Arc<Tenant>> {
        self.open_already(name).map_or_else(|| self.open(name), Ok)
    }
    /// Reads from the books of `name` without opening them for others.
    pub fn glance<T>(&self, name: &str, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match self.open_already(name) {
            Some(tenant) => tenant.app.storage().read(work),
            None => self.place.read_beside(name, work),
        }
    }
    /// Keeps where the devices of `name` stand, if it is open.
    pub fn keep_reached(&self, name: &str) -> Result<()> {
        self.open_already(name).map_or(Ok(()), |tenant| tenant.keep_reached(REACHED_EVERY))
    }
    /// Whose books changed here since this was asked before; waits for it, `patience` at most.
    pub fn changed(&self, patience: Duration) -> BTreeSet<String> {
        self.news.worker.take(patience)
    }
    /// Whose books changed here, until the other servers know; `None` where there can be none.
    pub(super) fn to_tell(&self) -> Option<&Changed> {
        self.news.servers.as_deref()
    }
    /// Wakes the devices that listen here: another server changed the books of `name`. Opens nothing.
    pub(super) fn poke(&self, name: &str) {
        if let Some(slot) = self.slots().get(name) {
            poke(&slot.news);
        }
    }
    /// Wakes all devices that listen here.
    pub(super) fn poke_all(&self) {
        self.slots().values().for_each(|slot| poke(&slot.news));
    }
    /// Closes a tenant that is there no more.
    pub fn forget(&self, name: &str) {
        let slot = self.slots().remove(name);
        if let Some(slot) = slot {
            *slot.lock() = None;
        }
    }

    fn open_already(&self, name: &str) -> Option<Arc<Tenant>> {
        let slot = self.slots().get(name).cloned()?;
        let tenant = slot.tenant.try_lock().ok()?.clone()?;
        slot.used.store(self.tick(), Ordering::Relaxed);
        Some(tenant)
    }
    fn open(&self, name: &str) -> Result<Arc<Tenant>> {
        if !self.place.has(name)? {
            return Err(unknown());
        }
        let slot = Arc::clone(self.slots().entry(name.to_owned()).or_default());
        let mut place = slot.lock();
        slot.used.store(self.tick(), Ordering::Relaxed);
        if let Some(tenant) = place.as_ref() {
            return Ok(Arc::clone(tenant));
        }
        let tenant = Tenant::new(name, self.place.open(name, &self.timer)?, slot.news.clone(), self.news.clone())?;
        *place = Some(Arc::clone(&tenant));
        drop(place);
        self.scans.due(name, 0);
        self.close_idle();
        Ok(tenant)
    }
    /// Closes the tenants that were not asked for longest and that nobody works on, until few enough are
    /// open. Slots stay: whoever waits at one opens the books again.
    fn close_idle(&self) {
        let mut by_use: Vec<Arc<Slot>> = self.slots().values().cloned().collect();
        by_use.sort_by_key(|slot| slot.used.load(Ordering::Relaxed));
        let mut open = self.open_count();
        for slot in by_use {
            if open <= self.max {
                return;
            }
            let Ok(mut place) = slot.tenant.try_lock() else { continue };
            if let Some(tenant) = place.as_ref().filter(|tenant| Arc::strong_count(tenant) == 1) {
                if let Err(error) = tenant.keep_reached(Duration::ZERO) {
                    tracing::warn!(code = error.code(), "where devices stand was not kept");
                }
                *place = None;
                open -= 1;
            }
        }
    }
    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed)
    }
    fn slots(&self) -> MutexGuard<'_, HashMap<String, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
