//! Copies of a server's books for new devices, made of a file and of a schema on PostgreSQL: the same rows,
//! the same tables with all that guards and finds them, and more rows than are read at once.

use std::path::Path;

use daybook_core::app::{App, register};
use daybook_core::db::{Dialect, ListQuery, Mode, count};
use serde_json::json;

use crate::support::{TestBooks, clock, dump_of, empty_books, empty_postgres, search_follows};

/// More than two parts of a table.
const MANY: usize = 20_100;

/// Runs `test` on the books of a new server of a British company, on each database there is.
fn each_server(test: impl Fn(&TestBooks)) {
    for server in [Some(empty_books()), empty_postgres()].into_iter().flatten() {
        server.become_server().expect("a server");
        server.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"})).expect("set-up");
        test(&server);
    }
}

/// Many customers like Ann, with names and codes of their own.
fn crowd(server: &TestBooks) {
    server.run("parties.save_party", json!({"code": "ANN", "name": "Ann", "city": "Leeds", "country": "GB", "is_customer": true}));
    let id = server.read(|tx, _| Ok(if tx.dialect() == Dialect::Sqlite { "randomblob(16)" } else { "gen_random_uuid()" })).expect("dialect");
    let columns = register().record("party").expect("party").columns;
    let value = |column: &&str| match *column {
        "id" => id.to_owned(),
        "code" | "code_key" => "'N' || c.n".to_owned(),
        "name" => "p.name || ' ' || c.n".to_owned(),
        other => format!("p.{other}"),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let numbers = format!("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {MANY})");
    let sql = format!("{numbers} INSERT INTO party ({}) SELECT {} FROM party p, c WHERE p.code = 'ANN'", columns.join(", "), values.join(", "));
    server.storage().write(|tx| tx.raw(&sql)).expect("many");
}

fn found(app: &App, text: &str) -> i64 {
    let query: ListQuery = serde_json::from_value(json!({ "text": text })).expect("a query");
    app.read(|tx, _| count(tx, register().record("party").expect("party"), &query)).expect("counted").total
}

/// What a books file has beside its rows: tables, indexes, triggers, views, in words.
fn made_of(path: &Path) -> Vec<(String, String, String)> {
    let conn = rusqlite::Connection::open(path).expect("file");
    let mut parts = conn.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name").expect("schema");
    let rows = parts.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("parts");
    rows.collect::<Result<_, _>>().expect("parts")
}

#[test]
fn a_snapshot_has_every_row_and_all_that_finds_and_guards_them() {
    each_server(|server| {
        crowd(server);
        let folder = tempfile::tempdir().expect("folder");
        let (path, new) = (folder.path().join("device.books"), folder.path().join("new.books"));
        let snapshot = server.snapshot(&path, &App::all_scopes()).expect("snapshot");
        let truth = dump_of(server);
        assert_eq!(snapshot.rows, i64::try_from(truth.lines().count()).expect("rows"));
        drop(App::open(&new, Mode::Create, clock()).expect("books"));
        assert_eq!(made_of(&path), made_of(&new));

        let device = App::open(&path, Mode::Write, clock()).expect("books");
        assert!(dump_of(&device) == truth, "the same rows");
        search_follows(&device);
        assert_eq!((found(&device, &format!("ann {MANY}")), found(&device, "n77 leeds"), found(&device, "nobody")), (1, 111, 0));
        device.storage().write(|tx| tx.raw("UPDATE party SET name = 'Berta' WHERE code = 'N20100'")).expect("renamed");
        assert_eq!((found(&device, &format!("ann {MANY}")), found(&device, "berta")), (0, 1), "the index follows its rows");
        search_follows(&device);
    });
}
