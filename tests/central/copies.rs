//! Books of a device that somebody copied to another machine, or put back from a backup with everything that
//! stands beside them: seen at the next start, without a network; nothing is lost, and no number is on two papers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use daybook_core::app::{App, Call, system_clock};
use daybook_core::db::Mode;
use daybook_core::shared::error::Result;
use daybook_rpc::{Access, Desk, Guard};
use daybook_sync::Driver;
use daybook_sync::connect::join;
use daybook_sync::driver::sync_once;
use daybook_sync::http::HttpRoad;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::sync::{ENTER, address, dump_on_server};
use super::{Firm, PASSWORD, each_place};
use crate::support::dump_of;

/// A computer: a folder with books, and what it knows beside them.
struct Computer {
    folder: TempDir,
    guard: Guard,
}

impl Computer {
    fn new(machine: &str) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let guard = Guard { marks: Some(folder.path().join("state")), machine: Some(machine.to_owned()) };
        std::fs::create_dir(folder.path().join("firm")).expect("folder");
        Computer { folder, guard }
    }
    fn joined(firm: &Firm<'_>, machine: &str) -> Self {
        let computer = Self::new(machine);
        join(&computer.books(), &address(firm.served, &firm.name, &firm.email, machine), &ENTER).expect("joins");
        drop(computer.open());
        computer
    }
    fn books(&self) -> PathBuf {
        self.folder.path().join("firm/firm.books")
    }
    fn open(&self) -> App {
        self.guard.open(&self.books(), Mode::Write, system_clock()).expect("books")
    }
    fn desk(&self) -> Arc<Desk> {
        Desk::open(&self.books(), Access::Write, self.guard.clone()).expect("desk")
    }
    /// The books and everything beside them, put into the place of what is on `to`.
    fn copied_to(&self, to: &Path) {
        let _ = std::fs::remove_dir_all(to);
        std::fs::create_dir(to).expect("folder");
        for file in std::fs::read_dir(self.folder.path().join("firm")).expect("files") {
            let file = file.expect("file").path();
            std::fs::copy(&file, to.join(file.file_name().expect("name"))).expect("copied");
        }
    }
    fn backup(&self) -> PathBuf {
        let to = self.folder.path().join("backup");
        self.copied_to(&to);
        to
    }
    fn restored(&self) {
        let firm = self.folder.path().join("firm");
        std::fs::remove_dir_all(&firm).expect("lost");
        std::fs::rename(self.folder.path().join("backup"), firm).expect("restored");
    }
    fn sync(&self) {
        let app = self.open();
        let mut road = HttpRoad::open(&self.books()).expect("a seat");
        let mut driver = Driver::new(app.followed().expect("followed").cursor);
        sync_once(&mut driver, &app, &mut road).expect("syncs");
    }
}

fn sell(app: &App) -> Result<String> {
    let party: Value = app.read(|tx, _| tx.one::<String>("SELECT lower(hex(id)) FROM party WHERE code = 'ACME'", &[])).map(Value::String)?;
    let item: Value = app.read(|tx, _| tx.one::<String>("SELECT lower(hex(id)) FROM item WHERE code = 'BOLT'", &[])).map(Value::String)?;
    let posted = app.execute(Call::new("billing.post_invoice", json!({"draft": {"party": party, "lines": [{"item": item, "quantity": "1"}]}})))?;
    Ok(posted.result["number"].as_str().expect("a number").to_owned())
}

fn note(app: &App, code: &str) {
    app.execute(Call::new("parties.save_party", json!({"code": code, "name": code, "country": "GB"}))).expect("noted");
}

fn with_goods<'s>(served: &'s super::Served) -> Firm<'s> {
    let firm = served.firm("Acme Ltd");
    firm.run("parties.save_party", json!({"code": "ACME", "name": "Acme", "country": "GB", "is_customer": true}));
    let bolt = firm.run("catalog.save_item", json!({"code": "BOLT", "name": "Bolt", "sales_price": "2.50"}));
    firm.run("inventory.receive", json!({"lines": [{"item": bolt["id"], "quantity": "100", "unit_cost": "1.10"}]}));
    firm
}

/// What went through: all of it, in the same rows everywhere, and no number twice.
fn all_is_well(served: &super::Served, firm: &Firm<'_>, computers: &[&Computer], numbers: &[&String]) {
    let truth = dump_on_server(served, &firm.name);
    for computer in computers {
        let app = computer.open();
        assert!(dump_of(&app) == truth, "the same rows");
        let open: i64 = app.read(|tx, _| daybook_core::daybook::attention::count(tx)).expect("inbox");
        assert_eq!((open, app.waiting().expect("waiting")), (0, false));
        app.verify().expect("proved");
    }
    let mut distinct = numbers.to_vec();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), numbers.len(), "{numbers:?}");
    assert!(numbers.iter().all(|number| truth.contains(number.as_str())), "{numbers:?}");
}

