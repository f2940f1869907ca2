//! Scopes: what the device of a clerk holds, receives and can do; what a change of role brings and takes.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use daybook_core::app::{self, App, Call, FileRules, Pusher};
use daybook_core::daybook::wire::{Fate, Feed, FilePiece, FileWord, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::daybook::{attention, outbox};
use daybook_core::db::{Books, Mode};
use daybook_core::inventory::{ItemCost, MoveCost, StockLevel};
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::error::{Kind, Result};
use daybook_core::shared::id::CommandId;
use daybook_core::shared::permission::{Permission, Role};
use daybook_core::shared::{Id, Minor, Quantity};
use daybook_sync::driver::{failure, rejoin};
use daybook_sync::{Action, Driver, Event, Failure, Road, Status};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{START_MS, TestBooks, clock, dump_of, empty_books, empty_postgres};

/// Cost of one canary, in pence: a number that stands nowhere by chance.
const CANARY_COST: i64 = 7_654_321_98;
/// The price at which a canary is bought, in millionths of a pound.
const CANARY_PRICE: i64 = 4_321_987_654_321;
/// What the accountant writes into the ledger.
const CANARY_TEXT: &str = "Settlement with the canary breeder";

/// No scanner, and room for everything.
const RULES: FileRules = FileRules { scanned: false, size_max: 20 << 20, total_max: i64::MAX };

/// A firm on a server: an owner, an item that must not betray its cost, a customer.
pub struct Firm<'b> {
    pub server: &'b TestBooks,
    pub item: Value,
    pub party: Value,
}

/// Runs `test` on a new firm, on each database there is.
pub fn each_server(test: impl Fn(&Firm<'_>)) {
    for books in [Some(empty_books()), empty_postgres()].into_iter().flatten() {
        test(&Firm::found(&books));
    }
}

impl<'b> Firm<'b> {
    /// The firm, on books that are empty.
    pub fn found(books: &'b TestBooks) -> Self {
        books.app.become_server().expect("a server");
        books.app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"})).expect("set-up");
        let party = books.run("parties.save_party", json!({"name": "Customer", "country": "GB", "is_customer": true}))["id"].clone();
        let item = books.run("catalog.save_item", json!({"code": "CANARY", "name": "Canary", "sales_price": "2.50"}))["id"].clone();
        let firm = Firm { server: books, item, party };
        firm.price(Some(CANARY_PRICE));
        firm.receive("1");
        firm
    }
    /// The owner says at which price canaries are bought.
    fn price(&self, micros: Option<i64>) {
        let price = micros.map(|micros| format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000));
        self.server.run("catalog.save_item", json!({"id": self.item, "purchase_price": price}));
    }
    /// The owner receives canaries, on the server.
    fn receive(&self, quantity: &str) {
        let cost = format!("{}.{:02}", CANARY_COST / 100, CANARY_COST % 100);
        self.server.run("inventory.receive", json!({"lines": [{"item": self.item, "quantity": quantity, "unit_cost": cost}]}));
    }
    /// The owner works: every kind of row that a clerk must not see.
    pub fn work(&self) {
        self.receive("2");
        self.price(None);
        self.price(Some(CANARY_PRICE));
        let invoice = self.server.run("billing.post_invoice", json!({"draft": self.draft("1")}));
        self.server.run("billing.credit_invoice", json!({"id": invoice["id"], "reason": "Moulting", "lines": [{"line": 1, "quantity": "1"}]}));
        let lines = json!([{"account": "7100", "debit": 50_00}, {"account": "1200", "credit": 50_00}]);
        self.server.run("ledger.post_entry", json!({"date": "2011-01-10", "text": CANARY_TEXT, "lines": lines}));
    }
    pub fn draft(&self, quantity: &str) -> Value {
        json!({"party": self.party, "lines": [{"item": self.item, "quantity": quantity}]})
    }
    pub fn person(&self, role: Role) -> UserId {
        let saved = self.server.run("identity.save_user", json!({"name": role.word(), "role": role}));
        Id::parse(saved["id"].as_str().unwrap()).unwrap()
    }
    pub fn give_role(&self, user: UserId, role: Role) {
        self.server.run("identity.save_user", json!({"id": user, "name": "Somebody", "role": role}));
    }
    /// A new device on which a new person works.
    pub fn device(&self, role: Role) -> Device<'b> {
        let user = self.person(role);
        let device: DeviceId = CommandId::mint().cast();
        self.server.run("identity.register_device", json!({"id": device, "name": "Laptop"}));
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("device.books");
        let mut road = Wire { server: &self.server.app, device, user, bytes: RefCell::default() };
        road.snapshot(&path).expect("snapshot");
        let app = open(&path);
        app.take_seat(device, user).expect("a seat");
        let driver = Driver::new(app.followed().expect("followed").cursor);
        Device { app: Some(app), driver, path, user, road, failures: Vec::new(), now_ms: START_MS, folder }
    }
    /// A device that was put away, opened again.
    pub fn open(&self, away: Away) -> Device<'b> {
        let Away { path, user, device, folder } = away;
        let app = open(&path);
        let road = Wire { server: &self.server.app, device, user, bytes: RefCell::default() };
        let driver = Driver::new(app.followed().expect("followed").cursor);
        Device { app: Some(app), driver, path, user, road, failures: Vec::new(), now_ms: START_MS, folder }
    }
}

