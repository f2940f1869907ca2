//! The content of files between devices and their server: behind entries, in pieces, resumed after every cut,
//! fetched when somebody opens it.

use daybook_core::app::{App, Call};
use daybook_core::daybook::wire::{Fate, Feed, FilePiece, FileWord, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_server::central::Settings;
use daybook_sync::Road;
use daybook_sync::driver::{carry_files, sync_once};
use daybook_sync::http::HttpRoad;
use serde_json::{Value, json};

use super::sync::Laptop;
use super::{each_place, serve};

/// A PDF file of this many bytes, the same for the same `mark`.
pub fn pdf(size: usize, mark: u8) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7 ".to_vec();
    bytes.extend((bytes.len()..size).map(|n| u8::try_from(n * 31 % 251).unwrap() ^ mark));
    bytes
}

/// Stores a file on a laptop and attaches it to a new customer: the file, as storing answered.
pub fn attach(laptop: &Laptop, name: &str, bytes: &[u8]) -> Value {
    let party = laptop.run("parties.save_party", json!({"name": format!("Owner of {name}"), "country": "GB", "is_customer": true}));
    let file = json!(laptop.app.store_file(name, None, bytes).expect("stored"));
    laptop.run("files.attach", json!({"kind": "party", "id": party["id"], "file": file}));
    file
}

pub fn hash(file: &Value) -> &str {
    file["hash"].as_str().expect("hash")
}

pub fn read(app: &App, file: &Value) -> std::result::Result<Vec<u8>, &'static str> {
    app.read_file(hash(file)).map_err(|e| e.code())
}

/// What the server says of a file.
pub fn word(laptop: &mut Laptop, file: &Value) -> String {
    let asked = [hash(file).to_owned()];
    let mut answer = laptop.road.ask_files(&asked);
    // A device asks again, too.
    if answer.as_ref().is_err_and(|e| e.kind() == Kind::Busy) {
        answer = laptop.road.ask_files(&asked);
    }
    answer.expect("answer").remove(0).state
}

/// The word for people, on this device.
fn standing(app: &App, file: &Value) -> &'static str {
    app.file_standings().expect("standings").iter().find(|standing| standing.hash.as_str() == hash(file)).expect("listed").word()
}

#[test]
fn content_follows_its_entry_and_comes_when_somebody_opens_it() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let (large, small) = (pdf(700_000, 1), pdf(9_000, 2));
        let (sheet, note) = (attach(&one, "sheet.pdf", &large), attach(&one, "note.pdf", &small));
        assert_eq!(word(&mut one, &sheet), "absent", "nothing goes before its entry");
        assert_eq!(one.road.send_piece(&piece(&one, &sheet, 1)).expect_err("refused").code(), "file.unnamed");
        one.sync();
        assert_eq!((word(&mut one, &sheet), word(&mut one, &note)), ("unscanned".to_owned(), "unscanned".to_owned()));
        assert_eq!((standing(&one.app, &sheet), one.app.verify().expect("proof").files_elsewhere), ("here", 0));
        two.sync();
        assert_eq!(read(&two.app, &note), Ok(small), "what is small comes ahead");
        assert_eq!((read(&two.app, &sheet), standing(&two.app, &sheet)), (Err("file.not_here"), "elsewhere"));
        let proof = two.app.verify().expect("a device is right without everything");
        assert_eq!((proof.files, proof.files_elsewhere), (1, 1));
        two.app.want_file(hash(&sheet)).expect("wanted");
        assert_eq!(standing(&two.app, &sheet), "coming");
        two.sync();
        assert_eq!((read(&two.app, &sheet), standing(&two.app, &sheet)), (Ok(large), "here"));
    });
}

/// A piece of a file that lies on a laptop.
fn piece(laptop: &Laptop, file: &Value, n: i64) -> FilePiece {
    let code = daybook_core::shared::Code::new(hash(file)).unwrap();
    laptop.app.file_piece(&code, n).expect("a piece")
}

