//! Devices and their server over real HTTP, on both kinds of storage.

use daybook_core::app::{App, Call, system_clock};
use daybook_core::daybook::attention::Item;
use daybook_core::daybook::wire::{Pull, Push};
use daybook_core::db::Mode;
use daybook_core::planted::{self, Fault};
use daybook_rpc::{Access, Desk, Guard};
use daybook_server::central::{NewTenant, provision};
use daybook_sync::connect::{Address, Password, found, join};
use daybook_sync::driver::sync_once;
use daybook_sync::http::HttpRoad;
use daybook_sync::pack::{pack, pack_bytes};
use daybook_sync::{Driver, Road, Status};
use serde_json::{Value, json};

use super::{Firm, PASSWORD, Served, each_place};
use crate::support::{books_in_folder, dump_of, tenant_name};

pub fn address(served: &Served, tenant: &str, email: &str, device: &str) -> Address {
    Address { server: format!("http://{}", served.address), tenant: tenant.to_owned(), email: email.to_owned(), device_name: device.to_owned() }
}

pub const ENTER: Password<'static> = Password { current: PASSWORD, new: None };

/// A laptop of a firm.
pub struct Laptop {
    pub app: App,
    pub road: HttpRoad,
    pub driver: Driver,
    _folder: tempfile::TempDir,
}

impl Laptop {
    pub fn join(firm: &Firm<'_>, name: &str) -> Self {
        Self::join_as(firm, &firm.email, name)
    }
    pub fn join_as(firm: &Firm<'_>, email: &str, name: &str) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("firm.books");
        join(&path, &address(firm.served, &firm.name, email, name), &ENTER).expect("joins");
        Self::open(folder, App::open(&path, Mode::Write, system_clock()).expect("books"))
    }
    /// Books made alone, as `work` left them, become those of a new tenant: the laptop, the tenant's name, the
    /// owner's address, and what `work` gave.
    pub fn found<T>(served: &Served, work: impl FnOnce(&App) -> T) -> (Self, String, String, T) {
        let name = tenant_name();
        let email = format!("owner@{name}.example");
        let new = NewTenant { name: name.clone(), company: None, owner_email: email.clone(), password: Some(PASSWORD.to_owned()) };
        provision(&served.place, &served.timer, new).expect("tenant");
        let (folder, app) = books_in_folder("firm.books");
        let made = work(&app);
        found(&app, &folder.path().join("firm.books"), &address(served, &name, &email, "First"), &ENTER).expect("founded");
        (Self::open(folder, app), name, email, made)
    }
    fn open(folder: tempfile::TempDir, app: App) -> Self {
        let road = HttpRoad::open(&folder.path().join("firm.books")).expect("a seat");
        let driver = Driver::new(app.followed().expect("followed").cursor);
        Laptop { app, road, driver, _folder: folder }
    }
    pub fn run(&self, name: &str, args: Value) -> Value {
        self.app.execute(Call::new(name, args)).unwrap_or_else(|e| panic!("{name}: {e}")).result
    }
    #[track_caller]
    pub fn sync(&mut self) {
        sync_once(&mut self.driver, &self.app, &mut self.road).expect("syncs");
        assert_eq!(self.driver.status(), Status::InStep);
    }
}

pub fn dump_on_server(served: &Served, tenant: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    let tenant = runtime.block_on(served.central.tenants().get(tenant)).expect("tenant");
    dump_of(&tenant.app)
}

#[test]
fn two_laptops_work_offline_and_end_with_the_same_books() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let customer = one.run("parties.save_party", json!({"code": "ACME", "name": "Acme & Sons", "country": "GB", "is_customer": true}));
        let line = json!([{"name": "Advice", "unit_price": "100"}]);
        let first = one.run("billing.post_invoice", json!({"draft": {"party": customer["id"], "lines": line}}));
        one.sync();
        two.sync();
        let second = two.run("billing.post_invoice", json!({"draft": {"party": customer["id"], "lines": line}}));
        one.run("parties.save_party", json!({"id": customer["id"], "name": "Renamed", "country": "GB", "is_customer": true}));
        one.sync();
        two.sync();
        one.sync();
        assert_ne!(first["number"], second["number"], "each device has a series of its own");
        let said = |app: &App| app.query("billing.invoice", json!({"id": second["id"]})).expect("invoice")["parties"].clone();
        assert!(said(&one.app).to_string().contains("Acme & Sons"), "a posted document says what its paper says");
        let truth = dump_on_server(served, &firm.name);
        assert_eq!(dump_of(&one.app), truth);
        assert_eq!(dump_of(&two.app), truth);
        one.app.verify().expect("one");
        two.app.verify().expect("two");
    });
}