/// A device whose program does not run.
pub struct Away {
    path: PathBuf,
    user: UserId,
    device: DeviceId,
    folder: TempDir,
}

fn open(path: &Path) -> App {
    App::open(path, Mode::Write, clock()).expect("books")
}

/// The road to the server, which keeps every byte that came down.
struct Wire<'b> {
    server: &'b App,
    device: DeviceId,
    user: UserId,
    bytes: RefCell<Vec<u8>>,
}

impl Wire<'_> {
    fn scopes(&self) -> Vec<String> {
        self.server.scopes_of(&[self.user]).expect("scopes")
    }
}

impl Road for Wire<'_> {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome> {
        self.server.greet(hello, &self.scopes())
    }
    fn push(&mut self, push: &Push) -> Result<Receipt> {
        self.server.accept(push, &Pusher { device: self.device, actors: Some(vec![self.user]), scopes: self.scopes() })
    }
    fn pull(&mut self, pull: &Pull) -> Result<Feed> {
        let feed = self.server.feed(pull, self.device, &self.scopes())?;
        let bytes = minicbor::to_vec(&feed).expect("encodes");
        self.bytes.borrow_mut().extend(&bytes);
        Ok(minicbor::decode(&bytes).expect("decodes"))
    }
    fn fates(&mut self, commands: &[[u8; 16]]) -> Result<Vec<Fate>> {
        self.server.fates(commands)
    }
    fn ask_files(&mut self, hashes: &[String]) -> Result<Vec<FileWord>> {
        self.server.file_words(hashes, RULES)
    }
    fn send_piece(&mut self, piece: &FilePiece) -> Result<FileWord> {
        self.server.take_file_piece(piece, RULES)
    }
    fn get_piece(&mut self, hash: &str, n: i64) -> Result<FilePiece> {
        let piece = self.server.give_file_piece(hash, n, self.user, RULES)?;
        self.bytes.borrow_mut().extend(piece.bytes.as_slice());
        Ok(piece)
    }
    fn snapshot(&mut self, path: &Path) -> Result<()> {
        self.server.snapshot(path, &self.scopes())?;
        self.bytes.borrow_mut().extend(std::fs::read(path).expect("snapshot"));
        Ok(())
    }
}

pub struct Device<'b> {
    app: Option<App>,
    driver: Driver,
    path: PathBuf,
    pub user: UserId,
    road: Wire<'b>,
    pub failures: Vec<Failure>,
    now_ms: i64,
    folder: TempDir,
}

