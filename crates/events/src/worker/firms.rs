//! Delivering for many firms with few threads: some look at one firm's books after the other, and what is due
//! goes through lanes whose number is bounded for all. Books that cannot be read, receivers that are
//! gone, and firms that have much to tell hold up nobody else.
//!
//! Several programs may do it on the same books: a delivery is claimed in a transaction of its firm, and
//! whoever has it is the only one until the lease ends.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;
use std::time::{Duration, Instant as Moment};

use daybook_core::daybook::events::Waits;
use daybook_core::shared::{Error, Instant, Result};

use super::agenda::Agenda;
use super::places::Places;
use super::{LOOK_EVERY, STOP_EVERY, Stop, Worker};
use crate::{Books, Settings};

/// Threads that look at books.
const LOOKERS: usize = 4;
/// Lanes at the same time, for all firms together.
const LANES_ALL_MAX: usize = 64;
/// How soon a firm is looked at again that has nothing to tell, or cannot be read.
const IDLE: Duration = Duration::from_secs(60);
/// How often it is asked which firms there are.
const NAMES_EVERY: Duration = Duration::from_secs(60);

/// The books of many firms.
pub trait Firms: Sync {
    /// The books of one.
    type Books: Books + Send;
    /// Who they are.
    fn names(&self) -> Result<Vec<String>>;
    /// What waits at `name`; `None` for a firm that delivers nothing now.
    fn waits(&self, name: &str) -> Result<Option<Waits>>;
    /// The books of `name`.
    fn books(&self, name: &str) -> Self::Books;
    /// Whose books changed since this was asked before; waits for it, `patience` at most.
    fn changed(&self, patience: Duration) -> Vec<String>;
    /// The time.
    fn now(&self) -> Instant;
}

/// Delivers events of all `firms` until `stop` is asked for.
pub fn run_all<F: Firms>(firms: &F, settings: &Settings, stop: &Stop) {
    let places = Places::new(LANES_ALL_MAX);
    let round = Round { firms, settings, stop, places: &places, agenda: Agenda::default(), workers: Mutex::default() };
    std::thread::scope(|scope| {
        for _ in 0..LOOKERS {
            let round = &round;
            let looker = std::thread::Builder::new().name("events".to_owned()).spawn_scoped(scope, move || round.look_on(scope));
            if let Err(error) = looker {
                tracing::error!(code = "event.thread", "events wait: {error}");
            }
        }
        round.call_on();
    });
}

/// Everything that those who look share.
struct Round<'a, F: Firms> {
    firms: &'a F,
    settings: &'a Settings,
    stop: &'a Stop,
    places: &'a Places,
    agenda: Agenda,
    workers: Mutex<BTreeMap<String, Arc<Worker<'a, F::Books>>>>,
}

impl<'a, F: Firms> Round<'a, F> {
    /// Calls for looks: at everybody from time to time, at once where something changed.
    fn call_on(&self) {
        let mut asked: Option<Moment> = None;
        while !self.stop.is_asked() {
            if asked.is_none_or(|asked| asked.elapsed() >= NAMES_EVERY) {
                asked = Some(Moment::now());
                match self.firms.names() {
                    Ok(names) => self.keep_to(names),
                    Err(error) => tracing::warn!(code = error.code(), "events wait: {}", error.message()),
                }
            }
            self.firms.changed(STOP_EVERY).into_iter().for_each(|name| self.agenda.call(name));
        }
    }
    fn keep_to(&self, names: Vec<String>) {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).retain(|name, _| names.contains(name));
        self.agenda.keep_to(names);
    }
    /// Looks at one firm after the other.
    fn look_on<'s>(&self, scope: &'s Scope<'s, '_>)
    where
        'a: 's,
        F::Books: 's,
    {
        while !self.stop.is_asked() {
            let Some(name) = self.agenda.take(STOP_EVERY) else { continue };
            let looked = catch_unwind(AssertUnwindSafe(|| self.look(scope, &name))).unwrap_or_else(|_| Err(Error::internal("job.panicked")));
            let wait = looked.unwrap_or_else(|error| {
                tracing::warn!(tenant = name, code = error.code(), "events wait: {}", error.message());
                IDLE
            });
            self.agenda.plan(&name, Moment::now() + wait);
        }
    }
    /// Begins what is due at `name`; says how soon to look again.
    fn look<'s>(&self, scope: &'s Scope<'s, '_>, name: &str) -> Result<Duration>
    where
        'a: 's,
        F::Books: 's,
    {
        let Some(waits) = self.firms.waits(name)? else { return Ok(IDLE) };
        let until = waits.next_at.map(|at| u64::try_from(at.millis() - self.firms.now().millis()).unwrap_or_default());
        if waits.fresh || until == Some(0) {
            let worker = self.worker(name);
            worker.begin(scope)?;
            worker.forget()?;
            return Ok(LOOK_EVERY);
        }
        Ok(until.map_or(IDLE, |ms| Duration::from_millis(ms).min(IDLE)))
    }
    fn worker(&self, name: &str) -> Arc<Worker<'a, F::Books>> {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Worker::new(self.firms.books(name), self.settings, self.stop, self.places, None));
        Arc::clone(workers.entry(name.to_owned()).or_insert_with(new))
    }
}