#[test]
fn a_join_that_is_cut_short_leaves_no_books_and_the_next_one_succeeds() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("firm.books");
        let address = address(served, &firm.name, &firm.email, "Laptop");
        for step in 0..3 {
            planted::arm(step, Fault::Kill);
            let cut = std::panic::catch_unwind(|| join(&path, &address, &ENTER));
            assert!(!planted::disarm() && cut.is_err(), "step {step}");
            assert!(!path.exists(), "step {step}: books are there as a whole or not at all");
        }
        join(&path, &address, &ENTER).expect("joins");
        let mut laptop = Laptop::open(folder, App::open(&path, Mode::Write, system_clock()).expect("books"));
        laptop.sync();
        let left = std::fs::read_dir(path.parent().expect("a folder")).expect("folder").filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        assert_eq!(left.filter(|name| name.contains("joining")).collect::<Vec<_>>(), Vec::<String>::new());
    });
}

#[test]
fn books_made_alone_become_a_tenant() {
    each_place(|served| {
        let (mut laptop, name, email, before) = Laptop::found(served, |app| {
            let run = |name: &str, args: Value| app.execute(Call::new(name, args)).unwrap_or_else(|e| panic!("{name}: {e}")).result;
            let customer = run("parties.save_party", json!({"name": "Ann", "country": "GB", "is_customer": true}));
            for n in 1..=20 {
                run("billing.post_invoice", json!({"draft": {"party": customer["id"], "lines": [{"name": "Advice", "unit_price": n.to_string()}]}}));
            }
            dump_of(app)
        });
        laptop.sync();
        assert_eq!(dump_of(&laptop.app), before, "nothing changes for who sends the books");
        assert_eq!(dump_on_server(served, &name), before);
        laptop.app.verify().expect("verified");
        let firm = served.known(&name, &email);
        let mut second = Laptop::join(&firm, "Second");
        second.sync();
        let truth = dump_on_server(served, &name);
        laptop.sync();
        assert_eq!((dump_of(&second.app), dump_of(&laptop.app)), (truth.clone(), truth));
    });
}

#[test]
fn what_the_server_refuses_waits_for_somebody() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        one.run("parties.save_party", json!({"code": "ACME", "name": "Theirs", "country": "GB", "is_customer": true}));
        let mine = two.run("parties.save_party", json!({"code": "ACME", "name": "Ours", "country": "GB", "is_customer": true}));
        two.run("billing.save_draft", json!({"draft": {"party": mine["id"], "lines": [{"name": "Advice", "unit_price": "1"}]}}));
        one.sync();
        two.sync();
        let items = two.app.read(|tx, _| daybook_core::daybook::attention::open(tx)).expect("items");
        assert_eq!(
            items.iter().map(|item| (item.name.as_str(), item.outcome.as_str())).collect::<Vec<_>>(),
            [("parties.save_party", "refused"), ("billing.save_draft", "refused")]
        );
        assert!(items.iter().all(|item| item.root == items[0].command), "the chain stands under its root");
        assert!(items[0].reason["message"].as_str().is_some_and(|words| words.contains("ACME")), "{}", items[0].reason);
        assert_eq!(dump_of(&two.app), dump_on_server(served, &firm.name));
        let (root, chained) = (items[0].command, items[1].command);
        let wrong = two.app.resubmit(root, json!({"code": "ACME", "name": "Ours", "country": "GB", "is_customer": true})).expect_err("still taken");
        assert_eq!((wrong.kind(), two.app.waiting().expect("waiting")), (daybook_core::shared::Kind::Conflict, false), "nothing was done");
        let again = json!({"code": "ACME2", "name": "Ours", "country": "GB", "is_customer": true});
        two.app.resubmit(root, again.clone()).expect("another code");
        assert_eq!(two.app.resubmit(root, again).expect_err("once").code(), "attention.not_open");
        assert_eq!(two.app.discard(chained, " ").expect_err("a reason").field_path(), Some("remark"));
        two.app.discard(chained, "Written anew").expect("let go");
        assert!(two.app.read(|tx, _| daybook_core::daybook::attention::open(tx)).expect("items").is_empty());
        two.sync();
        assert!(dump_on_server(served, &firm.name).contains("ACME2"));
    });
}