impl Device<'_> {
    /// Ends its program.
    pub fn put_away(self) -> Away {
        Away { path: self.path, user: self.user, device: self.road.device, folder: self.folder }
    }
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("open")
    }
    #[track_caller]
    pub fn run(&self, name: &str, args: Value) -> Value {
        self.app().execute(Call::new(name, args)).unwrap_or_else(|e| panic!("{name}: {e}")).result
    }
    pub fn pending(&self) -> i64 {
        self.app().read(|tx, _| outbox::count(tx)).unwrap()
    }
    pub fn one(&self, sql: &str) -> i64 {
        self.app().read(|tx, _| tx.one(sql, &[])).unwrap()
    }
    /// The code of the error that reading gives.
    fn refused(&self, sql: &str) -> String {
        self.app().read(|tx, _| tx.each(sql, &[], |_| Ok(()))).expect_err(sql).code().to_owned()
    }

    /// Syncs until there is nothing to do. `after` is called after each action.
    fn sync_with(&mut self, mut after: impl FnMut(&Action)) {
        let mut event = Event::Now;
        for _ in 0..50 {
            let action = self.driver.step(&event, self.now_ms, 7);
            event = match action {
                Action::Wait { .. } => return,
                Action::Rejoin => {
                    let outcome = rejoin(self.app.take().expect("open"), &self.path, &mut self.road);
                    self.app = Some(open(&self.path));
                    outcome.map_or_else(|e| Event::Failed(failure(&e)), |()| Event::Renewed { cursor: self.app().followed().unwrap().cursor })
                }
                _ => self.driver.perform(action, self.app.as_ref().expect("open"), &mut self.road).expect("an event"),
            };
            after(&action);
            if let Event::Failed(failure) = event {
                self.failures.push(failure);
            }
        }
        panic!("the device does not come to rest: {:?}", self.failures);
    }
    pub fn sync(&mut self) {
        self.sync_with(|_| {});
    }
    /// Syncs and greets anew: a day later.
    pub fn sync_anew(&mut self) {
        self.driver = Driver::new(self.app().followed().unwrap().cursor);
        self.sync();
    }

    /// The oracle: what the person may read by the matrix and nothing else is in the file, and it is the
    /// server's.
    #[track_caller]
    pub fn check_entitled(&self, role: Role) {
        assert_eq!((self.driver.status(), self.pending()), (Status::InStep, 0), "{:?}", self.failures);
        let conn = rusqlite::Connection::open(&self.path).unwrap();
        for record in app::records().filter(|record| !record.view && !role.grants(record.needs)) {
            let rows: i64 = conn.query_row(&format!("SELECT count(*) FROM {}", record.table), [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 0, "{}", record.table);
        }
        let held: BTreeSet<&str> = app::records().filter(|record| role.grants(record.needs)).map(|record| record.table).collect();
        let theirs: Vec<String> = dump_of(self.road.server).lines().filter(|line| held.contains(line.split(' ').next().unwrap())).map(str::to_owned).collect();
        assert_eq!(dump_of(self.app()).lines().collect::<Vec<_>>(), theirs);
        self.app().verify().unwrap();
        self.road.server.verify().unwrap();
    }
    /// How often the file and its log betray a canary.
    fn betrayed(&self) -> usize {
        canaries(&self.bytes())
    }
    /// How often they, and what lies beside them, betray a price at which goods are bought.
    pub fn prices(&self) -> usize {
        let beside = std::fs::read_dir(self.folder.path()).unwrap().flatten();
        beside.map(|file| prices(&std::fs::read(file.path()).unwrap())).sum()
    }
    fn bytes(&self) -> Vec<u8> {
        let log = std::fs::read(format!("{}-wal", self.path.display())).unwrap_or_default();
        [std::fs::read(&self.path).unwrap(), log].concat()
    }
}

