//! Syncs in the background: one thread that does a round whenever something happened or time is up, and
//! one that listens for the server's news.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use daybook_core::app::App;
use daybook_core::daybook::state::{self, Part};
use daybook_core::shared::Instant;
use daybook_core::shared::error::Result;
use daybook_sync::driver::{Rest, failure, rejoin, round};
use daybook_sync::http::HttpRoad;
use daybook_sync::lane::Pace;
use daybook_sync::{Driver, Event, Status};
use serde_json::Value;

use super::{Counts, counts, stands_still};
use crate::Desk;

/// The longest that a thread sleeps before it looks around.
const LOOK: Duration = Duration::from_secs(30);
/// How often it is kept in the books that the device is in step, in milliseconds.
const KEEP_IN_STEP_MS: i64 = 60_000;

/// What the thread and its watchers share.
#[derive(Default)]
pub(crate) struct Runner {
    state: Mutex<State>,
    woken: Condvar,
}

#[derive(Default)]
struct State {
    /// Raised when the books change: an older thread ends.
    life: u64,
    /// What happened since the last round.
    event: Option<Event>,
    standing: Option<Status>,
    problem: Option<Value>,
    /// What waited and what needed somebody, when that was last told.
    counts: Counts,
    listening: bool,
    /// When the device last had everything of the server, and when that was kept in the books (ms).
    in_step: Option<i64>,
    in_step_kept: i64,
}

impl Runner {
    /// How the device stands, and what went wrong last.
    pub(crate) fn standing(&self) -> (Status, Option<Value>) {
        let state = self.lock();
        (state.standing.unwrap_or(Status::Waiting), state.problem.clone())
    }
    /// When the device last had everything of the server (ms), as far as this program saw it.
    pub(crate) fn in_step(&self) -> Option<i64> {
        self.lock().in_step
    }
    /// Notes that the device has everything of the server; whether to keep that in the books now.
    fn note_in_step(&self, now_ms: i64) -> bool {
        let mut state = self.lock();
        state.in_step = Some(now_ms);
        let due = now_ms - state.in_step_kept >= KEEP_IN_STEP_MS;
        if due {
            state.in_step_kept = now_ms;
        }
        due
    }
    /// Tells that something happened.
    pub(crate) fn tell(&self, event: Event) {
        let mut state = self.lock();
        // What asks for more stays: somebody's wish beats news, news beats an entry.
        let weight = |event: &Event| match event {
            Event::Now => 3,
            Event::Poke => 2,
            _ => 1,
        };
        if state.event.as_ref().is_none_or(|earlier| weight(earlier) < weight(&event)) {
            state.event = Some(event);
        }
        self.woken.notify_all();
    }
    /// Ends the thread of the books that were open.
    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.life += 1;
        (state.standing, state.problem, state.in_step) = (None, None, None);
        self.woken.notify_all();
    }
    /// Starts syncing the open books of `desk`, when they have a server.
    pub(crate) fn start(&self, desk: &Arc<Desk>) -> Result<()> {
        if desk.with(|app| Ok(app.device().part))? != Part::Device {
            return Ok(());
        }
        self.stop();
        let life = self.lock().life;
        let desk = Arc::downgrade(desk);
        let spawned = std::thread::Builder::new().name("sync".to_owned()).spawn(move || run(&desk, life));
        spawned.map(drop).map_err(|e| daybook_core::shared::Error::internal("rpc.thread").caused_by(e))
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Waits until something happens or `wait` is over; `None` when the thread shall end.
    fn wait(&self, life: u64, wait: Duration) -> Option<Event> {
        let mut state = self.lock();
        if state.event.is_none() && state.life == life {
            state = self.woken.wait_timeout(state, wait.min(LOOK)).unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.life != life {
            return None;
        }
        Some(state.event.take().unwrap_or(Event::Tick))
    }
    /// Notes how the device stands; whether that is news to those who show it.
    fn note(&self, standing: Status, problem: Option<Value>, counts: Counts) -> bool {
        let mut state = self.lock();
        let news = state.standing != Some(standing) || state.problem != problem || state.counts != counts;
        (state.standing, state.problem, state.counts) = (Some(standing), problem, counts);
        news
    }
}

fn run(desk: &Weak<Desk>, life: u64) {
    let Some(first) = desk.upgrade() else { return };
    let path = first.path();
    let opened =
        first.with(|app| app.may_sync().and_then(|()| Ok(Driver::new(app.followed()?.cursor)))).and_then(|driver| Ok((driver, HttpRoad::open(&path)?)));
    let (mut driver, mut road) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            first.runner().note(Status::NeedsYou(failure(&error)), Some(error.to_json()), Counts::default());
            return;
        }
    };
    drop(first);
    let mut event = Event::Now;
    loop {
        let Some(desk) = desk.upgrade() else { return };
        let Some(wait) = one_round(&desk, &mut driver, &mut road, &event, &path) else { return };
        listen(&desk, &driver, &mut road);
        // Waiting keeps nothing: the program may end meanwhile.
        let runner = desk.runner_handle();
        drop(desk);
        match runner.wait(life, wait) {
            Some(next) => event = next,
            None => return,
        }
    }
}

