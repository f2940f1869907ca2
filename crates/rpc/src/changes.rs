//! News for whoever shows data: numbered tags of what changed, kept for a while, with a wait.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

/// How many messages a slow listener may lag behind before it is told to read everything again.
const KEPT: usize = 256;
/// A message with more tags than this (an import) names tables only.
const TAGS_MAX: usize = 500;
/// The longest a call may wait.
pub const WAIT_MAX: Duration = Duration::from_secs(30);

/// What changed since a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct News {
    /// Ask for what comes after this next time.
    pub n: i64,
    /// Tags: `party`, `party:<id>`.
    pub changed: Vec<String>,
}

/// The numbered messages. Numbers only grow, and a message's number is never below the daybook's
/// position at that time: a listener may begin with the position that `status` told it.
#[derive(Default)]
pub struct Feed {
    state: Mutex<State>,
    woken: Condvar,
}

#[derive(Default)]
struct State {
    n: i64,
    /// The newest number that is not among the messages any more.
    forgotten: i64,
    messages: VecDeque<(i64, Vec<String>)>,
    closed: bool,
}

impl Feed {
    /// Begins anew: whoever listened before reads everything again.
    pub fn restart(&self, pos: i64) {
        let mut state = self.lock();
        state.n = pos.max(state.n + 1);
        state.forgotten = state.n;
        state.messages.clear();
        self.woken.notify_all();
    }
    /// Numbers a message, at least `pos`, and wakes who waits.
    pub fn publish(&self, pos: i64, tags: Vec<String>) {
        let mut state = self.lock();
        state.n = pos.max(state.n + 1);
        let n = state.n;
        state.messages.push_back((n, thinned(tags)));
        if state.messages.len() > KEPT {
            state.forgotten = state.messages.pop_front().map_or(n, |(n, _)| n);
        }
        self.woken.notify_all();
    }
    /// What changed after `after`; waits up to `wait` when that is nothing.
    pub fn wait(&self, after: i64, wait: Duration) -> News {
        let until = Instant::now() + wait.min(WAIT_MAX);
        let mut state = self.lock();
        loop {
            let news = state.after(after);
            let left = until.saturating_duration_since(Instant::now());
            if !news.changed.is_empty() || state.closed || left.is_zero() {
                return news;
            }
            state = self.woken.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
    /// Lets every waiting call return at once, from now on.
    pub fn close(&self) {
        self.lock().closed = true;
        self.woken.notify_all();
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A listener from another life of the program, or one that lags too far, reads everything again.
    fn after(&self, after: i64) -> News {
        if after > self.n || after < self.forgotten {
            return News { n: self.n, changed: everything() };
        }
        let newer = self.messages.iter().filter(|(n, _)| *n > after);
        let tags: BTreeSet<&String> = newer.flat_map(|(_, tags)| tags).collect();
        News { n: self.n, changed: tags.into_iter().cloned().collect() }
    }
}

/// Every table there is.
fn everything() -> Vec<String> {
    daybook_core::app::records().map(|record| record.table.to_owned()).collect()
}

fn thinned(mut tags: Vec<String>) -> Vec<String> {
    if tags.len() > TAGS_MAX {
        tags.retain(|tag| !tag.contains(':'));
    }
    tags
}