fn occurrences(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).filter(|window| *window == needle).count()
}

/// How often bytes hold what only the ledger says: its text, and a cost as SQLite and CBOR write it.
fn canaries(bytes: &[u8]) -> usize {
    let cost = u32::try_from(CANARY_COST).unwrap().to_be_bytes();
    occurrences(bytes, CANARY_TEXT.as_bytes()) + occurrences(bytes, &cost)
}

/// How often bytes hold the price at which canaries are bought: both write its six bytes.
fn prices(bytes: &[u8]) -> usize {
    occurrences(bytes, &CANARY_PRICE.to_be_bytes()[2..])
}

#[test]
fn scopes_are_what_a_role_may_read() {
    let of = |role: Role| role.scopes().collect::<Vec<_>>();
    for role in [Role::Owner, Role::Admin, Role::Accountant, Role::Auditor] {
        assert_eq!(of(role), ["read", "see_costs", "see_ledger"], "{role}");
    }
    assert_eq!(of(Role::Purchasing), ["read", "see_costs"]);
    for role in [Role::Sales, Role::Warehouse] {
        assert_eq!(of(role), ["read"], "{role}");
    }
    assert_eq!(App::all_scopes(), Permission::READING.map(|permission| permission.word().to_owned()));
    each_server(|firm| {
        let (clerk, auditor) = (firm.person(Role::Warehouse), firm.person(Role::Auditor));
        let scopes = |users: &[UserId]| firm.server.app.scopes_of(users).unwrap();
        assert_eq!(scopes(&[clerk]), ["read"]);
        assert_eq!(scopes(&[clerk, auditor]), ["read", "see_costs", "see_ledger"]);
        firm.server.run("identity.save_user", json!({"id": auditor, "name": "Gone", "role": "auditor", "archived": true}));
        assert_eq!(scopes(&[clerk, auditor]), ["read"]);
        assert!(scopes(&[auditor, CommandId::mint().cast()]).is_empty());
    });
}

