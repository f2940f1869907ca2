//! The books every world begins with, made once: a company with customers, items and stock on a server,
//! and three devices that have joined: two of the owner, one that a seller and a clerk share, who may not
//! see the ledger.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use daybook_core::app::{App, Call};
use daybook_core::db::Mode;
use daybook_core::shared::Id;
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::id::CommandId;
use serde_json::json;

use crate::support::{clock, dump_of};

pub struct Template {
    pub server: PathBuf,
    pub seats: Vec<Seat>,
}

/// A device, and who works on it.
pub struct Seat {
    pub file: PathBuf,
    pub device: DeviceId,
    pub people: Vec<UserId>,
}

impl Seat {
    /// Who of its people runs a command: the last one moves goods.
    pub fn actor(&self, command: &str) -> UserId {
        *if command.starts_with("inventory.") { self.people.last() } else { self.people.first() }.expect("somebody")
    }
}

/// The scopes of a device: its people's, as `server` knows them now.
pub fn scopes_of(server: &App, device: DeviceId) -> Vec<String> {
    let seat = template().seats.iter().find(|seat| seat.device == device);
    server.scopes_of(&seat.expect("a device of the template").people).expect("scopes")
}

pub fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(make)
}

fn make() -> Template {
    let folder = folder().keep();
    let server = folder.join("server.books");
    let app = App::open(&server, Mode::Create, clock()).expect("books");
    app.become_server().expect("a server");
    app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"})).expect("set-up");
    let run = |name: &str, args: serde_json::Value| app.execute(Call::new(name, args)).unwrap_or_else(|e| panic!("{name}: {e}")).result;
    for n in 0..4 {
        run("parties.save_party", json!({"code": format!("C{n}"), "name": format!("Customer {n}"), "country": "GB", "is_customer": true}));
        let item = run("catalog.save_item", json!({"code": format!("I{n}"), "name": format!("Item {n}"), "price": "2.50"}));
        run("inventory.receive", json!({"lines": [{"item": item["id"], "quantity": "100", "unit_cost": "1.10"}]}));
    }
    let person = |role: &str| {
        let saved = run("identity.save_user", json!({"name": role, "role": role}));
        Id::parse(saved["id"].as_str().expect("an id")).expect("an id")
    };
    let people: [Vec<UserId>; 3] = [vec![app.actor()], vec![app.actor()], vec![person("sales"), person("warehouse")]];
    let devices = people.map(|people| {
        let device: DeviceId = CommandId::mint().cast();
        run("identity.register_device", json!({"id": device.to_string(), "name": "Device"}));
        (device, people)
    });
    let seats = devices.into_iter().enumerate().map(|(n, (device, people))| {
        let file = folder.join(format!("{n}.books"));
        let scopes = app.scopes_of(&people).expect("scopes");
        app.snapshot(&file, &scopes).expect("snapshot");
        App::open(&file, Mode::Write, clock()).expect("books").take_seat(device, people[0]).expect("a seat");
        Seat { file, device, people }
    });
    Template { seats: seats.collect(), server }
}

/// A folder in memory where there is one: a simulation commits thousands of times.
pub fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("folder")
}

/// A copy of a books file that nobody has open.
pub fn copy(from: &Path, folder: &Path, name: &str) -> PathBuf {
    let to = folder.join(name);
    replace(from, &to);
    to
}

/// Puts a copy of `from` in the place of `to`, as somebody does who restores a backup.
pub fn replace(from: &Path, to: &Path) {
    for tail in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{tail}", to.display()));
    }
    std::fs::copy(from, to).expect("copy");
    let tail = |path: &Path| PathBuf::from(format!("{}-wal", path.display()));
    if tail(from).exists() {
        std::fs::copy(tail(from), tail(to)).expect("copy");
    }
}

pub fn dump(app: &App) -> String {
    dump_of(app)
}

/// The lines of a dump that a device with `scopes` has too.
pub fn within(dump: &str, scopes: &[String]) -> String {
    let held = |table: &str| daybook_core::app::register().record(table).is_ok_and(|record| scopes.iter().any(|scope| scope == record.scope()));
    dump.lines().filter(|line| held(line.split(' ').next().unwrap_or_default())).flat_map(|line| [line, "\n"]).collect()
}