#[test]
fn two_devices_that_attach_the_same_content_send_it_once() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let bytes = pdf(600_000, 1);
        let (mine, yours) = (attach(&one, "mine.pdf", &bytes), attach(&two, "yours.pdf", &bytes));
        assert_eq!(hash(&mine), hash(&yours));
        one.sync();
        let mut counted = Faulty::new(&mut two.road);
        sync_once(&mut two.driver, &two.app, &mut counted).expect("syncs");
        assert_eq!(counted.sent, 0, "the server has it");
        assert_eq!(read(&two.app, &mine), Ok(bytes));
    });
}

/// A road on which file messages are lost, before or after they arrived.
struct Faulty<'r> {
    road: &'r mut HttpRoad,
    /// So many file messages go through before one is lost.
    fails_after: Option<usize>,
    /// Whether the lost one arrived.
    arrives: bool,
    sent: usize,
    got: usize,
}

impl<'r> Faulty<'r> {
    fn new(road: &'r mut HttpRoad) -> Self {
        Faulty { road, fails_after: None, arrives: false, sent: 0, got: 0 }
    }
    fn travel<T>(&mut self, ask: impl FnOnce(&mut HttpRoad) -> Result<T>) -> Result<T> {
        let lost = self.fails_after == Some(0);
        self.fails_after = if lost { None } else { self.fails_after.map(|left| left - 1) };
        if lost && !self.arrives {
            return Err(Error::new(Kind::Busy, "sync.unreachable"));
        }
        let answer = ask(self.road);
        if lost { Err(Error::new(Kind::Busy, "sync.unreachable")) } else { answer }
    }
}

impl Road for Faulty<'_> {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome> {
        self.road.hello(hello)
    }
    fn push(&mut self, push: &Push) -> Result<Receipt> {
        self.road.push(push)
    }
    fn pull(&mut self, pull: &Pull) -> Result<Feed> {
        self.road.pull(pull)
    }
    fn fates(&mut self, commands: &[[u8; 16]]) -> Result<Vec<Fate>> {
        self.road.fates(commands)
    }
    fn snapshot(&mut self, path: &std::path::Path) -> Result<()> {
        self.road.snapshot(path)
    }
    fn ask_files(&mut self, hashes: &[String]) -> Result<Vec<FileWord>> {
        self.travel(|road| road.ask_files(hashes))
    }
    fn send_piece(&mut self, piece: &FilePiece) -> Result<FileWord> {
        self.sent += 1;
        self.travel(|road| road.send_piece(piece))
    }
    fn get_piece(&mut self, hash: &str, n: i64) -> Result<FilePiece> {
        self.got += 1;
        self.travel(|road| road.get_piece(hash, n))
    }
}

#[test]
fn a_cut_at_any_message_costs_that_message_and_nothing_else() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let mut mark = 0;
        for cut in 0..6 {
            for arrives in [false, true] {
                mark += 1;
                let bytes = pdf(1_000_000, mark);
                let file = attach(&one, "cut.pdf", &bytes);
                let mut up = Faulty { fails_after: Some(cut), arrives, ..Faulty::new(&mut one.road) };
                let first = sync_once(&mut one.driver, &one.app, &mut up);
                assert_eq!(first.is_err(), cut < 5, "cut {cut}: one question, four pieces");
                carry_files(&mut one.driver, &one.app, &mut up).expect("goes on");
                assert!(up.sent <= 5, "cut {cut}: {} pieces sent instead of four and a lost one", up.sent);
                assert_eq!(word(&mut one, &file), "unscanned");
                two.sync();
                two.app.want_file(hash(&file)).expect("wanted");
                let mut down = Faulty { fails_after: Some(cut), arrives, ..Faulty::new(&mut two.road) };
                assert_eq!(carry_files(&mut two.driver, &two.app, &mut down).is_err(), cut < 5, "cut {cut}");
                carry_files(&mut two.driver, &two.app, &mut down).expect("goes on");
                assert!(down.got <= 5, "cut {cut}: {} pieces fetched", down.got);
                assert_eq!(read(&two.app, &file), Ok(bytes));
            }
        }
        assert_eq!(one.app.verify().expect("proof").files, 12);
    });
}

