//! Whose books changed here, for those who have to know: the worker of events, and the other servers.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::place::Place;

/// Who has to know.
#[derive(Clone)]
pub struct News {
    /// Who delivers events.
    pub worker: Arc<Changed>,
    /// Other servers, where there may be some.
    pub servers: Option<Arc<Changed>>,
}

impl News {
    /// For the tenants at `place`: files belong to one server.
    pub fn of(place: &Place) -> Self {
        News { worker: Arc::default(), servers: matches!(place, Place::Postgres(_)).then(Arc::default) }
    }
    /// The books of `name` changed.
    pub fn note(&self, name: &str) {
        self.worker.note(name);
        self.servers.iter().for_each(|servers| servers.note(name));
    }
}

/// Names, each once, until somebody takes them.
#[derive(Default)]
pub struct Changed {
    names: Mutex<BTreeSet<String>>,
    bell: Condvar,
}

impl Changed {
    /// Adds a name.
    pub fn note(&self, name: &str) {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        self.bell.notify_one();
    }
    /// Takes all names; waits for one, `patience` at most.
    pub fn take(&self, patience: Duration) -> BTreeSet<String> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.is_empty() {
            names = self.bell.wait_timeout(names, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        std::mem::take(&mut names)
    }
}
