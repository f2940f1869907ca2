//! Events of all tenants on their way out: the server delivers, its devices never do. A tenant that is suspended
//! keeps its events until people are let in again.

use std::sync::Arc;
use std::time::Duration;

use daybook_core::access::state::is_suspended;
use daybook_core::app::App;
use daybook_core::daybook::events::{self, Waits};
use daybook_core::shared::Instant;
use daybook_core::shared::error::Result;
use daybook_events::{Books, Firms, Settings, Stop, run_all};

use super::{Central, Tenants};

/// The books of one tenant, opened when they are needed.
pub struct Firm {
    tenants: Arc<Tenants>,
    name: String,
}

impl Books for Firm {
    fn with<T>(&self, work: impl FnOnce(&App) -> Result<T>) -> Result<T> {
        work(&self.tenants.get_now(&self.name)?.app)
    }
    fn pause(&self) -> Result<bool> {
        self.tenants.glance(&self.name, is_suspended)
    }
}

impl Firms for Central {
    type Books = Firm;
    fn names(&self) -> Result<Vec<String>> {
        let names = self.tenants.place().list()?;
        self.watch.keep_to(&names);
        Ok(names)
    }
    /// Looks, and notes what the look told.
    fn waits(&self, name: &str) -> Result<Option<Waits>> {
        self.tenants.keep_reached(name)?;
        self.tenants.glance(name, |tx| {
            let (suspended, waits) = (is_suspended(tx)?, events::waits(tx)?);
            self.watch.note(tx, name, &waits, self.now())?;
            Ok(Some(waits).filter(|_| !suspended))
        })
    }
    fn books(&self, name: &str) -> Firm {
        Firm { tenants: Arc::clone(&self.tenants), name: name.to_owned() }
    }
    fn changed(&self, patience: Duration) -> Vec<String> {
        self.tenants.changed(patience).into_iter().collect()
    }
    fn now(&self) -> Instant {
        Central::now(self)
    }
}

impl Central {
    /// Delivers events of all tenants until `stop` is asked for. It takes a thread of its own, outside of any
    /// runtime.
    pub fn deliver(&self, settings: &Settings, stop: &Stop) {
        run_all(self, settings, stop);
    }
}
