//! The books file: exclusive, durable, refused when it is something else, honest about losses.

use std::fs;
use std::path::PathBuf;

use daybook_core::app::App;
use daybook_core::db::{Books, Dialect, HeadFile, Migration, Mode, newest_known};
use serde_json::json;

use crate::support::{books, clock, empty_books};

fn open_error(content: Option<&[u8]>, mode: Mode) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.books");
    if let Some(content) = content {
        fs::write(&path, content).unwrap();
    }
    let error = App::open(&path, mode, clock()).err().expect("must be refused");
    assert!(!error.message().is_empty() && !error.next().is_empty(), "{} has no words", error.code());
    if let Some(content) = content {
        assert_eq!(fs::read(&path).unwrap(), content, "the file was touched");
    }
    error.code().to_owned()
}

#[test]
fn files_that_are_not_books_are_refused_untouched() {
    assert_eq!(open_error(None, Mode::Write), "books.missing");
    assert_eq!(open_error(Some(b""), Mode::Write), "books.empty");
    assert_eq!(open_error(Some(b"Dear diary"), Mode::Write), "books.not_books");
    assert_eq!(open_error(Some(&[b'x'; 5000]), Mode::Write), "books.not_books");
    assert_eq!(open_error(Some(b"whatever"), Mode::Create), "books.exists");
}

#[test]
fn another_programs_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert_eq!(App::open(&path, Mode::Write, clock()).err().unwrap().code(), "books.other_program");
    assert_eq!(App::open(&path, Mode::Read, clock()).err().unwrap().code(), "books.other_program");
}

#[test]
fn books_of_a_newer_program_are_refused() {
    let books = books();
    let path = books.folder.as_ref().unwrap().path().join("test.books");
    let copy = path.with_extension("newer");
    books.app.storage().books().unwrap().backup(&copy).unwrap();
    rusqlite::Connection::open(&copy).unwrap().execute("INSERT INTO schema_migration VALUES (9999, 'future', 'x')", []).unwrap();
    assert_eq!(App::open(&copy, Mode::Write, clock()).err().unwrap().code(), "books.newer");
    assert_eq!(App::open(&copy, Mode::Read, clock()).err().unwrap().code(), "books.newer");
}

#[test]
fn a_second_program_is_told_and_may_read() {
    let books = books();
    let path = books.folder.as_ref().unwrap().path().join("test.books");
    let error = App::open(&path, Mode::Write, clock()).err().unwrap();
    assert_eq!(error.code(), "books.locked");
    assert!(error.message().contains(&std::process::id().to_string()), "{error}");
    let reader = App::open(&path, Mode::Read, clock()).unwrap();
    assert_eq!(reader.query("identity.company", json!({})).unwrap()["name"], "Acme Ltd");
    let refused = reader.execute(daybook_core::app::Call::new("identity.save_user", json!({"name": "Ann", "role": "sales"})));
    assert_eq!(refused.unwrap_err().code(), "books.opened_read_only");
}

#[test]
fn lost_entries_are_reported_not_hidden() {
    let books = books();
    let path = books.folder.as_ref().unwrap().path().join("test.books");
    let old = path.with_extension("old");
    books.app.storage().books().unwrap().backup(&old).unwrap();
    for name in ["Ann", "Bob", "Cid"] {
        books.run("identity.save_user", json!({"name": name, "role": "sales"}));
    }
    let crate::support::TestBooks { app, folder } = books;
    drop(app);
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", path.display()));
    }
    fs::copy(&old, &path).unwrap();
    let app = App::open(&path, Mode::Write, clock()).unwrap();
    assert_eq!(app.lost(), 3);
    let call = || daybook_core::app::Call::new("identity.save_user", json!({"name": "Dan", "role": "sales"}));
    assert_eq!(app.execute(call()).unwrap_err().code(), "daybook.lost");
    app.accept_loss().unwrap();
    app.execute(call()).unwrap();
    drop(folder);
}

