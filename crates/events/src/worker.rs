//! The worker: hands new events to their subscriptions, and delivers what is due, each subscription in a
//! lane of its own, so that a receiver that is slow or gone holds up nobody else.

mod agenda;
mod firms;
mod lane;
mod places;
mod stop;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;
use std::time::{Duration, Instant as Moment};

use daybook_core::app::App;
use daybook_core::daybook::events::{self, SubscriptionId};
use daybook_core::daybook::state::Part;
use daybook_core::shared::{Error, Instant, Kind, Result};

pub use self::firms::{Firms, run_all};
use self::places::Places;
pub use self::stop::Stop;
use crate::{Books, Settings};

/// Events handed to their subscriptions in one transaction.
const SPREAD_MOST: i64 = 500;
/// Subscriptions of some books that are served at the same time.
const LANES_MAX: usize = 16;
/// How often the worker looks by itself: another program may write to the same books.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How soon it notices that it is to end.
const STOP_EVERY: Duration = Duration::from_millis(500);
/// How often it forgets what arrived long ago.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// For how long it is remembered that a delivery arrived, in milliseconds: 30 days.
const REMEMBERED_MS: i64 = 30 * 24 * 3_600_000;

/// What one turn came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Deliveries that arrived.
    pub delivered: usize,
    /// Attempts that failed.
    pub failed: usize,
}

/// Delivers events of `books` until `stop` is asked for. [`run_all`] does it for the books of many firms.
pub fn run(books: &impl Books, settings: &Settings, stop: &Stop) {
    let places = Places::new(LANES_MAX);
    let worker = Arc::new(Worker::new(books, settings, stop, &places, None));
    std::thread::scope(|scope| {
        let mut news = None;
        while !stop.is_asked() {
            worker.look(scope);
            worker.wait(&mut news);
        }
    });
}

/// Delivers once what is due at `now`, and returns when it is settled.
pub fn turn(books: &impl Books, settings: &Settings, now: Instant) -> Result<Turn> {
    let (stop, places) = (Stop::default(), Places::new(LANES_MAX));
    let worker = Arc::new(Worker::new(books, settings, &stop, &places, Some(now)));
    std::thread::scope(|scope| worker.begin(scope))?;
    Ok(Turn { delivered: worker.delivered.load(Ordering::Relaxed), failed: worker.failed.load(Ordering::Relaxed) })
}

/// The worker of some books.
struct Worker<'a, B> {
    books: B,
    settings: &'a Settings,
    stop: &'a Stop,
    places: &'a Places,
    now: Option<Instant>,
    busy: Mutex<BTreeSet<SubscriptionId>>,
    forgotten: Mutex<Moment>,
    delivered: AtomicUsize,
    failed: AtomicUsize,
}

impl<'a, B: Books> Worker<'a, B> {
    fn new(books: B, settings: &'a Settings, stop: &'a Stop, places: &'a Places, now: Option<Instant>) -> Self {
        let (delivered, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Worker { books, settings, stop, places, now, busy: Mutex::default(), forgotten: Mutex::new(Moment::now()), delivered, failed }
    }
    /// The time: a given one, or the books'.
    fn now(&self) -> Result<Instant> {
        self.now.map_or_else(|| self.books.with(|app| Ok(app.now())), Ok)
    }
    /// Begins what is due. Failures are logged; the next look tries again.
    fn look<'s>(self: &Arc<Self>, scope: &'s Scope<'s, '_>)
    where
        Self: Send + 's,
    {
        match self.begin(scope).and_then(|()| self.forget()) {
            // No books lie on the desk yet.
            Err(error) if error.kind() == Kind::State => {}
            Err(error) => tracing::warn!(code = error.code(), "events wait: {}", error.message()),
            Ok(()) => {}
        }
    }
    /// Begins a lane for every subscription that has something due and none yet.
    fn begin<'s>(self: &Arc<Self>, scope: &'s Scope<'s, '_>) -> Result<()>
    where
        Self: Send + 's,
    {
        let now = self.now()?;
        for subscription in self.books.with(|app| hand_on(app, now))? {
            if !self.take_lane(subscription) {
                continue;
            }
            let worker = Arc::clone(self);
            let lane = move || {
                worker.serve(subscription);
                worker.leave_lane(subscription);
            };
            if let Err(error) = std::thread::Builder::new().name("events".to_owned()).spawn_scoped(scope, lane) {
                self.leave_lane(subscription);
                return Err(Error::internal("event.thread").caused_by(error));
            }
        }
        Ok(())
    }
    fn take_lane(&self, subscription: SubscriptionId) -> bool {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.contains(&subscription) || busy.len() >= LANES_MAX || !self.places.take() {
            return false;
        }
        busy.insert(subscription)
    }
    fn leave_lane(&self, subscription: SubscriptionId) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&subscription);
        self.places.leave();
    }
    /// Forgets once an hour what arrived long ago.
    fn forget(&self) -> Result<()> {
        let mut forgotten = self.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
        if forgotten.elapsed() < FORGET_EVERY {
            return Ok(());
        }
        *forgotten = Moment::now();
        drop(forgotten);
        let before = Instant::from_millis(self.now()?.millis() - REMEMBERED_MS);
        self.books.with(|app| app.storage().write(|tx| events::forget_done(tx, before)))
    }
    /// Waits until the books change, the time comes to look, or the end is asked for.
    fn wait(&self, news: &mut Option<Receiver<Vec<String>>>) {
        let began = Moment::now();
        while !self.stop.is_asked() && began.elapsed() < LOOK_EVERY {
            if news.is_none() {
                *news = self.books.with(|app| Ok(app.subscribe())).ok();
            }
            match news.as_ref().map(|news| news.recv_timeout(STOP_EVERY)) {
                Some(Ok(_)) => {
                    news.iter().for_each(|news| news.try_iter().for_each(drop));
                    return;
                }
                Some(Err(RecvTimeoutError::Timeout)) => {}
                // The books were exchanged for others, or are not there yet.
                Some(Err(RecvTimeoutError::Disconnected)) | None => {
                    *news = None;
                    std::thread::sleep(STOP_EVERY);
                }
            }
        }
    }
}

/// Hands new events to their subscriptions, and names those that have something due. Nothing on a
/// device's copy of a server's books.
fn hand_on(app: &App, now: Instant) -> Result<Vec<SubscriptionId>> {
    if app.device().part == Part::Device || !app.storage().writable() {
        return Ok(Vec::new());
    }
    while app.read(|tx, _| events::any_fresh(tx))? {
        app.storage().write(|tx| events::spread(tx, now, SPREAD_MOST))?;
    }
    app.read(|tx, _| events::due(tx, now))
}
