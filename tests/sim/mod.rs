//! Devices and a server in one thread, with a seeded network that loses, doubles and repeats, devices
//! that are killed, restored and copied, and a server that is restored: whatever happens, nothing is
//! lost, nothing is doubled, and all end with the same rows.

mod device;
mod dice;
mod network;
mod template;
mod work;

use std::path::PathBuf;

pub use dice::Dice;

use daybook_core::app::App;
use daybook_core::db::Mode;
use daybook_sync::Status;

use self::device::Device;
use self::network::Server;
use self::template::template;

/// What may go wrong, in hundredths per chance.
#[derive(Clone, Copy, Debug)]
pub struct Faults {
    /// A request that never arrives.
    pub lost: u64,
    /// An answer that never arrives: the server has done it.
    pub unanswered: u64,
    /// A request that arrives twice.
    pub doubled: u64,
    /// An old push that arrives again, much later.
    pub repeated: u64,
    /// A message of which a byte changed.
    pub altered: u64,
    /// A device that is killed and opened again.
    pub killed: u64,
    /// A device whose file is replaced by an older copy.
    pub restored: u64,
    /// A server that is replaced by an older copy.
    pub server_restored: u64,
}

impl Faults {
    /// A quiet day.
    pub const NONE: Faults = Faults { lost: 0, unanswered: 0, doubled: 0, repeated: 0, altered: 0, killed: 0, restored: 0, server_restored: 0 };
    /// A bad one.
    pub const ALL: Faults = Faults { lost: 15, unanswered: 10, doubled: 8, repeated: 5, altered: 4, killed: 3, restored: 1, server_restored: 1 };
}

/// A world: a server, its devices, a clock.
pub struct World {
    pub server: Server,
    pub devices: Vec<Device>,
    pub dice: Dice,
    pub now_ms: i64,
    faults: Faults,
    folder: tempfile::TempDir,
}

impl World {
    /// A world of `devices` devices that begin with the same books.
    pub fn new(seed: u64, devices: usize, faults: Faults) -> Self {
        let folder = template::folder();
        let server = Server::open(template::copy(&template().server, folder.path(), "server.books"));
        let mut dice = Dice::new(seed);
        let devices = (0..devices).map(|n| Device::open(template::copy(&template().devices[n], folder.path(), &format!("{n}.books")), n, &mut dice)).collect();
        World { server, devices, dice, now_ms: crate::support::START_MS, faults, folder }
    }
    /// One round: some work, some sync, some trouble.
    pub fn round(&mut self) {
        self.now_ms += 1_000 + self.dice.below(20_000);
        for n in 0..self.devices.len() {
            if self.dice.chance(60) {
                work::something(&mut self.devices[n], &mut self.dice, self.now_ms);
            }
            let faults = self.faults;
            self.devices[n].sync(&mut self.server, &mut self.dice, faults, self.now_ms);
            if self.dice.chance(faults.killed) {
                self.devices[n].reopen();
            }
            self.restore_device(n);
        }
        self.restore_server();
    }
    /// The trouble ends; everybody syncs until nothing is left to do. Panics when that does not come.
    pub fn heal(&mut self) {
        for turn in 0..200 {
            self.now_ms += 61_000;
            for device in &mut self.devices {
                device.sync(&mut self.server, &mut self.dice, Faults::NONE, self.now_ms);
            }
            if turn > 1 && self.devices.iter().all(|device| device.status() == Status::InStep) {
                return;
            }
        }
        let standing: Vec<_> = self.devices.iter().map(|device| (device.status(), device.pending(), device.last_error.clone())).collect();
        panic!("not in step after healing: {standing:?}");
    }
    /// What must hold in the end.
    pub fn check(&self) {
        self.server.app().verify().unwrap_or_else(|e| panic!("the server's books: {e}"));
        let truth = template::dump(self.server.app());
        for device in &self.devices {
            assert_eq!(device.pending(), 0, "device {} has something pending", device.n);
            assert_same(&template::dump(device.app()), &truth, device.n);
            device.app().verify().unwrap_or_else(|e| panic!("the books of device {}: {e}", device.n));
        }
        self.check_commands();
    }

    /// Every command that a device committed has one place in the log, and its state there is its state
    /// here.
    fn check_commands(&self) {
        let on_server = self.server.states();
        for device in &self.devices {
            for (command, state) in device.states() {
                assert_eq!(on_server.get(&command), Some(&state), "{command} of device {}", device.n);
            }
            for committed in &device.committed {
                let state = on_server.get(&committed.command).unwrap_or_else(|| panic!("{} of device {} is lost", committed.command, device.n));
                if let (Some((document, said)), "accepted" | "excepted") = (&committed.paper, state.as_str()) {
                    assert_eq!(work::content_hash(self.server.app(), document).as_ref(), Some(said), "{document} says something else than its paper");
                }
            }
        }
    }

    fn restore_device(&mut self, n: usize) {
        if self.faults.restored > 0 && self.dice.chance(5) {
            self.devices[n].keep_copy(self.folder.path());
        }
        if self.dice.chance(self.faults.restored) {
            self.devices[n].restore_copy();
        }
    }
    fn restore_server(&mut self) {
        if self.faults.server_restored > 0 && self.dice.chance(4) {
            self.server.keep_copy(self.folder.path());
        }
        if self.dice.chance(self.faults.server_restored) {
            self.server.restore_copy();
        }
    }
}

/// Tells the story of a world that fails, when `DAYBOOK_TRACE` is set.
fn trace(what: impl FnOnce() -> String) {
    if std::env::var_os("DAYBOOK_TRACE").is_some() {
        eprintln!("{}", what());
    }
}

/// Opens books anew, as after a crash or a restore; a loss that the head file knows of is accepted.
fn open(path: &PathBuf) -> App {
    let app = App::open(path, Mode::Write, crate::support::clock()).expect("books");
    if app.lost() > 0 {
        app.accept_loss().expect("accepted");
    }
    app
}

fn assert_same(ours: &str, theirs: &str, n: usize) {
    if ours == theirs {
        return;
    }
    let differing: Vec<_> = diff(ours, theirs).into_iter().take(12).collect();
    panic!("device {n} differs from the server:\n{}", differing.join("\n"));
}

fn diff(ours: &str, theirs: &str) -> Vec<String> {
    let (a, b): (std::collections::BTreeSet<_>, std::collections::BTreeSet<_>) = (ours.lines().collect(), theirs.lines().collect());
    a.difference(&b).map(|line| format!("- {line}")).chain(b.difference(&a).map(|line| format!("+ {line}"))).collect()
}