#[test]
fn a_folder_on_another_machine_becomes_a_device_of_its_own() {
    each_place(|served| {
        let firm = with_goods(served);
        let (one, two) = (Computer::joined(&firm, "One"), Computer::new("Two"));
        let app = one.open();
        let before = sell(&app).expect("sold");
        note(&app, "WAITS");
        drop(app);
        one.copied_to(&two.folder.path().join("firm"));
        let app = one.open();
        let after = sell(&app).expect("the books it was made of go on");
        drop(app);

        let app = two.open();
        note(&app, "TRAIN");
        assert_eq!(sell(&app).expect_err("the next number is out").code(), "number.copy");
        assert_eq!(app.may_sync().expect_err("not as the other").code(), "sync.copied");
        drop(app);
        let desk = two.desk();
        desk.ask("sync.sign_in", json!({"password": PASSWORD})).expect("signed in");
        assert_eq!(desk.with(sell).expect_err("its letter is at the server").code(), "number.no_letter");
        desk.leave();
        drop(desk);
        two.sync();
        let app = two.open();
        let own = sell(&app).expect("a series of its own");
        assert_ne!(app.device().device, one.open().device().device);
        drop(app);
        for computer in [&one, &two, &one] {
            computer.sync();
        }
        all_is_well(served, &firm, &[&one, &two], &[&before, &after, &own]);
        let sessions = served.get(&firm.path("sessions"), &firm.owner.access);
        assert_eq!(sessions.body["sessions"].as_array().map(Vec::len), Some(3), "nobody was signed out: {sessions:?}");
    });
}

#[test]
fn a_folder_that_was_put_back_is_seen_without_a_network() {
    each_place(|served| {
        let firm = with_goods(served);
        let one = Computer::joined(&firm, "One");
        let first = sell(&one.open()).expect("sold");
        one.backup();
        let app = one.open();
        note(&app, "SENT");
        drop(app);
        one.sync();
        let second = sell(&one.open()).expect("sold, and on paper");
        one.restored();

        let desk = one.desk();
        assert_eq!(desk.with(|app| Ok(app.lost())).expect("lost"), 2);
        assert_eq!(desk.with(sell).expect_err("somebody must see it").code(), "daybook.lost");
        assert_eq!(desk.accept_loss().expect("seen"), 2);
        desk.with(|app| {
            note(app, "AGAIN");
            Ok(())
        })
        .expect("noted");
        assert_eq!(desk.with(sell).expect_err("the next number is out").code(), "number.copy");
        desk.ask("sync.sign_in", json!({"password": PASSWORD})).expect("signed in");
        desk.leave();
        drop(desk);
        one.sync();
        let third = sell(&one.open()).expect("a series of its own");
        one.sync();
        all_is_well(served, &firm, &[&one], &[&first, &third]);
        assert_ne!(second, third);
        assert!(dump_on_server(served, &firm.name).contains("SENT"), "what was sent came back");
    });
}

#[test]
fn books_whose_seat_is_gone_get_another_at_their_server_only() {
    each_place(|served| {
        let (firm, other) = (with_goods(served), with_goods(served));
        let one = Computer::joined(&firm, "One");
        let before = sell(&one.open()).expect("sold");
        std::fs::remove_file(one.folder.path().join("firm/firm.books.seat")).expect("gone");
        let desk = one.desk();
        assert_eq!(desk.with(sell).expect_err("it may be elsewhere").code(), "number.copy");
        let wish = |firm: &Firm<'_>| {
            let server = format!("http://{}", served.address);
            json!({"server": server, "tenant": firm.name, "email": firm.email, "password": PASSWORD, "device_name": "Again", "mode": "found"})
        };
        assert_eq!(desk.ask("sync.connect", wish(&other)).expect_err("another firm").code(), "sync.other_books");
        desk.ask("sync.connect", wish(&firm)).expect("connected");
        desk.leave();
        drop(desk);
        one.sync();
        let own = sell(&one.open()).expect("a series of its own");
        one.sync();
        all_is_well(served, &firm, &[&one], &[&before, &own]);
    });
}

#[test]
fn a_death_between_mark_and_books_makes_no_copy_and_an_older_opening_does() {
    each_place(|served| {
        let firm = with_goods(served);
        let one = Computer::joined(&firm, "One");
        one.backup();
        drop(one.open());
        // The mark was written, the books were not.
        one.restored();
        sell(&one.open()).expect("not a copy");

        let two = Computer::joined(&firm, "Two");
        two.backup();
        drop(two.open());
        drop(two.open());
        two.restored();
        assert_eq!(sell(&two.open()).expect_err("opened elsewhere since").code(), "number.copy");
    });
}

#[test]
fn two_copies_on_one_machine_are_not_open_together() {
    each_place(|served| {
        let firm = with_goods(served);
        let one = Computer::joined(&firm, "One");
        let copy = one.folder.path().join("copy");
        one.copied_to(&copy);
        let app = one.open();
        let refused = one.guard.open(&copy.join("firm.books"), Mode::Write, system_clock()).err().map(|e| e.code());
        assert_eq!(refused, Some("books.twin"));
        sell(&app).expect("sold");
        drop(app);
        let app = one.guard.open(&copy.join("firm.books"), Mode::Write, system_clock()).expect("alone now");
        assert_eq!(app.lost(), 1, "the other went on");
    });
}
