//! Files in the books: stored once, attached, kept with what is posted, proved, carried by backup and replay.

use std::sync::Arc;

use daybook_core::app::{App, Clock};
use daybook_core::db::Mode;
use daybook_core::files::{FILE_MAX, MediaType};
use daybook_core::shared::Instant;
use daybook_rpc::{Access, Desk, Guard, Media};
use serde_json::{Value, json};

use crate::billing::customer;
use crate::support::{START_MS, TestBooks, books, clock, each_database, empty_postgres};

const PDF: &[u8] = b"%PDF-1.7 a time sheet";

fn store(books: &TestBooks, name: &str, bytes: &[u8]) -> Value {
    json!(books.app.store_file(name, None, bytes).unwrap_or_else(|e| panic!("{name}: {e}")))
}

fn refused(books: &TestBooks, name: &str, media: Option<MediaType>, bytes: &[u8]) -> (String, String) {
    let error = books.app.store_file(name, media, bytes).unwrap_err();
    assert!(!error.message().contains('{') && !error.next().is_empty(), "{error}");
    (error.code().to_owned(), error.field_path().unwrap_or_default().to_owned())
}

fn count(books: &TestBooks, table: &str) -> i64 {
    books.app.read(|tx, _| tx.one(&format!("SELECT count(*) FROM {table}"), &[])).unwrap()
}

/// A draft with one supporting document.
fn draft(party: &Value, file: &Value) -> Value {
    let attached = json!({"reference": "Sheet 1", "description": "Time sheet", "file": file});
    json!({"party": party, "lines": [{"description": "Advice", "unit_price": "100"}], "attachments": [{"reference": "Web", "url": "https://x.example"}, attached]})
}

#[test]
fn the_same_bytes_are_kept_once_and_come_back_whole() {
    each_database(|books| {
        let before = books.dump();
        let large: Vec<u8> = PDF.iter().copied().chain((0..700_000_u32).map(|n| n.to_le_bytes()[1])).collect();
        let first = books.app.store_file("Sheet.PDF", None, &large).unwrap();
        let second = books.app.store_file("other.pdf", Some(MediaType::Pdf), &large).unwrap();
        assert_eq!((&first.hash, first.size), (&second.hash, 700_021));
        assert_eq!(first.hash.as_str(), blake3_of(&large));
        assert_eq!((count(books, "file_content"), count(books, "file_chunk")), (1, 3));
        assert_eq!(books.app.read_file(&first.hash).unwrap(), large);
        assert_eq!(books.app.read_file("00").unwrap_err().code(), "file.unknown");
        assert_eq!(books.dump(), before, "content alone is no entry and no row of the dump");
        assert_eq!(books.app.verify().unwrap().files, 1);
    });
}

/// The hash of bytes as the books of nobody name it.
fn blake3_of(bytes: &[u8]) -> String {
    books().app.store_file("x.pdf", None, bytes).unwrap().hash.to_string()
}

#[test]
fn a_posted_document_keeps_its_files() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let sheet = store(books, "sheet.pdf", PDF);
        let other = store(books, "other.csv", b"hours;8\r\n");
        let id = books.run("billing.save_draft", json!({"draft": draft(&acme, &other)}))["id"].clone();
        books.run("billing.save_draft", json!({"id": id, "draft": draft(&acme, &sheet)}));
        assert_eq!(count(books, "file_attachment"), 1);
        books.run("billing.post_draft", json!({"id": id}));
        let shown = books.ask("billing.invoice", json!({"id": id}));
        let file = &shown["files"][0];
        assert_eq!((&file["n"], &file["name"], &file["media_type"], &file["kept"]), (&json!(2), &json!("sheet.pdf"), &json!("application/pdf"), &json!(true)));
        assert_eq!(file["hash"], sheet["hash"]);
        for sql in ["DELETE FROM file_attachment", "UPDATE file_attachment SET name = 'x'"] {
            assert_eq!(books.app.storage().write(|tx| tx.raw(sql)).unwrap_err().code(), "row.final", "{sql}");
        }
        let more = "INSERT INTO file_attachment (subject_kind, subject, n, hash, name, media_type, size, kept) SELECT subject_kind, subject, 9, hash, name, media_type, size, 0 FROM file_attachment";
        assert_eq!(books.app.storage().write(|tx| tx.raw(more)).unwrap_err().code(), "row.final");
        let discarded = books.run("billing.save_draft", json!({"draft": draft(&acme, &sheet)}))["id"].clone();
        books.run("billing.discard_draft", json!({"id": discarded}));
        assert_eq!(count(books, "file_attachment"), 1);
        let reversal = books.run("billing.reverse_invoice", json!({"id": id, "reason": "Wrong"}));
        assert_eq!(books.ask("billing.invoice", json!({"id": reversal["id"]}))["files"], json!([]));
        books.app.verify().unwrap();
    });
}