#[test]
fn a_folder_that_was_put_back_goes_on_in_series_of_its_own() {
    let books = books();
    let folder = books.folder.as_ref().unwrap().path().to_owned();
    let path = folder.join("test.books");
    let guard = daybook_rpc::Guard { marks: Some(folder.join("state")), machine: None };
    let crate::support::TestBooks { app, folder: _kept } = books;
    drop(app);
    let open = || guard.open(&path, Mode::Write, clock()).unwrap();
    let app = open();
    let run = |app: &App, name: &str, args: serde_json::Value| app.execute(daybook_core::app::Call::new(name, args)).unwrap().result;
    let acme = run(&app, "parties.save_party", json!({"code": "ACME", "name": "Acme", "country": "GB", "is_customer": true}))["id"].clone();
    let bolt = run(&app, "catalog.save_item", json!({"code": "BOLT", "name": "Bolt", "sales_price": "2.50"}))["id"].clone();
    run(&app, "inventory.receive", json!({"lines": [{"item": bolt, "quantity": "100", "unit_cost": "1.10"}]}));
    let invoice = json!({"draft": {"party": acme, "lines": [{"item": bolt, "quantity": "1"}]}});
    let sell = |app: &App| run(app, "billing.post_invoice", invoice.clone())["number"].as_str().unwrap().to_owned();
    let first = sell(&app);
    drop(app);
    let beside = |tail: &str| PathBuf::from(format!("{}{tail}", path.display()));
    for tail in ["", ".head"] {
        fs::copy(beside(tail), beside(&format!("{tail}.kept"))).unwrap();
    }
    let app = open();
    let lost = sell(&app);
    drop(app);
    for tail in ["", ".head"] {
        fs::rename(beside(&format!("{tail}.kept")), beside(tail)).unwrap();
    }
    let app = open();
    assert_eq!(app.lost(), 1, "both files beside each other know nothing of it");
    app.accept_loss().unwrap();
    let next = sell(&app);
    assert_eq!([first.as_str(), lost.as_str(), next.as_str()], ["11-A-0001", "11-A-0002", "11-B-0001"]);
    drop(app);
    let app = open();
    assert_eq!((app.lost(), sell(&app).as_str()), (0, "11-B-0002"));
    app.verify().unwrap();
    // What was sold in either life becomes a tenant's as a whole.
    let scopes: Vec<String> = daybook_core::app::records().map(|record| record.scope().to_owned()).collect();
    app.become_first_device(&scopes).unwrap();
    let push = app.next_push(0, 1000, 1 << 30, true).unwrap().unwrap();
    let all: i64 = app.read(|tx, _| tx.one("SELECT count(*) FROM daybook", &[])).unwrap();
    assert_eq!(i64::try_from(push.entries.len()).unwrap(), all);
    let server = crate::support::empty_books().app;
    server.become_server().unwrap();
    let pusher = daybook_core::app::Pusher { device: app.device().device, scopes: scopes.clone(), actors: None };
    server.accept(&push, &pusher).unwrap();
    assert!(crate::support::dump_of(&server) == crate::support::dump_of(&app), "the same rows");
    server.verify().unwrap();
}

#[test]
fn a_full_disk_refuses_in_words_and_keeps_the_books() {
    let books = books();
    let app = &books.app;
    let before = books.dump();
    app.storage().books().unwrap().limit_pages_to_current().unwrap();
    let mut refused = None;
    for n in 0..5000 {
        if let Err(e) = books.try_run("identity.save_user", json!({"name": format!("Person {n} {}", "x".repeat(150)), "role": "sales"})) {
            refused = Some(e);
            break;
        }
    }
    let error = refused.expect("the disk must fill up");
    assert_eq!(error.code(), "disk.full");
    assert!(books.dump().starts_with(before.lines().next().unwrap()));
    app.read(|tx, _| daybook_core::daybook::chain::verify(tx)).unwrap();
}

#[test]
fn a_backup_is_verified_and_never_overwrites() {
    let books = empty_books();
    let target = books.folder.as_ref().unwrap().path().join("copy.books");
    books.app.storage().books().unwrap().backup(&target).unwrap();
    assert_eq!(books.app.storage().books().unwrap().backup(&target).unwrap_err().code(), "file.exists");
    App::open(&target, Mode::Read, clock()).unwrap();
}

#[test]
fn older_books_are_backed_up_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = empty_books();
    let tables = |app: &App| -> Vec<(String, String)> {
        let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
        app.read(|tx, _| tx.all(sql, &[])).unwrap()
    };
    for migration in Migration::all(Dialect::Sqlite) {
        let path = folder.path().join(format!("{}.books", migration.number));
        Books::create_older(&path, migration.number).unwrap();
        let newest = migration.number == newest_known();
        if !newest {
            assert_eq!(App::open(&path, Mode::Read, clock()).err().unwrap().code(), "books.older");
        }
        let app = App::open(&path, Mode::Write, clock()).unwrap();
        let backup = |name: &str| name.starts_with(&format!("{}.books.before-migration", migration.number));
        let backups = fs::read_dir(folder.path()).unwrap().flatten().filter(|f| backup(&f.file_name().to_string_lossy())).count();
        assert_eq!(backups, usize::from(!newest), "a verified backup is made first: {}", migration.name);
        assert_eq!(tables(&app), tables(&fresh.app), "{}", migration.name);
        app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"})).unwrap();
        app.verify().unwrap();
    }
}

/// A mark outside of the books knows what a folder that was put back does not: it must outlive the opening.
#[test]
fn a_head_that_was_noted_before_a_place_was_named_does_not_go_there() {
    let folder = tempfile::tempdir().unwrap();
    let (books, mark) = (folder.path().join("firm.books"), folder.path().join("mark.head"));
    for pos in 1..200 {
        let head = HeadFile::start(&books).unwrap();
        head.note(pos, "a".to_owned());
        head.also(&mark);
        drop(head);
        assert_eq!(HeadFile::read(&books), Some((pos, "a".to_owned())));
        assert_eq!(HeadFile::read_at(&mark), None, "opening {pos}");
    }
    let head = HeadFile::start(&books).unwrap();
    head.also(&mark);
    head.note(200, "b".to_owned());
    drop(head);
    assert_eq!(HeadFile::read_at(&mark), Some((200, "b".to_owned())));
}
