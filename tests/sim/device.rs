//! A device: its books, its driver, and what happens to laptops.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use daybook_core::app::App;
use daybook_core::daybook::outbox;
use daybook_core::files::lane::{self, Standing};
use daybook_core::planted::{self, Killed};
use daybook_core::shared::error::Kind;
use daybook_sync::driver::{failure, rejoin};
use daybook_sync::lane::Pace;
use daybook_sync::{Action, Driver, Event, Status};

use super::network::{FaultyRoad, Server, states_of};
use super::{Dice, Road, open, template, trace};

/// A command that a device committed.
#[derive(Clone)]
pub struct Committed {
    pub command: String,
    /// The document it posted, and the hash of what that says.
    pub paper: Option<(String, String)>,
}

pub struct Device {
    /// Which machine it is.
    pub n: usize,
    /// Which of the devices that the server knows it is, or was once.
    pub seat: usize,
    /// Commands that this device committed and has not forgotten by being restored.
    pub committed: Vec<Committed>,
    pub last_error: Option<String>,
    /// Files that were stored here and that no restoring took back, by their hash.
    pub stored: Vec<String>,
    /// How often its rows came anew.
    pub rejoined: usize,
    /// How far its clock is off, ms.
    pub skew_ms: i64,
    path: PathBuf,
    app: Option<App>,
    driver: Driver,
    copy: Option<(PathBuf, usize, usize)>,
}

impl Device {
    pub fn open(path: PathBuf, n: usize, seat: usize) -> Self {
        let app = open(&path);
        let driver = Driver::new(app.followed().expect("followed").cursor);
        Device { n, seat, committed: Vec::new(), stored: Vec::new(), last_error: None, rejoined: 0, skew_ms: 0, path, app: Some(app), driver, copy: None }
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
    /// What became of the commands of this device.
    pub fn states(&self) -> BTreeMap<String, String> {
        states_of(self.app())
    }

    /// Does something during which the device may die; it is started again then.
    pub fn mortal<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(value) => Some(value),
            Err(panic) => match panic.downcast::<Killed>() {
                Ok(killed) => {
                    trace(|| format!("device {} dies at {}", self.n, killed.0));
                    self.reopen();
                    None
                }
                Err(panic) => resume_unwind(panic),
            },
        }
    }
    /// Syncs until there is nothing to do, or trouble stops it.
    pub fn sync(&mut self, server: &mut Server, dice: &mut Dice, faults: Road, now_ms: i64) {
        let mut event = if faults != Road::GOOD && dice.chance(50) { Event::Entry } else { Event::Now };
        for _ in 0..400 {
            let action = self.driver.step(&event, now_ms, dice.next());
            trace(|| format!("{now_ms} device {}: {event:?} -> {action:?}", self.n));
            event = match action {
                Action::Wait { .. } => return self.carry_files(server, dice, faults),
                Action::Rejoin => self.rejoin(server, dice, faults),
                action => {
                    let device = self.app().device().device;
                    let mut road = FaultyRoad { server, device, seat: self.seat, dice, faults };
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
        panic!("I11: device {} does not come to rest: {:?}", self.n, self.last_error);
    }
    /// Carries files, when the device is in step, until there is nothing to carry or trouble stops it.
    fn carry_files(&mut self, server: &mut Server, dice: &mut Dice, faults: Road) {
        self.driver.wake_lane();
        for _ in 0..400 {
            let app = self.app.as_ref().expect("open");
            let jitter = dice.next();
            let mut road = FaultyRoad { server, device: app.device().device, seat: self.seat, dice, faults };
            match self.driver.carry(app, &mut road, jitter) {
                Pace::Went => {}
                Pace::Rests(..) => return,
            }
        }
        panic!("I11: the files of device {} do not come to rest", self.n);
    }
    /// Somebody opens every file that is elsewhere.
    pub fn want_everything(&self) {
        for file in self.standings().iter().filter(|file| !file.here) {
            self.app().want_file(file.hash.as_str()).unwrap_or_else(|e| assert_eq!(e.kind(), Kind::Denied, "{e}"));
        }
    }
    /// How files stand here, whoever may read them.
    pub fn standings(&self) -> Vec<Standing> {
        self.app().read(|tx, _| lane::standings(tx)).expect("files")
    }
    /// A day goes by: what the server once said of files is asked for again.
    pub fn forget_words(&self) {
        self.app().storage().write(|tx| tx.raw("UPDATE file_way SET asked_at = 0")).expect("forgotten");
    }
    fn rejoin(&mut self, server: &mut Server, dice: &mut Dice, faults: Road) -> Event {
        self.rejoined += 1;
        let old = self.app.take().expect("open");
        let device = old.device().device;
        let outcome = rejoin(old, &self.path, &mut FaultyRoad { server, device, seat: self.seat, dice, faults });
        self.app = Some(open(&self.path));
        let renewed = |()| Event::Renewed { cursor: self.app().followed().expect("followed").cursor };
        outcome.map_or_else(|error| Event::Failed(failure(&error)), renewed)
    }

    /// I12: what is pending, taken back and run again, ends the same.
    pub fn rebase(&self) {
        let clean = "SELECT count(*) FROM daybook WHERE state = 'pending' AND reason IS NULL";
        let all = "SELECT coalesce(max(pos) - min(pos) + 1, 0) FROM daybook WHERE state = 'pending'";
        let (clean, all): (i64, i64) = self.app().read(|tx, _| Ok((tx.one(clean, &[])?, tx.one(all, &[])?))).expect("pending");
        if clean != all {
            return;
        }
        let before = template::dump(self.app());
        match self.app().rebase(all, |_| Ok(())) {
            Err(e) if e.code() == "command.panicked" => {}
            outcome => outcome.unwrap_or_else(|e| panic!("I12: device {} cannot run its entries again: {e}", self.n)),
        }
        assert!(template::dump(self.app()) == before, "I12: device {} ends elsewhere when its entries run again", self.n);
    }

    /// Killed and started again.
    pub fn reopen(&mut self) {
        planted::disarm();
        self.app = None;
        let app = open(&self.path);
        self.driver = Driver::new(app.followed().expect("followed").cursor);
        self.app = Some(app);
    }
    /// Somebody makes a copy of the file.
    pub fn keep_copy(&mut self, folder: &Path) {
        let to = folder.join(format!("{}.copy", self.n));
        self.app = None;
        template::replace(&self.path, &to);
        self.copy = Some((to, self.committed.len(), self.stored.len()));
        self.reopen();
    }
    /// Somebody puts the copy back: what was done since and not sent is gone, as he was told.
    pub fn restore_copy(&mut self) {
        let Some((copy, committed, stored)) = self.copy.clone() else { return };
        self.app = None;
        template::replace(&copy, &self.path);
        self.committed.truncate(committed);
        self.stored.truncate(stored);
        self.reopen();
    }
    /// Somebody runs a copy of the file on another machine.
    pub fn cloned(&mut self, path: PathBuf, n: usize) -> Device {
        self.app = None;
        template::replace(&self.path, &path);
        self.reopen();
        Device { committed: self.committed.clone(), stored: self.stored.clone(), skew_ms: self.skew_ms, ..Device::open(path, n, self.seat) }
    }
}