/// Does a round and says how long to wait; `None` when these books are not the desk's any more.
fn one_round(desk: &Arc<Desk>, driver: &mut Driver, road: &mut HttpRoad, event: &Event, path: &Path) -> Option<Duration> {
    if desk.path() != path {
        return None;
    }
    let dice = now_ms().unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let rest = desk.with(|app| Ok(round(driver, event, app, road, dice)));
    let (wait, problem) = match rest {
        Ok(Rest::Until(until_ms, problem)) => {
            let files_ms = carry(desk, driver, road, event, dice);
            (until_ms.min(files_ms).saturating_sub(now_ms()), problem)
        }
        Ok(Rest::Rejoin) => {
            let outcome = desk.renew(|old: App| rejoin(old, path, road));
            let cursor = desk.with(|app| Ok(app.followed()?.cursor)).unwrap_or_default();
            let next = match &outcome {
                Ok(()) => Event::Renewed { cursor },
                Err(error) => Event::Failed(failure(error)),
            };
            driver.step(&next, now_ms(), dice);
            *driver = if outcome.is_ok() { Driver::new(cursor) } else { std::mem::replace(driver, Driver::new(cursor)) };
            (if outcome.is_ok() { 0 } else { 5_000 }, outcome.err())
        }
        Err(error) => (5_000, Some(error)),
    };
    if driver.status() == Status::InStep && desk.runner().note_in_step(now_ms()) {
        let at = Instant::from_millis(now_ms());
        // A disk that takes no more says so at the next command.
        let _ = desk.with(|app| app.storage().write(|tx| state::keep_in_step(tx, at)));
    }
    // Work that was sent between two looks leaves the standing as it was, and the counts not.
    let counts = desk.with(counts).unwrap_or_default();
    if desk.runner().note(driver.status(), problem.map(|error| error.to_json()), counts) {
        desk.publish_sync();
    }
    Some(Duration::from_millis(u64::try_from(wait.clamp(0, 3_600_000)).unwrap_or_default()))
}

/// One step of the lane of files; when the next is due (ms). What goes wrong there is shown at the files.
fn carry(desk: &Arc<Desk>, driver: &mut Driver, road: &mut HttpRoad, event: &Event, dice: u64) -> i64 {
    if *event == Event::Now {
        driver.wake_lane();
    }
    match desk.with(|app| Ok(driver.carry(app, road, dice))) {
        Ok(Pace::Went) => 0,
        Ok(Pace::Rests(until_ms, _)) => until_ms,
        Err(_) => i64::MAX,
    }
}

/// Listens for the server's news on a thread of its own, one at a time, while the server can be reached.
fn listen(desk: &Arc<Desk>, driver: &Driver, road: &mut HttpRoad) {
    let runner = desk.runner_handle();
    if driver.status() != Status::InStep || stands_still(driver.status()) || runner.lock().listening {
        return;
    }
    let Ok(listener) = road.listener() else { return };
    runner.lock().listening = true;
    let spawned = std::thread::Builder::new().name("poke".to_owned()).spawn(move || {
        let heard = listener.wait();
        runner.lock().listening = false;
        if heard.is_ok() {
            runner.tell(Event::Poke);
        }
    });
    if spawned.is_err() {
        desk.runner().lock().listening = false;
    }
}

fn now_ms() -> i64 {
    daybook_core::app::system_clock()().millis()
}
