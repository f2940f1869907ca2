//! A device: its books, its driver, and what happens to laptops.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use daybook_core::app::App;
use daybook_core::daybook::outbox;
use daybook_sync::driver::{failure, rejoin};
use daybook_sync::{Action, Driver, Event, Status};

use super::network::{FaultyRoad, Server, states_of};
use super::template;
use super::{Dice, Faults, open, trace};

/// A command that a device committed.
pub struct Committed {
    pub command: String,
    /// The document it posted, and the hash of what that says.
    pub paper: Option<(String, String)>,
}

pub struct Device {
    pub n: usize,
    /// Commands that this device committed and has not forgotten by being restored.
    pub committed: Vec<Committed>,
    pub last_error: Option<String>,
    path: PathBuf,
    app: Option<App>,
    driver: Driver,
    copy: Option<(PathBuf, usize)>,
    salt: u64,
}

impl Device {
    pub fn open(path: PathBuf, n: usize, dice: &mut Dice) -> Self {
        let app = open(&path);
        let driver = Driver::new(app.followed().expect("followed").cursor);
        Device { n, committed: Vec::new(), last_error: None, path, app: Some(app), driver, copy: None, salt: dice.next() }
    }
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the device runs")
    }
    pub fn status(&self) -> Status {
        self.driver.status()
    }
    pub fn pending(&self) -> i64 {
        self.app().read(|tx, _| outbox::count(tx)).expect("pending")
    }
    /// The tables in which the file has rows that the device must not hold.
    pub fn beyond(&self, scopes: &[String]) -> Vec<&'static str> {
        let conn = rusqlite::Connection::open(&self.path).expect("the file");
        let rows = |table: &str| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).expect("rows");
        let absent = daybook_core::app::records().filter(|record| !record.view && !scopes.iter().any(|scope| scope == record.scope()));
        absent.map(|record| record.table).filter(|table| rows(table) > 0).collect()
    }
    /// What became of the commands of this device.
    pub fn states(&self) -> BTreeMap<String, String> {
        states_of(self.app())
    }
    /// A number that no other device has.
    pub fn salt(&mut self) -> u64 {
        self.salt = self.salt.wrapping_add(0x9e37_79b9);
        self.salt % 100_000
    }

    /// Syncs until there is nothing to do, or trouble stops it.
    pub fn sync(&mut self, server: &mut Server, dice: &mut Dice, faults: Faults, now_ms: i64) {
        let mut event = if dice.chance(50) { Event::Entry } else { Event::Now };
        if faults.lost == 0 {
            event = Event::Now;
        }
        for _ in 0..400 {
            let action = self.driver.step(&event, now_ms, dice.next());
            trace(|| format!("{now_ms} device {}: {event:?} -> {action:?}", self.n));
            event = match action {
                Action::Wait { .. } => return,
                Action::Rejoin => {
                    let old = self.app.take().expect("open");
                    let device = old.device().device;
                    let outcome = rejoin(old, &self.path, &mut FaultyRoad { server, device, dice, faults });
                    self.app = Some(open(&self.path));
                    if let Err(error) = &outcome {
                        trace(|| format!("device {} cannot rejoin: {error:?}", self.n));
                    }
                    outcome.map_or_else(|error| Event::Failed(failure(&error)), |()| Event::Renewed { cursor: self.app().followed().expect("followed").cursor })
                }
                action => {
                    let device = self.app().device().device;
                    let mut road = FaultyRoad { server, device, dice, faults };
                    match self.driver.perform(action, self.app.as_ref().expect("open"), &mut road) {
                        Some(event) => event,
                        None => return,
                    }
                }
            };
            if let Event::Failed(failure) = &event {
                self.last_error = Some(format!("{action:?}: {failure:?}"));
            }
        }
        panic!("device {} does not come to rest: {:?}", self.n, self.last_error);
    }

    /// Killed and started again.
    pub fn reopen(&mut self) {
        self.app = None;
        self.reopen_app();
    }
    fn reopen_app(&mut self) {
        let app = open(&self.path);
        self.driver = Driver::new(app.followed().expect("followed").cursor);
        self.app = Some(app);
    }

    /// Somebody makes a copy of the file.
    pub fn keep_copy(&mut self, folder: &Path) {
        let to = folder.join(format!("{}.copy", self.n));
        trace(|| format!("device {} is copied", self.n));
        self.app = None;
        template::replace(&self.path, &to);
        self.copy = Some((to, self.committed.len()));
        self.reopen_app();
    }
    /// Somebody puts the copy back: what was done since and not sent is gone, as he was told.
    pub fn restore_copy(&mut self) {
        let Some((copy, committed)) = self.copy.clone() else { return };
        trace(|| format!("device {} is restored", self.n));
        self.app = None;
        template::replace(&copy, &self.path);
        self.committed.truncate(committed);
        self.reopen_app();
    }
}