#[test]
fn files_are_attached_and_taken_off() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let sheet = store(books, "../../etc/con.tract?.pdf", PDF);
        assert_eq!(sheet["name"], "con.tract_.pdf");
        let args = json!({"kind": "party", "id": acme, "file": sheet});
        assert_eq!(books.run("files.attach", args.clone())["n"], 1);
        assert_eq!(books.refused("files.attach", args), "file.attached");
        let listed = books.ask("files.of", json!({"kind": "party", "id": acme}));
        assert_eq!((&listed[0]["name"], &listed[0]["kept"]), (&json!("con.tract_.pdf"), &json!(false)));
        books.run("files.detach", json!({"kind": "party", "id": acme, "n": 1}));
        assert_eq!(books.refused("files.detach", json!({"kind": "party", "id": acme, "n": 1})), "record.not_found");

        let lines = json!([{"account": "9990", "debit": 1_00}, {"account": "9991", "credit": 1_00}]);
        books.run("ledger.save_account", json!({"code": "9990", "name": "A", "kind": "asset"}));
        books.run("ledger.save_account", json!({"code": "9991", "name": "B", "kind": "asset"}));
        let entry = books.run("ledger.post_entry", json!({"date": "2011-01-10", "text": "Fine", "lines": lines}))["id"].clone();
        books.run("files.attach", json!({"kind": "journal_entry", "id": entry, "file": sheet}));
        assert_eq!(books.refused("files.detach", json!({"kind": "journal_entry", "id": entry, "n": 1})), "file.kept");
        books.app.verify().unwrap();
    });
}

#[test]
fn what_is_not_there_is_told() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let sheet = store(books, "sheet.pdf", PDF);
        let before = books.dump();
        let unknown = json!({"hash": "ab".repeat(32), "name": "x.pdf", "media_type": "application/pdf", "size": 5});
        let mut wrong_size = sheet.clone();
        wrong_size["size"] = json!(5);
        for file in [unknown, wrong_size] {
            let error = books.try_run("billing.post_invoice", json!({"draft": draft(&acme, &file)})).unwrap_err();
            assert_eq!((error.code(), error.field_path()), ("file.unknown", Some("draft.attachments[1].file.hash")));
            let error = books.try_run("files.attach", json!({"kind": "party", "id": acme, "file": file})).unwrap_err();
            assert_eq!((error.code(), error.field_path()), ("file.unknown", Some("file.hash")));
        }
        let nobody = json!({"kind": "item", "id": acme, "file": sheet});
        assert_eq!(books.refused("files.attach", nobody), "record.not_found");
        assert_eq!(books.refused("files.attach", json!({"kind": "daybook", "id": acme, "file": sheet})), "args.invalid");
        assert_eq!(books.dump(), before);
    });
}