#[test]
fn what_is_not_what_it_says_becomes_no_content() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let mut one = Laptop::join(&firm, "One");
        let file = attach(&one, "sheet.pdf", &pdf(600_000, 1));
        let pieces: Vec<FilePiece> = (1..=3).map(|n| piece(&one, &file, n)).collect();
        let mut quiet = Faulty { fails_after: Some(0), ..Faulty::new(&mut one.road) };
        sync_once(&mut one.driver, &one.app, &mut quiet).expect_err("entries alone");
        let changed = |piece: &FilePiece| FilePiece { bytes: piece.bytes.iter().map(|byte| byte ^ 1).collect::<Vec<u8>>().into(), ..piece.clone() };
        let mut send = |piece: &FilePiece| one.road.send_piece(piece).map(|word| (word.state, word.has)).map_err(|e| e.code());
        let arriving = |has| Ok(("arriving".to_owned(), has));
        assert_eq!(send(&pieces[1]), Err("file.gap"));
        assert_eq!(send(&FilePiece { n: 0, ..pieces[0].clone() }), Err("file.altered"));
        assert_eq!(send(&FilePiece { n: 9, ..pieces[0].clone() }), Err("file.altered"));
        assert_eq!(send(&FilePiece { bytes: vec![1; 77].into(), ..pieces[0].clone() }), Err("file.altered"));
        assert_eq!(send(&FilePiece { size: 600_001, ..pieces[0].clone() }), Err("file.unnamed"), "no row says this size");
        assert_eq!(send(&FilePiece { hash: "../../etc/passwd".to_owned(), ..pieces[0].clone() }), Err("file.unknown"));
        assert_eq!(send(&pieces[0]), arriving(1));
        assert_eq!(send(&pieces[0]), arriving(1), "again");
        assert_eq!(send(&changed(&pieces[1])), arriving(2), "nobody can know yet");
        assert_eq!(send(&pieces[2]), Err("file.altered"), "the hash of the whole");
        assert_eq!(word(&mut one, &file), "absent", "nothing of it is kept");
        served.wait(61);
        one.app.note_file_words(&one.road.ask_files(&[hash(&file).to_owned()]).expect("answer")).expect("noted");
        one.sync();
        assert_eq!(word(&mut one, &file), "unscanned", "the right bytes are taken all the same");
    });
}

#[test]
fn sizes_and_room_are_the_operators() {
    let settings = || Settings { file_max: 100_000, files_max: 150_000, ..Settings::default() };
    let served = serve(0, settings());
    let firm = served.firm("Acme Ltd");
    let mut one = Laptop::join(&firm, "One");
    let large = attach(&one, "large.pdf", &pdf(100_001, 1));
    let (first, second) = (attach(&one, "first.pdf", &pdf(90_000, 2)), attach(&one, "second.pdf", &pdf(90_000, 3)));
    one.sync();
    let reason = |file: &Value| {
        let all = one.app.file_standings().expect("standings");
        let found = all.iter().find(|standing| standing.hash.as_str() == hash(file)).expect("listed").clone();
        (found.word(), found.reason.map(|reason| reason["code"].as_str().unwrap_or_default().to_owned()).unwrap_or_default())
    };
    assert_eq!(reason(&large), ("stopped", "file.too_large".to_owned()));
    let both = [reason(&first), reason(&second)];
    assert!(both.contains(&("here", String::new())) && both.contains(&("stopped", "file.no_room".to_owned())), "{both:?}");
    assert_eq!(read(&one.app, &large), Ok(pdf(100_001, 1)), "what the server does not take stays here");
}

