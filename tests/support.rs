//! Fresh books for tests: a company set up on SQLite, and the same on PostgreSQL.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use daybook_core::app::{App, Call, Clock, Outcome, records};
use daybook_core::db::{Dialect, Mode, PgPool, verify_search};
use daybook_core::shared::{Error, Instant};
use serde_json::{Value, json};
use tempfile::TempDir;

/// 2011-01-15 12:00 UTC, a day on which every fixture makes sense.
pub const START_MS: i64 = 1_295_092_800_000;

/// A clock that moves one millisecond at every look.
pub fn clock() -> Clock {
    let now = Arc::new(AtomicI64::new(START_MS));
    Box::new(move || Instant::from_millis(now.fetch_add(1, Ordering::Relaxed)))
}

/// Open books in a folder that goes away with them.
pub struct TestBooks {
    pub app: App,
    pub folder: Option<TempDir>,
}

impl std::ops::Deref for TestBooks {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestBooks {
    /// Executes a command that must succeed.
    #[track_caller]
    pub fn run(&self, name: &str, args: Value) -> Value {
        self.try_run(name, args).map(|outcome| outcome.result).unwrap_or_else(|e| panic!("{name}: {e}"))
    }
    /// Executes a command.
    pub fn try_run(&self, name: &str, args: Value) -> Result<Outcome, Error> {
        self.app.execute(Call::new(name, args))
    }
    /// Answers a query that must succeed.
    #[track_caller]
    pub fn ask(&self, name: &str, args: Value) -> Value {
        self.app.query(name, args).unwrap_or_else(|e| panic!("{name}: {e}"))
    }
    /// The error a command must give: kind and code.
    #[track_caller]
    pub fn refused(&self, name: &str, args: Value) -> String {
        match self.try_run(name, args) {
            Ok(outcome) => panic!("{name} should be refused, but gave {}", outcome.result),
            Err(e) => e.code().to_owned(),
        }
    }
    /// Hash of the canonical dump.
    pub fn dump_hash(&self) -> String {
        self.app.dump_hash().expect("dump")
    }
    /// The canonical dump as text.
    pub fn dump(&self) -> String {
        dump_of(&self.app)
    }
}

/// Books of a British company in a file of this name, in a folder of their own.
pub fn books_in_folder(name: &str) -> (TempDir, App) {
    let folder = tempfile::tempdir().expect("folder");
    let app = App::open(&folder.path().join(name), Mode::Create, clock()).expect("books");
    app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"})).expect("set-up");
    (folder, app)
}

/// The canonical dump of books as text.
pub fn dump_of(app: &App) -> String {
    let mut out = Vec::new();
    app.read(|tx, _| daybook_core::app::dump(tx, &mut out)).expect("dump");
    String::from_utf8(out).expect("utf-8")
}

/// Empty books on SQLite, before any company.
pub fn empty_books() -> TestBooks {
    let folder = tempfile::tempdir().expect("folder");
    let app = App::open(&folder.path().join("test.books"), Mode::Create, clock()).expect("books");
    TestBooks { app, folder: Some(folder) }
}

/// The connections of all tests to the PostgreSQL server; `None` without one.
pub fn pool() -> Option<Arc<PgPool>> {
    static POOL: OnceLock<Option<Arc<PgPool>>> = OnceLock::new();
    let connect = || std::env::var("DAYBOOK_TEST_POSTGRES").ok().map(|url| PgPool::new(&url, 8).expect("PostgreSQL"));
    POOL.get_or_init(connect).clone()
}

/// The address of an empty database of its own, where no other test has tenants; `None` without a server.
pub fn database() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var("DAYBOOK_TEST_POSTGRES").ok()?;
    let name = format!("alone_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut server = postgres::Client::connect(&url, postgres::NoTls).expect("PostgreSQL");
    server.batch_execute(&format!("CREATE DATABASE {name}")).expect("database");
    Some(format!("{url} dbname={name}"))
}

/// A name for a tenant that no other test has.
pub fn tenant_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Empty books on PostgreSQL, of a tenant of their own; `None` without a server.
pub fn empty_postgres() -> Option<TestBooks> {
    let (pool, tenant) = (pool()?, tenant_name());
    pool.add_tenant(&tenant).expect("tenant");
    Some(TestBooks { app: App::open_postgres(pool, &tenant, clock()).expect("books"), folder: None })
}

fn set_up(books: TestBooks, country: &str, currency: &str) -> TestBooks {
    let setup = json!({"name": "Acme Ltd", "country": country, "currency": currency});
    books.app.set_up(setup).expect("set-up");
    books
}

/// Books of a British company on SQLite.
pub fn books() -> TestBooks {
    set_up(empty_books(), "GB", "GBP")
}

/// Books of a company in `country` on SQLite.
pub fn books_in(country: &str, currency: &str) -> TestBooks {
    set_up(empty_books(), country, currency)
}

/// Runs `test` on fresh books of a British company, on each database there is.
pub fn each_database(test: impl Fn(&TestBooks)) {
    test(&books());
    if let Some(books) = empty_postgres() {
        test(&set_up(books, "GB", "GBP"));
    }
}

/// The words of the copies that search reads, each whole and with a letter left out, that are not there.
const LACKING: &str = "SELECT count(*) FROM {t}_search s, json_each(daybook_words(s.text)) w, json_each(daybook_cuts(w.value)) c \
    WHERE NOT EXISTS (SELECT 1 FROM {t}_cut k WHERE k.cut = c.value AND k.word = w.value)";

/// What search looks into is what one built anew would be: the copies, their words and the index over them.
#[track_caller]
pub fn search_follows(app: &App) {
    for record in records().filter(|record| record.full_text) {
        let t = record.table;
        app.read(|tx, _| verify_search(tx, record)).unwrap_or_else(|e| panic!("{t}: {e}"));
        let held = app.read(|tx, _| Ok(tx.holds_table(t) && tx.dialect() == Dialect::Sqlite)).unwrap();
        if held {
            assert_eq!(app.read(|tx, _| tx.one::<i64>(&LACKING.replace("{t}", t), &[])).unwrap(), 0, "words of {t}");
            let check = format!("INSERT INTO {t}_fts ({t}_fts, rank) VALUES ('integrity-check', 1)");
            app.storage().write(|tx| tx.raw(&check)).unwrap_or_else(|e| panic!("{t}: {e}"));
        }
    }
}
