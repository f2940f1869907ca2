//! Several servers on one PostgreSQL tell each other whose books changed, after the commit and many firms at a
//! time, so that devices hear within the second wherever they listen. It is a hint: what is lost with a
//! connection or a server is found when the connection is back, or by the devices, which look by the minute.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Moment};

use daybook_core::db::{Notices, PgPool};
use daybook_core::shared::error::{Error, Result};
use daybook_core::shared::id::CommandId;
use tokio::task::{JoinHandle, spawn_blocking};

use super::Tenants;
use super::news::Changed;
use super::place::Place;

/// How soon the end is noticed.
const STOP_EVERY: Duration = Duration::from_millis(200);
/// So long what changes is gathered after something was told.
const GATHER: Duration = Duration::from_millis(20);
/// How soon it is tried again after a first failure …
const AGAIN_FIRST: Duration = Duration::from_millis(250);
/// … and after many.
const AGAIN_MOST: Duration = Duration::from_secs(30);

/// A server's part in it, until it is ended or dropped.
pub struct Exchange {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Exchange {
    /// Begins to tell and to listen; nothing where no other server can be.
    pub fn begin(tenants: &Arc<Tenants>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let Place::Postgres(pool) = tenants.place() else {
            return Exchange { stop, tasks: Vec::new() };
        };
        let name = CommandId::mint().to_string();
        let seat = || Seat { name: name.clone(), tenants: Arc::clone(tenants), pool: Arc::clone(pool), stop: Arc::clone(&stop) };
        let (listener, teller) = (seat(), seat());
        let tasks = vec![spawn_blocking(move || listener.listen()), spawn_blocking(move || teller.tell())];
        Exchange { stop, tasks }
    }
    /// Tells what is left, and ends.
    pub async fn end(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for task in self.tasks.drain(..) {
            if let Err(error) = task.await {
                tracing::error!(detail = %error, "exchange");
            }
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What each of the two tasks works with.
struct Seat {
    /// Of this server, while it runs; no other has it.
    name: String,
    tenants: Arc<Tenants>,
    pool: Arc<PgPool>,
    stop: Arc<AtomicBool>,
}

impl Seat {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
    /// Wakes devices when another server says so, and all of them whenever a connection begins: something may
    /// have been missed before.
    fn listen(&self) {
        let mut again = AGAIN_FIRST;
        while !self.is_stopped() {
            let Err(error) = self.pool.listen().and_then(|notices| {
                again = AGAIN_FIRST;
                self.tenants.poke_all();
                self.hear(notices)
            }) else {
                return;
            };
            self.wait_after(&error, &mut again);
        }
    }
    fn hear(&self, mut notices: Notices) -> Result<()> {
        while !self.is_stopped() {
            let word = notices.next(STOP_EVERY)?;
            // Whoever listens here knows already what was changed here.
            if let Some((_, tenant)) = word.as_deref().and_then(|word| word.split_once(' ')).filter(|(server, _)| *server != self.name) {
                self.tenants.poke(tenant);
            }
        }
        Ok(())
    }
    /// Tells the others what changes here.
    fn tell(&self) {
        let Some(changed) = self.tenants.to_tell() else { return };
        let mut again = AGAIN_FIRST;
        loop {
            let last = self.is_stopped();
            match self.tell_once(changed) {
                Ok(()) => again = AGAIN_FIRST,
                Err(error) => self.wait_after(&error, &mut again),
            }
            if last {
                return;
            }
            std::thread::sleep(GATHER);
        }
    }
    /// What could not be told is left to the next time.
    fn tell_once(&self, changed: &Changed) -> Result<()> {
        let names = changed.take(STOP_EVERY);
        if names.is_empty() {
            return Ok(());
        }
        let words: Vec<String> = names.iter().map(|name| format!("{} {name}", self.name)).collect();
        self.pool.tell(&words).inspect_err(|_| names.iter().for_each(|name| changed.note(name)))
    }
    fn wait_after(&self, error: &Error, again: &mut Duration) {
        tracing::warn!(code = error.code(), "other servers are not told or not heard; tried again");
        let began = Moment::now();
        while !self.is_stopped() && began.elapsed() < *again {
            std::thread::sleep(AGAIN_FIRST);
        }
        *again = (*again * 2).min(AGAIN_MOST);
    }
}