#[test]
fn nothing_of_ledger_and_cost_ever_reaches_a_clerk() {
    each_server(|firm| {
        let mut devices: Vec<(Role, Device<'_>)> =
            [Role::Warehouse, Role::Sales, Role::Purchasing, Role::Accountant].map(|role| (role, firm.device(role))).into_iter().collect();
        for _ in 0..3 {
            firm.work();
            for (role, device) in &mut devices {
                device.sync_anew();
                device.check_entitled(*role);
            }
        }
        for (role, device) in devices {
            let seen = canaries(&device.road.bytes.borrow());
            assert_eq!(seen > 0, role.grants(Permission::SeeLedger), "{role}: {seen} canaries on the wire");
            assert_eq!(device.betrayed() > 0, role.grants(Permission::SeeLedger), "{role}");
            let seen = prices(&device.road.bytes.borrow());
            assert_eq!(seen > 0, role.grants(Permission::SeeCosts), "{role}: {seen} prices on the wire");
            assert_eq!(device.prices() > 0, role.grants(Permission::SeeCosts), "{role}");
        }
    });
}

/// Runs every command that a person in the warehouse may run.
fn day_in_the_warehouse(device: &Device<'_>, item: &Value) {
    let receipt = device.run("inventory.receive", json!({"lines": [{"item": item, "quantity": "5", "unit_cost": "1.11"}]}));
    assert_eq!(receipt["value"], Value::Null, "what stock is worth is not known here");
    device.run("inventory.save_location", json!({"code": "SHELF", "name": "Shelf", "kind": "storage"}));
    device.run("inventory.move_stock", json!({"item": item, "quantity": "2", "from": "STORE", "to": "SHELF"}));
    let lost = device.run("inventory.adjust", json!({"item": item, "quantity": "-3", "reason": "Flown away"}));
    device.run("inventory.adjust", json!({"item": item, "quantity": "2", "reason": "Came back"}));
    device.run("inventory.reverse_adjustment", json!({"id": lost["id"], "reason": "They sat on the roof"}));
    let ran: Vec<(String,)> = device.app().read(|tx, _| tx.all("SELECT DISTINCT name FROM daybook", &[])).unwrap();
    for command in app::commands().filter(|command| command.needs == Permission::Stock) {
        assert!(ran.contains(&(command.name.to_owned(),)), "{} is not in the day of the warehouse", command.name);
    }
}

#[test]
fn a_clerk_does_his_work_without_costs_and_the_server_adds_them() {
    for valuation in ["average", "fifo"] {
        each_server(|firm| {
            firm.server.run("identity.change_company", json!({"valuation": valuation}));
            let mut device = firm.device(Role::Warehouse);
            day_in_the_warehouse(&device, &firm.item);
            assert!(!device.app().read(|tx, _| Ok(tx.holds::<MoveCost>())).unwrap());
            assert_eq!(device.app().read(|tx, _| tx.find::<ItemCost>(&[])).unwrap_err().code(), "scope.absent");
            let pending = device.pending();
            device.sync();
            device.check_entitled(Role::Warehouse);
            let of_device = format!("FROM log_entry l JOIN daybook d ON d.pos = l.pos WHERE d.actor = x'{}'", hex(device.user));
            let of_device = if firm.server.folder.is_some() { of_device } else { of_device.replace("x'", "'") };
            let count = |what: &str| firm.server.app.read(|tx, _| tx.one::<i64>(&format!("SELECT {what} {of_device}"), &[])).unwrap();
            assert_eq!((count("count(*)"), count("CAST(sum(confirmed) AS BIGINT)")), (pending, pending), "the clerk has the rows already");
            // Received 5 at 1.11, found 2 and lost 3 and found them again: all of it is worth something on the server.
            let moves = "SELECT count(*) FROM move_cost c JOIN stock_move m ON m.id = c.move WHERE m.source IN ('receipt', 'adjustment')";
            assert_eq!(firm.server.app.read(|tx, _| tx.one::<i64>(moves, &[])).unwrap(), 5);
            let entries = "SELECT count(*) FROM journal_entry WHERE source IN ('receipt', 'adjustment')";
            assert_eq!(firm.server.app.read(|tx, _| tx.one::<i64>(entries, &[])).unwrap(), 5);
        });
    }
}

fn hex(user: UserId) -> String {
    daybook_core::daybook::state::hex(&user.bytes())
}

#[test]
fn a_seller_invoices_without_a_ledger() {
    each_server(|firm| {
        let mut device = firm.device(Role::Sales);
        let posted = device.run("billing.post_invoice", json!({"draft": firm.draft("3")}));
        let other = device.run("billing.post_invoice", json!({"draft": firm.draft("1")}));
        device.run("billing.credit_invoice", json!({"id": posted["id"], "reason": "Moulting", "lines": [{"line": 1, "quantity": "1"}]}));
        device.run("billing.reverse_invoice", json!({"id": other["id"], "reason": "Twice"}));
        let shown = device.app().query("billing.invoice", json!({"id": posted["id"]})).unwrap();
        assert_eq!((&shown["open"], shown["invoice"]["entry"].is_string()), (&Value::Null, true));
        assert_eq!(device.one("SELECT count(*) FROM billing_invoice WHERE open IS NOT NULL"), 0);
        device.sync();
        device.check_entitled(Role::Sales);
        assert_eq!(device.one("SELECT count(*) FROM billing_invoice WHERE open IS NOT NULL"), 0);
        let open = |id: &Value| firm.server.ask("billing.invoice", json!({"id": id}))["open"].clone();
        assert_eq!((open(&posted["id"]), open(&other["id"])), (json!(2 * 3_00), json!(0)));
    });
}

#[test]
fn what_is_not_here_is_an_error_and_never_a_zero() {
    each_server(|firm| {
        let device = firm.device(Role::Sales);
        for sql in [
            "SELECT count(*) FROM open_item",
            "SELECT sum(value) FROM item_cost",
            "WITH seen AS (SELECT open FROM open_item) SELECT count(*) FROM seen",
            "WITH billing_invoice AS (SELECT open FROM open_item) SELECT sum(open) FROM (SELECT open FROM open_item)",
            "SELECT d.number FROM billing_document d WHERE EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = d.entry)",
            "SELECT i.name FROM item i LEFT JOIN move_cost c ON c.move = i.id",
        ] {
            assert_eq!(device.refused(sql), "scope.absent", "{sql}");
        }
        // Who owes what is a figure of the ledger: it is refused here and on the server alike.
        for report in ["aged_receivables", "open_items"] {
            for answer in
                [device.app().query("reports.run", json!({"name": report})), firm.server.app.query_as(device.user, "reports.run", json!({"name": report}))]
            {
                let error = answer.unwrap_err();
                assert_eq!((error.kind(), error.code()), (Kind::Denied, "permission.denied"), "{report}: {error}");
            }
        }
        // Whatever report a clerk may ask for is answered with what is here.
        for report in app::describe()["reports"].as_array().unwrap() {
            let error = device.app().query("reports.run", json!({"name": report["name"]})).err();
            assert_ne!(error.as_ref().map(|e| e.code()), Some("scope.absent"), "{}", report["name"]);
        }
        // How much there is can be seen here; what it cost neither here nor in a browser on the server.
        let asked = || json!({"name": "stock_on_hand"});
        let here = device.app().query("reports.run", asked()).unwrap();
        assert_eq!((&here["rows"][0]["code"], &here["rows"][0]["quantity"]), (&json!("CANARY"), &json!("1")));
        assert_eq!(firm.server.app.query_as(device.user, "reports.run", asked()).unwrap()["rows"], here["rows"]);
        assert_eq!((here["rows"][0].get("value"), &firm.server.ask("reports.run", asked())["rows"][0]["value"]), (None, &json!(CANARY_COST)));
        // A link to nothing is refused, though SQLite's own keys are off; what is not held needs none.
        let write = |item: Id<_>| {
            device.app().storage().write(|tx| {
                let location = daybook_core::inventory::api::location(tx, "LOSS")?.id;
                tx.insert(&StockLevel { item, location, quantity: Quantity::ONE })?;
                tx.insert(&MoveCost { r#move: CommandId::mint().cast(), value: Minor::ZERO, short_quantity: Quantity::ZERO })?;
                tx.check_links()
            })
        };
        let error = write(CommandId::mint().cast()).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Invalid, "row.missing_link"), "{error}");
        write(Id::parse(firm.item.as_str().unwrap()).unwrap()).unwrap();
        // A closed period refuses here as it would there.
        firm.server.run("ledger.close_period", json!({"through": "2010-12-31", "reason": "Year end"}));
        let mut clerk = firm.device(Role::Warehouse);
        let late = json!({"item": firm.item, "quantity": "-1", "reason": "Late", "date": "2010-12-30"});
        let refused = clerk.app().execute(Call::new("inventory.adjust", late)).unwrap_err();
        assert_eq!((refused.kind(), refused.code(), refused.field_path()), (Kind::Closed, "period.closed", Some("date")));
        clerk.sync();
        clerk.check_entitled(Role::Warehouse);
    });
}

#[test]
fn a_new_role_brings_its_rows_and_keeps_what_was_pending() {
    each_server(|firm| {
        let mut device = firm.device(Role::Warehouse);
        firm.work();
        day_in_the_warehouse(&device, &firm.item);
        let pending = device.pending();
        let (user, mut promoted) = (device.user, false);
        // The role is given when the server has the work, and the device does not know it yet.
        device.sync_with(|action| {
            if matches!(action, Action::Push { .. }) && !promoted {
                firm.give_role(user, Role::Accountant);
                promoted = true;
            }
        });
        assert!(device.failures.contains(&Failure::Lost), "{:?}", device.failures);
        device.check_entitled(Role::Accountant);
        assert_eq!(device.one("SELECT count(*) FROM daybook WHERE state = 'accepted'"), pending);
        let lines = json!([{"account": "7100", "debit": 1_00}, {"account": "1200", "credit": 1_00}]);
        device.run("ledger.post_entry", json!({"date": "2011-01-10", "text": "Now I may", "lines": lines}));
        device.run("inventory.receive", json!({"lines": [{"item": firm.item, "quantity": "1", "unit_cost": "2.22"}]}));
        device.sync();
        device.check_entitled(Role::Accountant);
    });
}

#[test]
fn work_that_was_not_sent_gets_its_costs_when_the_scope_comes() {
    each_server(|firm| {
        let mut device = firm.device(Role::Warehouse);
        day_in_the_warehouse(&device, &firm.item);
        firm.give_role(device.user, Role::Accountant);
        device.sync();
        device.check_entitled(Role::Accountant);
        let value: i64 = device.one("SELECT CAST(sum(value) AS BIGINT) FROM item_cost");
        assert_eq!(Minor::new(value).unwrap(), firm.server.app.read(|tx, _| daybook_core::inventory::api::value(tx)).unwrap());
    });
}

#[test]
fn a_role_taken_away_takes_its_rows_and_leaves_what_is_pending() {
    each_server(|firm| {
        firm.work();
        let mut device = firm.device(Role::Accountant);
        let receipt = device.run("inventory.receive", json!({"lines": [{"item": firm.item, "quantity": "5", "unit_cost": "1.11"}]}));
        assert_eq!(receipt["value"], json!(5_55));
        let lines = json!([{"account": "7100", "debit": 1_00}, {"account": "1200", "credit": 1_00}]);
        device.run("ledger.post_entry", json!({"date": "2011-01-10", "text": "While I still may", "lines": lines}));
        device.run("billing.post_invoice", json!({"draft": firm.draft("1")}));
        assert!(device.betrayed() > 0);
        firm.give_role(device.user, Role::Warehouse);
        device.sync();
        // Posting an entry and invoicing need a role: somebody must look at them. Goods that came have come.
        let states: Vec<(String, String)> = device.app().read(|tx, _| tx.all("SELECT name, state FROM daybook ORDER BY pos", &[])).unwrap();
        let states: Vec<(&str, &str)> = states.iter().map(|(name, state)| (name.as_str(), state.as_str())).collect();
        assert_eq!(states, [("inventory.receive", "accepted"), ("ledger.post_entry", "deferred"), ("billing.post_invoice", "deferred")]);
        assert_eq!(device.app().read(|tx, _| attention::count(tx)).unwrap(), 2);
        device.check_entitled(Role::Warehouse);
        assert_eq!(device.betrayed(), 0, "nothing given up stays in the file");
        assert_eq!(device.one("SELECT count(*) FROM device_state WHERE name = 'scrub' AND value = 'done'"), 1);
        let worth = "SELECT count(*) FROM move_cost WHERE value = 555";
        assert_eq!(firm.server.app.read(|tx, _| tx.one::<i64>(worth, &[])).unwrap(), 1);
        day_in_the_warehouse(&device, &firm.item);
        device.sync();
        device.check_entitled(Role::Warehouse);
    });
}

#[test]
fn a_role_taken_away_between_push_and_pull_reaches_nobody() {
    each_server(|firm| {
        let mut device = firm.device(Role::Accountant);
        device.run("inventory.receive", json!({"lines": [{"item": firm.item, "quantity": "5", "unit_cost": "1.11"}]}));
        device.run("inventory.adjust", json!({"item": firm.item, "quantity": "-2", "reason": "Flown away"}));
        let (user, mut demoted) = (device.user, false);
        device.sync_with(|action| {
            if matches!(action, Action::Push { .. }) && !demoted {
                firm.give_role(user, Role::Warehouse);
                firm.work();
                demoted = true;
            }
        });
        assert_eq!(device.failures, [Failure::OutOfStep]);
        device.check_entitled(Role::Warehouse);
        assert_eq!((device.betrayed(), device.one("SELECT count(*) FROM daybook WHERE state = 'accepted'")), (0, 2));
    });
}

#[test]
fn a_mistake_of_the_server_empties_no_device() {
    each_server(|firm| {
        let device = firm.device(Role::Accountant);
        let before = dump_of(device.app());
        for nothing in [Vec::new(), vec!["everything".to_owned()]] {
            let error = device.app().hold_only(&nothing).unwrap_err();
            assert_eq!((error.kind(), error.code()), (Kind::State, "sync.no_scopes"));
        }
        let nowhere = device.path.with_extension("nowhere");
        assert_eq!(firm.server.app.snapshot(&nowhere, &[]).unwrap_err().code(), "sync.no_scopes");
        assert!(!nowhere.exists());
        assert_eq!(device.app().hold_only(&App::all_scopes()).unwrap(), 0);
        let followed = device.app().followed().unwrap();
        let pull = Pull { cursor: followed.cursor, chain: followed.chain.into(), full: false, schema: device.app().schema(), most: 1_000, merge: 0 };
        let feed = firm.server.app.feed(&pull, device.road.device, &["read".to_owned()]).unwrap();
        assert_eq!(device.app().follow(&feed).unwrap_err().code(), "sync.scopes");
        assert_eq!(dump_of(device.app()), before);
    });
    let alone = crate::support::books();
    assert_eq!(alone.app.become_first_device(&["read".to_owned()]).unwrap_err().code(), "scope.absent");
    alone.app.become_first_device(&App::all_scopes()).unwrap();
}

#[test]
fn costs_of_older_books_move_to_their_own_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("older.books");
    Books::create_older(&path, 27).unwrap();
    let conn = rusqlite::Connection::open(&path).unwrap();
    let place = |n: u8, code: &str, kind: &str| format!("INSERT INTO location VALUES (x'{n:032x}', '{code}', '{code}', '{kind}', NULL, 'allow', 0);");
    let went = |n: u8, from: u8, to: u8, value: i64, short: i64| {
        format!(
            "INSERT INTO stock_move VALUES (x'{n:032x}', x'{:032x}', x'{from:032x}', x'{to:032x}', 5000000, '2011-01-01', 0, {value}, {short}, \
             'receipt', x'{:032x}', 1, '', NULL);",
            99, 98
        )
    };
    let places = place(1, "STORE", "storage") + &place(2, "SHELF", "input") + &place(3, "SUPPLIERS", "supplier") + &place(4, "CUSTOMERS", "customer");
    let moves = went(11, 3, 1, 5_55, 0) + &went(12, 1, 2, 0, 0) + &went(13, 2, 4, 3_33, 1_000_000) + &went(14, 3, 1, 0, 0);
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {places} {moves}")).unwrap();
    drop(conn);
    let app = open(&path);
    let costs: Vec<(Id<()>, Minor, i64)> = app.read(|tx, _| tx.all("SELECT move, value, short_quantity FROM move_cost ORDER BY move", &[])).unwrap();
    let id = |n: u8| Id::from_bytes(u128::from(n).to_be_bytes());
    let minor = |units| Minor::new(units).unwrap();
    assert_eq!(costs, [(id(11), minor(5_55), 0), (id(13), minor(3_33), 1_000_000), (id(14), minor(0), 0)]);
    assert_eq!(app.read(|tx, _| tx.one::<i64>("SELECT count(*) FROM stock_move", &[])).unwrap(), 4);
}
