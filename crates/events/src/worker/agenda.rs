//! Which firm's books are looked at next, and when. Nobody is looked at by two at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};

/// The agenda of everybody who looks.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    plan: Mutex<Plan>,
    called: Condvar,
}

#[derive(Debug, Default)]
struct Plan {
    next: BTreeMap<String, Moment>,
    in_hand: BTreeSet<String>,
}

impl Agenda {
    /// A firm whose time has come; waits for one, `patience` at most. It is in hand until [`Agenda::plan`].
    pub(super) fn take(&self, patience: Duration) -> Option<String> {
        let mut plan = self.lock();
        if plan.soonest(Moment::now()).is_none() {
            plan = self.called.wait_timeout(plan, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        let name = plan.soonest(Moment::now())?;
        plan.next.remove(&name);
        plan.in_hand.insert(name.clone());
        Some(name)
    }
    /// Asks to look at `name` now.
    pub(super) fn call(&self, name: String) {
        self.lock().bring_forward(name, Moment::now());
        self.called.notify_one();
    }
    /// Lays a firm down that was in hand, until `next`.
    pub(super) fn plan(&self, name: &str, next: Moment) {
        let mut plan = self.lock();
        plan.in_hand.remove(name);
        plan.bring_forward(name.to_owned(), next);
    }
    /// Keeps to these firms: looks at new ones now, and no more at others.
    pub(super) fn keep_to(&self, names: Vec<String>) {
        let mut plan = self.lock();
        let names: BTreeSet<String> = names.into_iter().collect();
        plan.next.retain(|name, _| names.contains(name));
        for name in names {
            if !plan.next.contains_key(&name) && !plan.in_hand.contains(&name) {
                plan.next.insert(name, Moment::now());
            }
        }
        drop(plan);
        self.called.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Plan {
    /// Who waits longest of those whose time has come.
    fn soonest(&self, now: Moment) -> Option<String> {
        let due = self.next.iter().filter(|(name, at)| **at <= now && !self.in_hand.contains(*name));
        due.min_by_key(|(_, at)| **at).map(|(name, _)| name.clone())
    }
    fn bring_forward(&mut self, name: String, at: Moment) {
        let next = self.next.entry(name).or_insert(at);
        *next = (*next).min(at);
    }
}