fn items(laptop: &Laptop) -> Vec<Item> {
    laptop.app.read(|tx, _| daybook_core::daybook::attention::open(tx)).expect("items")
}

/// A customer whose code the server has given to another, an item price and two drafts that need it: all
/// refused, on the second laptop.
fn refused_chain(firm: &Firm<'_>) -> (Laptop, Laptop) {
    let (mut one, mut two) = (Laptop::join(firm, "One"), Laptop::join(firm, "Two"));
    one.run("parties.save_party", json!({"code": "ACME", "name": "Theirs", "country": "GB", "is_customer": true}));
    let mine = two.run("parties.save_party", json!({"code": "ACME", "name": "Ours", "country": "GB", "is_customer": true}));
    two.run("parties.save_address", json!({"party": mine["id"], "purpose": "delivery", "line1": "1 Dock Road", "city": "Hull"}));
    two.run("billing.save_draft", json!({"draft": {"party": mine["id"], "lines": [{"name": "Advice", "unit_price": "1"}]}}));
    one.sync();
    two.sync();
    assert_eq!(items(&two).len(), 3);
    (one, two)
}

#[test]
fn a_chain_is_tried_again_as_a_whole_with_its_new_ids() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = refused_chain(&firm);
        let root = items(&two)[0].command;
        assert_eq!(two.app.resubmit_chain(root).expect_err("still taken").code(), "party.code_taken");
        assert_eq!((items(&two).len(), two.app.waiting().expect("waiting")), (3, false), "all or nothing");
        let id: daybook_core::shared::Id<()> = one.app.read(|tx, _| tx.one("SELECT id FROM party WHERE code = 'ACME'", &[])).expect("theirs");
        one.run("parties.save_party", json!({"id": id, "code": "OTHER"}));
        one.sync();
        two.sync();
        assert_eq!(two.app.resubmit_chain(root).expect("free again").len(), 3);
        assert_eq!(two.app.resubmit_chain(root).expect_err("once").code(), "attention.not_open");
        two.sync();
        one.sync();
        assert!(items(&two).is_empty());
        assert_eq!(dump_of(&two.app), dump_on_server(served, &firm.name));
        assert!(dump_of(&one.app).contains("1 Dock Road"));
    });
}

/// The books of a laptop on the desk of its window.
fn on_the_desk(laptop: Laptop) -> (std::sync::Arc<Desk>, tempfile::TempDir) {
    let Laptop { app, _folder, .. } = laptop;
    drop(app);
    (Desk::open(&_folder.path().join("firm.books"), Access::Write, Guard::default()).expect("desk"), _folder)
}

#[test]
fn what_was_tried_stands_beside_what_the_books_say() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let anvil = one.run("parties.save_party", json!({"code": "ANVIL", "name": "Anvil", "country": "GB", "city": "Hull", "is_customer": true}));
        one.run("parties.save_party", json!({"code": "OTHER", "name": "Other", "country": "GB", "is_customer": true}));
        one.sync();
        two.sync();
        two.run("parties.save_party", json!({"id": anvil["id"], "code": "ACME", "name": "Anvil & Sons", "city": "Leeds"}));
        two.run("parties.save_party", json!({"code": "NEW", "name": "Newcomer", "country": "GB", "is_customer": true}));
        one.run("parties.save_party", json!({"code": "ACME", "name": "Theirs", "country": "GB", "is_customer": true}));
        one.run("parties.save_party", json!({"code": "NEW", "name": "First", "country": "GB", "is_customer": true}));
        one.run("parties.save_party", json!({"id": anvil["id"], "city": "Leeds", "phone": "0113"}));
        one.sync();
        two.sync();
        let (desk, _folder) = on_the_desk(two);
        let listed = desk.ask("attention.list", json!({})).expect("listed");
        let (edit, new) = (&listed["items"][0]["beside"], &listed["items"][1]["beside"]);
        let fields: Vec<(&str, &str, &str, bool)> = edit["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .map(|field| (field["label"].as_str().unwrap(), field["tried"].as_str().unwrap(), field["now"].as_str().unwrap(), field["same"] == json!(true)))
            .collect();
        assert_eq!(fields, [("Code", "ACME", "ANVIL", false), ("Name", "Anvil & Sons", "Anvil", false), ("Town", "Leeds", "Leeds", true)]);
        assert_eq!((&edit["id"], &edit["other"], &edit["gone"], &edit["row"]["phone"]), (&anvil["id"], &json!(false), &json!(false), &json!("0113")));
        assert_eq!((&new["other"], &new["row"]["name"]), (&json!(true), &json!("First")), "who has the code already");
        let command = &listed["items"][0]["command"];
        let latest = json!({"command": command, "args": {"id": anvil["id"], "code": "ANVIL2", "name": "Anvil & Sons"}});
        desk.ask("attention.resubmit", latest).expect("applied to what is there now");
        let row = desk.ask("query", json!({"name": "records.get", "args": {"record": "party", "id": anvil["id"]}})).expect("row")["row"].clone();
        assert_eq!((&row["code"], &row["name"], &row["phone"]), (&json!("ANVIL2"), &json!("Anvil & Sons"), &json!("0113")));
    });
}