#[test]
fn a_file_of_another_firm_is_as_unknown_as_any() {
    each_place(|served| {
        let (ours, theirs) = (served.firm("Acme Ltd"), served.firm("Other Ltd"));
        let (mut one, mut other) = (Laptop::join(&ours, "One"), Laptop::join(&theirs, "Other"));
        let secret = attach(&other, "secret.pdf", &pdf(5_000, 1));
        other.sync();
        assert_eq!(word(&mut one, &secret), "absent");
        let nothing = "0".repeat(64);
        for (mine, name) in [(hash(&secret), "theirs"), (nothing.as_str(), "nobody's"), ("%2e%2e%2fkeys", "a path")] {
            let reply = served.get(&ours.path(&format!("files/{mine}")), &ours.owner.access);
            assert_eq!((reply.status, reply.code()), (404, "file.unknown"), "{name}: {reply:?}");
            assert_eq!(one.road.get_piece(mine, 1).expect_err("unknown").code(), "file.unknown", "{name}");
        }
        let reply = served.get(&theirs.path(&format!("files/{}", hash(&secret))), &ours.owner.access);
        assert_eq!((reply.status, reply.code()), (404, "tenant.unknown"));
        assert_eq!(served.request("GET", &theirs.path(&format!("files/{}", hash(&secret))), None, None).status, 401);
        let copy = attach(&one, "copy.pdf", &pdf(5_000, 1));
        one.sync();
        assert_eq!((hash(&copy), word(&mut one, &copy)), (hash(&secret), "unscanned".to_owned()), "sent though the other firm has it");
    });
}

#[test]
fn a_file_leaves_whole_and_as_nothing_that_a_browser_shows() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let mut one = Laptop::join(&firm, "One");
        let csv: Vec<u8> = b"name;amount\n".iter().copied().cycle().take(600_000).collect();
        let file = attach(&one, "list.csv", &csv);
        one.sync();
        let reply = served.get(&firm.path(&format!("files/{}", hash(&file))), &firm.owner.access);
        assert_eq!((reply.status, reply.text.as_bytes() == csv), (200, true));
        for (name, value) in [
            ("content-type", "application/octet-stream"),
            ("content-disposition", "attachment"),
            ("x-content-type-options", "nosniff"),
            ("content-length", "600000"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(reply.header(name), Some(value));
        }
        assert!(reply.header("content-security-policy").is_some_and(|policy| policy.contains("sandbox")));
    });
}

#[test]
fn the_file_of_a_journal_entry_is_for_who_sees_the_ledger() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let mut one = Laptop::join(&firm, "One");
        let lines = json!([{"account": "7100", "debit": 50_00}, {"account": "1200", "credit": 50_00}]);
        let entry = one.run("ledger.post_entry", json!({"date": "2026-01-10", "text": "Rent", "lines": lines}));
        let file = json!(one.app.store_file("statement.pdf", None, &pdf(5_000, 1)).expect("stored"));
        one.run("files.attach", json!({"kind": "journal_entry", "id": entry["id"], "file": file}));
        one.sync();
        for (role, status) in [("warehouse", 403), ("sales", 403), ("purchasing", 403), ("auditor", 200), ("accountant", 200), ("admin", 200)] {
            let grant = firm.person(role);
            let reply = served.get(&firm.path(&format!("files/{}", hash(&file))), &grant.access);
            assert_eq!(reply.status, status, "{role}: {reply:?}");
        }
    });
}

#[test]
fn a_draft_with_a_file_that_is_elsewhere_may_be_changed() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        let customer = one.run("parties.save_party", json!({"name": "Ann", "country": "GB", "is_customer": true}));
        let file = json!(one.app.store_file("sheet.pdf", None, &pdf(700_000, 1)).expect("stored"));
        let draft = |price: &str| {
            let attached = json!([{"reference": "Sheet 1", "description": "Time sheet", "file": file}]);
            json!({"party": customer["id"], "lines": [{"name": "Advice", "unit_price": price}], "attachments": attached})
        };
        let saved = one.run("billing.save_draft", json!({"draft": draft("100")}));
        one.sync();
        two.sync();
        assert_eq!(read(&two.app, &file), Err("file.not_here"));
        two.run("billing.save_draft", json!({"id": saved["id"], "draft": draft("110")}));
        let posted = two.run("billing.post_draft", json!({"id": saved["id"]}));
        two.sync();
        one.sync();
        let shown = one.app.query("billing.invoice", json!({"id": posted["id"]})).expect("invoice");
        assert_eq!(shown["files"][0]["hash"], file["hash"]);
        one.app.verify().expect("one");
        two.app.verify().expect("two");
    });
}