#[test]
fn only_what_documents_may_carry_is_taken() {
    let books = books();
    let zip = b"PK\x03\x04 xl/workbook.xml";
    let mut ods = b"PK\x03\x04".to_vec();
    ods.extend([0; 26]);
    ods.extend(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet");
    for (name, bytes) in [
        ("a.pdf", PDF),
        ("a.png", b"\x89PNG\r\n\x1a\n..."),
        ("a.JPEG", b"\xff\xd8\xff\xe0"),
        ("a.csv", "Straße;1\n".as_bytes()),
        ("a.xlsx", zip),
        ("a.ods", &ods),
        ("a.xml", b"\xef\xbb\xbf <?xml version='1.0'?><a/>"),
    ] {
        store(&books, name, bytes);
    }
    let lie = ("file.not_what_it_says".to_owned(), "media_type".to_owned());
    for (name, bytes) in
        [("a.pdf", &b"MZ"[..]), ("a.png", PDF), ("a.xlsx", b"PK\x03\x04 word/document.xml"), ("a.csv", b"a\0b"), ("a.xml", b"hello"), ("a.ods", zip)]
    {
        assert_eq!(refused(&books, name, None, bytes), lie, "{name}");
    }
    assert_eq!(refused(&books, "a.pdf", Some(MediaType::Png), PDF), lie);
    for name in ["a.exe", "a", "", "a.html", "pdf"] {
        assert_eq!(refused(&books, name, None, PDF).0, "file.media_type", "{name}");
    }
    assert_eq!(refused(&books, "a.pdf", None, b""), ("file.empty".to_owned(), "file".to_owned()));
    let mut large = PDF.to_vec();
    large.resize(FILE_MAX + 1, b' ');
    assert_eq!(refused(&books, "a.pdf", None, &large), ("file.too_large".to_owned(), "file".to_owned()));
    for (raw, clean) in [
        ("C:\\Users\\a\\b.pdf", "b.pdf"),
        ("NUL.pdf", "NUL_.pdf"),
        ("com1.pdf", "com1_.pdf"),
        (" . .pdf", "pdf.pdf"),
        (" . ", "file.pdf"),
        ("a\u{7}:b.pdf", "a__b.pdf"),
        ("..pdf.pdf", "pdf.pdf"),
        ("scan", "scan.pdf"),
        ("Ünïcode 文.pdf", "Ünïcode 文.pdf"),
    ] {
        assert_eq!(books.app.store_file(raw, Some(MediaType::Pdf), PDF).unwrap().name.as_str(), clean, "{raw:?}");
    }
    let long = books.app.store_file(&format!("{}.pdf", "x".repeat(500)), None, PDF).unwrap();
    assert_eq!((long.name.chars().count(), long.name.ends_with(".pdf")), (120, true));
}

#[test]
fn changed_and_missing_content_is_found() {
    each_database(|books| {
        let acme = customer(books, "ACME", "GB");
        let sheet = store(books, "sheet.pdf", PDF);
        books.run("billing.post_invoice", json!({"draft": draft(&acme, &sheet)}));
        let spoil = |sql: &str| books.app.storage().write(|tx| tx.raw(sql)).unwrap();
        spoil("INSERT INTO file_chunk (hash, n, bytes) SELECT hash, 2, bytes FROM file_chunk");
        assert_eq!(books.app.verify().unwrap_err().code(), "verify.file_content");
        spoil("DELETE FROM file_chunk");
        spoil("DELETE FROM file_content");
        assert_eq!(books.app.verify().unwrap_err().code(), "verify.file_missing");
    });
}

#[test]
fn what_nothing_names_is_let_go_after_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let time = Arc::new(std::sync::atomic::AtomicI64::new(START_MS));
    let ticking = Arc::clone(&time);
    let clock: Clock = Box::new(move || Instant::from_millis(ticking.load(std::sync::atomic::Ordering::Relaxed)));
    let app = App::open(&folder.path().join("t.books"), Mode::Create, clock).unwrap();
    app.set_up(json!({"name": "Acme", "country": "GB", "currency": "GBP"})).unwrap();
    let books = TestBooks { app, folder: Some(folder) };
    let acme = customer(&books, "ACME", "GB");
    let named = store(&books, "named.pdf", b"%PDF-1");
    let again = store(&books, "again.pdf", b"%PDF-2");
    let gone = store(&books, "gone.pdf", b"%PDF-3");
    books.run("files.attach", json!({"kind": "party", "id": acme, "file": named}));
    time.fetch_add(12 * 3_600_000, std::sync::atomic::Ordering::Relaxed);
    store(&books, "again.pdf", b"%PDF-2");
    time.fetch_add(13 * 3_600_000, std::sync::atomic::Ordering::Relaxed);
    store(&books, "new.pdf", b"%PDF-4");
    for (file, there) in [(&named, true), (&again, true), (&gone, false)] {
        assert_eq!(books.app.read_file(file["hash"].as_str().unwrap()).is_ok(), there, "{file}");
    }
}