#[test]
fn signing_out_locks_the_books_and_drops_nothing() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let laptop = Laptop::join(&firm, "Laptop");
        laptop.run("parties.save_party", json!({"code": "ONE", "name": "First", "country": "GB", "is_customer": true}));
        laptop.run("parties.save_party", json!({"code": "TWO", "name": "Second", "country": "GB", "is_customer": true}));
        let before = dump_of(&laptop.app);
        let (desk, folder) = on_the_desk(laptop);
        let refused = desk.ask("sync.sign_out", json!({})).expect_err("two are not sent");
        assert_eq!((refused.code(), refused.to_json()["args"]["count"].as_str()), ("sync.unsent", Some("2")));
        assert_eq!(desk.ask("sync.unsent", json!({})).expect("listed")["entries"][0]["args"]["name"], "First");
        assert_eq!(desk.ask("sync.pending_rows", json!({})).expect("rows")["rows"]["party"].as_array().map(Vec::len), Some(2));
        let copy = desk.ask("sync.unsent_text", json!({})).expect("copied")["text"].as_str().expect("text").to_owned();
        let out = desk.ask("sync.sign_out", json!({"keep": true})).expect("signed out");
        assert_eq!((&out["ended"], &out["pending"]), (&json!(true), &json!(2)));
        assert_eq!(desk.ask("execute", json!({"name": "parties.save_party", "args": {"name": "Third"}})).expect_err("locked").code(), "sync.locked");
        let path = folder.path().join("firm.books");
        assert_eq!(Desk::open(&path, Access::Read, Guard::default()).err().map(|e| e.code()), Some("sync.locked"), "another program does not open them either");
        assert_eq!(desk.ask("status", json!({})).expect("status")["locked"]["email"], firm.email);
        let sessions = served.get(&firm.path("sessions"), &firm.owner.access);
        assert_eq!(sessions.body["sessions"].as_array().map(Vec::len), Some(1), "the session at the server is over: {sessions:?}");
        // What was copied can be done elsewhere; it still happens once.
        let line: Value = serde_json::from_str(copy.lines().next().expect("a line")).expect("JSON");
        let head = format!(
            "POST {} HTTP/1.1\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {}",
            firm.path("rpc/parties.save_party"),
            firm.owner.access,
            line["id"].as_str().expect("id")
        );
        assert_eq!(served.send(&head, line["args"].to_string().as_bytes()).status, 200);

        assert_eq!(desk.ask("sync.sign_in", json!({"password": "not the password"})).expect_err("wrong").code(), "access.refused");
        assert_eq!(desk.ask("query", json!({"name": "identity.company"})).expect_err("still locked").code(), "sync.locked");
        desk.ask("sync.sign_in", json!({"password": PASSWORD})).expect("signed in");
        assert!(desk.ask("status", json!({})).expect("status")["locked"].is_null());
        assert_eq!(desk.ask("sync.unsent", json!({})).expect("listed")["entries"].as_array().map(Vec::len), Some(2));
        drop(desk);
        let mut laptop = Laptop::open(folder, App::open(&path, Mode::Write, system_clock()).expect("books"));
        assert_eq!(dump_of(&laptop.app), before, "as they were");
        laptop.sync();
        let truth = dump_on_server(served, &firm.name);
        let here = dump_of(&laptop.app);
        let differs: Vec<&str> = here.lines().filter(|line| !truth.contains(line)).chain(truth.lines().filter(|line| !here.contains(line))).collect();
        assert_eq!((differs, truth.matches("First\"").count(), truth.contains("Second")), (Vec::new(), 1, true));
    });
}