#[test]
fn the_lane_does_not_use_up_the_calls_of_a_session() {
    let served = serve(0, Settings { rates: daybook_server::central::Rates { calls: 60, ..Default::default() }, ..Settings::default() });
    let firm = served.firm("Acme Ltd");
    let mut one = Laptop::join(&firm, "One");
    attach(&one, "large.pdf", &pdf(20 * 1024 * 1024, 1));
    one.sync();
    one.sync();
}

#[test]
fn the_lane_is_for_devices_and_bounded() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let raw = |tail: &str, bytes: &[u8]| served.send(&format!("POST {} HTTP/1.1\r\nAuthorization: Bearer {}", firm.path(tail), firm.owner.access), bytes);
        let asked = daybook_sync::pack::pack(&vec!["0".repeat(64)]).expect("packs");
        assert_eq!(raw("sync/files", &asked).code(), "sync.no_device");
        for tail in ["sync/files", "sync/files/piece", "sync/files/get"] {
            assert_eq!(raw(tail, b"nonsense").code(), "sync.altered", "{tail}");
        }
        let mut one = Laptop::join(&firm, "One");
        assert_eq!(one.road.ask_files(&vec!["0".repeat(64); 1_001]).expect_err("too many").code(), "rpc.too_large");
    });
}

#[test]
fn content_of_refused_work_stays_until_somebody_dealt_with_it() {
    each_place(|served| {
        let firm = served.firm("Acme Ltd");
        let (mut one, mut two) = (Laptop::join(&firm, "One"), Laptop::join(&firm, "Two"));
        one.run("parties.save_party", json!({"code": "ACME", "name": "Theirs", "country": "GB", "is_customer": true}));
        one.sync();
        let mine = two.run("parties.save_party", json!({"code": "ACME", "name": "Ours", "country": "GB", "is_customer": true}));
        let file = json!(two.app.store_file("sheet.pdf", None, &pdf(5_000, 1)).expect("stored"));
        two.run("files.attach", json!({"kind": "party", "id": mine["id"], "file": file}));
        two.sync();
        let days_later = |mark: u8| {
            two.app.storage().write(|tx| tx.raw("UPDATE file_content SET stored_at = 0")).expect("time goes by");
            two.app.store_file("other.pdf", None, &pdf(5_000, mark)).expect("stored");
        };
        days_later(2);
        assert_eq!(read(&two.app, &file), Ok(pdf(5_000, 1)), "it may be sent again");
        let items = two.app.read(|tx, _| daybook_core::daybook::attention::open(tx)).expect("items");
        assert_eq!(items.len(), 2);
        items.iter().for_each(|item| two.app.discard(item.command, "Not ours").expect("let go"));
        days_later(3);
        assert_eq!(read(&two.app, &file), Err("file.unknown"));
    });
}

#[test]
fn files_of_books_made_alone_come_to_their_server() {
    each_place(|served| {
        let (mut first, name, email, file) = Laptop::found(served, |app| {
            let file = json!(app.store_file("sheet.pdf", None, &pdf(600_000, 1)).expect("stored"));
            let party = app.execute(Call::new("parties.save_party", json!({"name": "Ann", "country": "GB", "is_customer": true}))).expect("saved").result;
            app.execute(Call::new("files.attach", json!({"kind": "party", "id": party["id"], "file": file}))).expect("attached");
            file
        });
        first.sync();
        assert_eq!(word(&mut first, &file), "unscanned");
        let mut second = Laptop::join(&served.known(&name, &email), "Second");
        second.app.want_file(hash(&file)).expect("wanted");
        second.sync();
        assert_eq!(read(&second.app, &file), Ok(pdf(600_000, 1)));
    });
}
