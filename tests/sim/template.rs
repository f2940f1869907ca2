//! The books every world begins with, made once: a company with customers, items and stock on a server,
//! and three devices that have joined: the owner's, the accountant's, and one of a seller that holds no
//! ledger.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use daybook_core::app::{App, Call, records};
use daybook_core::db::Mode;
use daybook_core::shared::Id;
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::id::CommandId;
use serde_json::json;

use super::script::DEVICES;
use crate::support::{clock, dump_of};

pub struct Template {
    pub server: PathBuf,
    pub devices: Vec<PathBuf>,
}

/// The seat whose device holds no ledger and no costs.
const NARROW: usize = 2;

/// The scopes of a seat.
pub fn scopes_of(seat: usize) -> Vec<String> {
    static SCOPES: OnceLock<Vec<String>> = OnceLock::new();
    let scopes = SCOPES.get_or_init(|| {
        let mut scopes: Vec<String> = records().map(|record| record.scope().to_owned()).collect();
        scopes.sort();
        scopes.dedup();
        scopes
    });
    scopes.iter().filter(|scope| seat != NARROW || *scope == "read").cloned().collect()
}

pub fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        // It stays when the tests end: on disk among what cargo built, not in memory.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("folder").keep();
        let server = folder.join("server.books");
        let app = App::open(&server, Mode::Create, clock()).expect("books");
        Template { devices: found(&app, &folder), server }
    })
}

/// Founds a company on a server, and gives the books of its devices.
pub fn found(app: &App, folder: &Path) -> Vec<PathBuf> {
    app.become_server().expect("a server");
    app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"})).expect("set-up");
    let run = |name: &str, args: serde_json::Value| app.execute(Call::new(name, args)).unwrap_or_else(|e| panic!("{name}: {e}")).result;
    let list = run("catalog.save_price_list", json!({"name": "Friends", "currency": "GBP"}));
    for n in 0..4 {
        run("parties.save_party", json!({"code": format!("C{n}"), "name": format!("Customer {n}"), "country": "GB", "is_customer": true}));
        let item = run("catalog.save_item", json!({"code": format!("I{n}"), "name": format!("Item {n}"), "sales_price": "2.50"}));
        run("inventory.receive", json!({"lines": [{"item": item["id"], "quantity": "100", "unit_cost": "1.10"}]}));
        run("catalog.save_price", json!({"list": list["id"], "item": item["id"], "valid_from": "2011-01-01", "price": "2.25"}));
    }
    let ann = run("identity.save_user", json!({"name": "Ann", "role": "accountant"}));
    let bob = run("identity.save_user", json!({"name": "Bob", "role": "sales"}));
    let person = |saved: &serde_json::Value| Id::parse(saved["id"].as_str().expect("an id")).expect("an id");
    let actors = [app.actor(), person(&ann), person(&bob)];
    let devices: [DeviceId; DEVICES] = std::array::from_fn(|n| {
        let device: DeviceId = CommandId::mint().cast();
        run("identity.register_device", json!({"id": device.to_string(), "name": format!("Device {n}")}));
        device
    });
    let seats = devices.into_iter().zip(actors).enumerate().map(|(n, (device, actor))| {
        let file = folder.join(format!("{n}.books"));
        app.snapshot(&file, &scopes_of(n)).expect("snapshot");
        App::open(&file, Mode::Write, clock()).expect("books").take_seat(device, actor).expect("a seat");
        file
    });
    seats.collect()
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
    let beside = |path: &Path, tail: &str| PathBuf::from(format!("{}{tail}", path.display()));
    for tail in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(beside(to, tail));
    }
    std::fs::copy(from, to).expect("copy");
    if beside(from, "-wal").exists() {
        std::fs::copy(beside(from, "-wal"), beside(to, "-wal")).expect("copy");
    }
}

pub fn dump(app: &App) -> String {
    dump_of(app)
}