#[test]
fn who_may_not_asks_and_another_device_approves() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (email, seller) = firm.invited("sales");
        let (mut owner, mut clerk) = (Laptop::join(&firm, "Office"), Laptop::join_as(&firm, &email, "Counter"));
        clerk.run("parties.save_party", json!({"code": "WALK", "name": "Walk-in", "country": "GB", "is_customer": true}));
        firm.run("identity.save_user", json!({"id": seller.user, "name": "Sam", "role": "warehouse", "email": email}));
        clerk.sync();
        let refused = items(&clerk);
        assert_eq!((refused.len(), refused[0].reason["code"].as_str()), (1, Some("permission.denied")));
        assert_eq!(clerk.app.ask_approval(refused[0].command, "").expect_err("a reason").code(), "text.required");
        clerk.app.ask_approval(refused[0].command, "He waits at the counter").expect("asked");
        assert!(items(&clerk).is_empty());
        clerk.sync();
        owner.sync();
        let asked = owner.app.query("approvals.open", json!({})).expect("open");
        assert_eq!((&asked[0]["asker_name"], &asked[0]["args"]["name"], &asked[0]["may_decide"]), (&json!("Sam"), &json!("Walk-in"), &json!(true)));
        owner.run("approvals.decide", json!({"id": asked[0]["id"], "approve": true}));
        owner.sync();
        clerk.sync();
        assert_eq!(clerk.app.query("approvals.open", json!({})).expect("open"), json!([]));
        assert_eq!(dump_of(&owner.app), dump_on_server(served, &firm.name));
        assert!(dump_of(&clerk.app).contains("Walk-in"));
    });
}

#[test]
fn what_follows_learns_the_new_ids_and_a_chain_is_let_go_as_a_whole() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (_, mut two) = refused_chain(&firm);
        let root = items(&two)[0].clone();
        let made = two.app.resubmit(root.command, json!({"code": "ACME2", "name": "Ours", "country": "GB", "is_customer": true})).expect("another code");
        let left = items(&two);
        assert_eq!((left.len(), &left[0].args["party"], &left[1].args["draft"]["party"]), (2, &made.result["id"], &made.result["id"]));
        two.app.resubmit(left[0].command, left[0].args.clone()).expect("the address of the new one");
        assert_eq!(two.app.discard_chain(root.command, " ").expect_err("a reason").field_path(), Some("remark"));
        two.app.discard_chain(root.command, "Written anew").expect("let go");
        assert_eq!(two.app.discard_chain(root.command, "Again").expect_err("once").code(), "attention.not_open");
        two.sync();
        assert!(items(&two).is_empty());
        assert_eq!(dump_of(&two.app), dump_on_server(served, &firm.name));
    });
}

#[test]
fn an_invoice_that_was_handed_over_is_final_though_its_draft_was_refused() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let customer = one.run("parties.save_party", json!({"name": "Anvil", "country": "GB", "is_customer": true}));
        one.sync();
        two.sync();
        one.run("parties.archive_party", json!({"id": customer["id"]}));
        one.sync();
        let draft = two.run("billing.save_draft", json!({"draft": {"party": customer["id"], "lines": [{"name": "Repair", "unit_price": "10"}]}}));
        let posted = two.run("billing.post_draft", json!({"id": draft["id"]}));
        two.sync();
        one.sync();
        assert!(items(&two).is_empty(), "what the refused draft said is final: nothing is left to do");
        let kept: Vec<(String, String)> = two.app.read(|tx, _| tx.all("SELECT state, remark FROM attention", &[])).expect("kept");
        assert_eq!(kept, [("resubmitted".to_owned(), "posted".to_owned())]);
        let shown = one.app.query("billing.invoice", json!({"id": posted["id"]})).expect("the other has it");
        assert_eq!((&shown["invoice"]["number"], &shown["invoice"]["state"]), (&posted["number"], &json!("posted")));
        assert_eq!(dump_of(&two.app), dump_on_server(served, &firm.name));
        one.app.verify().expect("one");
    });
}