#[test]
fn backup_and_replay_carry_the_content() {
    let books = books();
    let acme = customer(&books, "ACME", "GB");
    let sheet = store(&books, "sheet.pdf", PDF);
    books.run("billing.post_invoice", json!({"draft": draft(&acme, &sheet)}));
    let copy = books.folder.as_ref().unwrap().path().join("copy.books");
    books.app.storage().books().unwrap().backup(&copy).unwrap();
    let copy = App::open(&copy, Mode::Read, clock()).unwrap();
    assert_eq!(copy.read_file(sheet["hash"].as_str().unwrap()).unwrap(), PDF);
    copy.verify().unwrap();
    let Some(other) = empty_postgres() else { return };
    books.app.replay_into(&other.app).unwrap();
    assert_eq!(other.dump(), books.dump());
    let hash = daybook_core::shared::Code::new(sheet["hash"].as_str().unwrap()).unwrap();
    assert_eq!(other.app.read(|tx, _| daybook_core::files::api::read(tx, &hash)).unwrap(), PDF);
    other.app.verify().unwrap();
}

#[test]
fn who_may_not_write_master_data_stores_nothing() {
    let books = books();
    let owner = books.app.actor();
    books.run("identity.save_user", json!({"name": "Second", "role": "owner"}));
    books.run("identity.save_user", json!({"id": owner, "name": "First", "role": "auditor"}));
    assert_eq!(refused(&books, "a.pdf", None, PDF).0, "permission.denied");
}

#[test]
fn an_upload_becomes_a_file_and_comes_back_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let desk: Arc<Desk> = Desk::open(&folder.path().join("firm.books"), Access::Write, Guard::default()).unwrap();
    desk.ask("execute", json!({"name": "identity.create_company", "args": {"name": "Acme Ltd", "country": "GB", "currency": "GBP"}})).unwrap();
    let upload = desk.uploads().receive(PDF, "sheet.pdf").unwrap();
    let stored = desk.ask("files.store", json!({"file": upload.file})).unwrap();
    assert_eq!((&stored["name"], &stored["size"]), (&json!("sheet.pdf"), &json!(21)));
    let read = |media: &str| desk.call("files.read", json!({"hash": stored["hash"], "media_type": media}).to_string().as_bytes());
    let reply = read("application/pdf").unwrap();
    assert_eq!((reply.media, reply.bytes.as_slice(), reply.media.mime()), (Media::File(MediaType::Pdf), PDF, "application/pdf"));
    assert_eq!(read("application/xml").unwrap_err().code(), "file.not_what_it_says");
    assert_eq!(read("text/html").unwrap_err().code(), "args.invalid");
    assert_eq!(desk.ask("files.store", json!({"file": "?"})).unwrap_err().code(), "upload.unknown");
    let large = folder.path().join("large.pdf");
    std::fs::File::create(&large).unwrap().set_len(FILE_MAX as u64 + 1).unwrap();
    let upload = desk.uploads().adopt(&large).unwrap();
    assert_eq!(desk.ask("files.store", json!({"file": upload.file})).unwrap_err().code(), "file.too_large");
}
