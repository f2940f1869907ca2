//! Devices and a server in one thread, with a seeded network that loses, doubles and repeats, devices
//! and servers that die at any step, run out of disk, are restored and copied, and an office that
//! changes the books meanwhile: whatever happens, nothing is lost, nothing is doubled, and all end with
//! the same rows.

mod device;
mod dice;
mod invariants;
mod network;
mod script;
mod shrink;
mod template;
mod work;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

pub use self::dice::Dice;
pub use self::script::{Kind, Op, Road, script};
pub use self::shrink::shrunk;
pub use self::template::{found, scopes_of};

use daybook_core::app::App;
use daybook_core::db::Mode;
use daybook_core::planted::{self, Fault};
use daybook_sync::Status;

use self::device::Device;
use self::network::Server;
use self::script::Deed;
use self::template::template;

/// The most machines of a world.
const MACHINES: usize = 5;

/// A world: a server, its devices, a clock.
pub struct World {
    pub server: Server,
    pub devices: Vec<Device>,
    kind: Kind,
    now_ms: i64,
    folder: tempfile::TempDir,
}

impl World {
    /// A world in which everybody begins with the same books.
    fn new(kind: Kind) -> Self {
        let folder = template::folder();
        let server = Server::open(template::copy(&template().server, folder.path(), "server.books"));
        let devices = template().devices.iter().enumerate().map(|(n, file)| Device::open(template::copy(file, folder.path(), &format!("{n}.books")), n, n));
        World { server, devices: devices.collect(), kind, now_ms: crate::support::START_MS, folder }
    }
    /// A world around a server that is there already, with no company yet.
    fn around(app: App, kind: Kind) -> Self {
        let folder = template::folder();
        let files = template::found(&app, folder.path());
        let devices = files.into_iter().enumerate().map(|(n, file)| Device::open(file, n, n)).collect();
        World { server: Server::on(app), devices, kind, now_ms: crate::support::START_MS, folder }
    }
    fn play(&mut self, script: &[Op]) {
        for op in script {
            self.now_ms += op.after_ms;
            if op.device < self.devices.len() {
                trace(|| format!("-- {op:?}"));
                self.act(*op);
                planted::disarm();
            }
        }
        self.heal();
        self.check();
    }

    fn act(&mut self, op: Op) {
        let World { server, devices, folder, kind, now_ms } = self;
        let (now_ms, road, machines) = (*now_ms, kind.road(), devices.len());
        let mut dice = Dice::new(op.seed);
        let device = &mut devices[op.device];
        match op.deed {
            Deed::Work => work::something(device, &mut dice, now_ms, false),
            Deed::Poisoned => work::something(device, &mut dice, now_ms, true),
            Deed::WorkKilled(steps) => {
                planted::arm(steps, Fault::Kill);
                device.mortal(|device| work::something(device, &mut dice, now_ms, false));
            }
            Deed::Sync | Deed::SyncKilled(_) | Deed::SyncFull(_) => {
                match op.deed {
                    Deed::SyncKilled(steps) => planted::arm(steps, Fault::Kill),
                    Deed::SyncFull(steps) => planted::arm(steps, Fault::Full),
                    _ => {}
                }
                device.mortal(|device| device.sync(server, &mut dice, road, now_ms));
                planted::disarm();
                device.check_now(server.app());
            }
            Deed::Attach => work::attach(device, &mut dice, now_ms),
            Deed::Kill => device.reopen(),
            Deed::Rebase => device.rebase(),
            Deed::Copy => device.keep_copy(folder.path()),
            Deed::Restore => device.restore_copy(),
            Deed::Clone if machines < MACHINES => {
                let clone = device.cloned(folder.path().join(format!("{machines}.books")), machines);
                devices.push(clone);
            }
            Deed::Clone => {}
            Deed::Skew(years) => device.skew_ms = years * 365 * 86_400_000,
            Deed::Office => work::office(server.app(), &mut dice, now_ms),
            Deed::CopyServer => server.keep_copy(folder.path()),
            Deed::RestoreServer => server.restore_copy(),
        }
    }

    /// I11: the trouble ends; everybody syncs until nothing is left to do. Panics when that does not come.
    fn heal(&mut self) {
        let mut dice = Dice::new(7);
        self.devices.iter().for_each(Device::forget_words);
        self.devices.iter().for_each(Device::want_everything);
        for turn in 0..60 {
            self.now_ms += 61_000;
            for device in &mut self.devices {
                device.sync(&mut self.server, &mut dice, Road::GOOD, self.now_ms);
            }
            if turn > 1 && self.devices.iter().all(|device| device.status() == Status::InStep) {
                return;
            }
        }
        let standing: Vec<_> = self.devices.iter().map(|device| (device.status(), device.pending(), device.last_error.clone())).collect();
        panic!("I11: not in step after healing: {standing:?}");
    }
}

/// Plays a script; what it shows when an invariant does not hold.
pub fn played(kind: Kind, script: &[Op]) -> Result<(), String> {
    quietly(|| World::new(kind).play(script))
}

/// The same around a server that has no company yet.
pub fn played_on(app: App, kind: Kind, script: &[Op]) -> Result<(), String> {
    quietly(|| World::around(app, kind).play(script))
}

/// Does something; the words of its panic, if it panics, which nobody sees otherwise.
fn quietly(work: impl FnOnce()) -> Result<(), String> {
    silence();
    SILENT.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    SILENT.set(false);
    planted::disarm();
    outcome.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        text.unwrap_or_else(|| "killed outside of any device".to_owned())
    })
}

thread_local! {
    static SILENT: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Panics of worlds are told by whoever plays them.
fn silence() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !SILENT.get() {
                before(info);
            }
        }));
    });
}

/// Tells the story of a world, when `DAYBOOK_TRACE` is set.
fn trace(what: impl FnOnce() -> String) {
    if std::env::var_os("DAYBOOK_TRACE").is_some() {
        eprintln!("{}", what());
    }
}

/// Opens books anew, as after a crash or a restore; a loss that the head file knows of is accepted.
fn open(path: &Path) -> App {
    let app = App::open(path, Mode::Write, crate::support::clock()).unwrap_or_else(|e| panic!("books do not open: {e}"));
    if app.lost() > 0 {
        app.accept_loss().expect("accepted");
    }
    app
}