#[test]
fn a_device_that_was_shut_out_keeps_what_it_has() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let mut laptop = Laptop::join(&firm, "Lost laptop");
        laptop.run("parties.save_party", json!({"name": "Ann", "country": "GB", "is_customer": true}));
        let device = laptop.app.device().device;
        let answer = served.post(&format!("/v1/{}/devices/{device}/revoke", firm.name), &firm.owner.access, json!({}));
        assert_eq!(answer.status, 200, "{answer:?}");
        let error = sync_once(&mut laptop.driver, &laptop.app, &mut laptop.road).expect_err("shut out");
        assert_eq!(laptop.driver.status(), Status::NeedsYou(daybook_sync::Failure::SignedOut), "{error}");
        assert!(laptop.app.waiting().expect("waiting"), "nothing is dropped");
    });
}

#[test]
fn messages_that_make_no_sense_are_refused_in_words_and_change_nothing() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let before = dump_on_server(served, &firm.name);
        let raw = |body: &[u8], token: &str| served.send(&format!("POST {} HTTP/1.1\r\nAuthorization: Bearer {token}", firm.path("sync/push")), body);
        let bomb = pack(&minicbor::bytes::ByteVec::from(vec![0; 80 * 1024 * 1024])).expect("packs");
        assert!(bomb.len() < 100_000, "a small message that becomes a large one");
        let deep = pack_bytes(&[0x81; 100_000]).expect("packs");
        for (what, body) in [("nothing", &b""[..]), ("text", b"hello"), ("a bomb", &bomb), ("deep", &deep), ("cut", &bomb[..40])] {
            let reply = raw(body, &firm.owner.access);
            assert!(["sync.altered", "rpc.too_large"].contains(&reply.code()), "{what}: {reply:?}");
            assert!(!reply.body["next"].as_str().unwrap_or_default().is_empty(), "{what}");
        }
        assert_eq!(raw(b"", "none").status, 401);
        let mut laptop = Laptop::join(&firm, "One");
        laptop.run("parties.save_party", json!({"name": "Ann", "country": "GB", "is_customer": true}));
        let push = laptop.app.next_push(0, 10, usize::MAX, false).expect("push").expect("entries");
        let refused = |road: &mut HttpRoad, push: &Push| road.push(push).expect_err("refused").code();
        assert_eq!(refused(&mut laptop.road, &Push { device: [7; 16], ..push.clone() }), "sync.other_device");
        assert_eq!(refused(&mut laptop.road, &Push { first: 9, ..push.clone() }), "sync.altered", "the hash covers the number");
        assert_eq!(refused(&mut laptop.road, &Push { entries: Vec::new(), ..push.clone() }), "sync.altered");
        assert_eq!(refused(&mut laptop.road, &Push { entries: vec![push.entries[0].clone(); 1_001], ..push.clone() }), "rpc.too_large");
        let mut unknown = push.clone();
        unknown.entries[0].name = "parties.no_such".to_owned();
        assert_eq!(refused(&mut laptop.road, &unknown), "sync.altered");
        let pull = |cursor: i64, schema: i64| Pull { cursor, chain: vec![1; 32].into(), full: false, schema, most: 1_000, merge: 0 };
        assert_eq!(laptop.road.pull(&pull(1, laptop.app.schema())).expect_err("refused").code(), "sync.timeline");
        assert_eq!(laptop.road.pull(&pull(1 << 40, laptop.app.schema())).expect_err("refused").code(), "sync.timeline");
        assert_eq!(laptop.road.pull(&pull(1, 1)).expect_err("refused").code(), "sync.schema");
        let now = dump_on_server(served, &firm.name);
        let added: Vec<&str> = now.lines().filter(|line| !before.contains(*line)).collect();
        assert!(added.len() == 1 && added[0].contains(&laptop.app.device().device.to_string()), "only the laptop was registered: {added:?}");
        laptop.sync();
        assert_eq!(dump_of(&laptop.app), dump_on_server(served, &firm.name));
    });
}
