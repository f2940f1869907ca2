//! What of the difference is the database's own: the same rounds of bare commits, without server, HTTP or core.
//! A commit writes a small row into each of so many tables as a change of a contact touches pages.

use std::time::Instant;

use postgres::{Client, NoTls};
use rusqlite::Connection;

use super::rounds::{Rounds, rounds_of};
use super::run as drive;
use crate::Outcome;
use crate::place::Place as Folder;
use crate::table::Table;

/// One firm alone and those in turn.
const PLACES: usize = 151;
/// How many tables a commit writes to.
const TABLES: usize = 20;
/// What a row says.
const WORDS: [u8; 100] = [7; 100];

/// Adds the row of a kind of place.
pub fn run(kind: &str, url: Option<&str>, folder: &Folder, table: &mut Table) -> Outcome<()> {
    match url {
        None => {
            files(folder, 0)?.tell(&format!("{kind}: a bare commit"), table);
            files(folder, FILLED)?.tell(&format!("{kind}: a bare commit, the log as long as it becomes"), table);
        }
        Some(url) => schemas(url)?.tell(&format!("{kind}: a bare commit"), table),
    }
    Ok(())
}

/// After so many commits the log (WAL) was folded into its file; it is written from its beginning again then and grows no
/// more.
const FILLED: usize = 60;

/// A file each, open, with its statements prepared, after `before` commits.
fn files(folder: &Folder, before: usize) -> Outcome<Rounds> {
    let open = |n| {
        let conn = Connection::open(folder.file(&format!("bare-{before}-{n}.db")))?;
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768")?;
        (0..TABLES).try_for_each(|t| conn.execute_batch(&format!("CREATE TABLE t{t} (n INTEGER PRIMARY KEY, words BLOB)")))?;
        conn.set_prepared_statement_cache_capacity(TABLES);
        (0..before).try_for_each(|_| commit(&conn))?;
        conn.execute_batch("PRAGMA synchronous = FULL")?;
        Ok(conn)
    };
    let conns = (0..PLACES).map(open).collect::<rusqlite::Result<Vec<Connection>>>()?;
    drive(rounds_of(std::process::id(), PLACES, async |who, _| {
        let conn = &conns[who];
        let began = Instant::now();
        conn.execute_batch("BEGIN IMMEDIATE")?;
        (0..TABLES).try_for_each(|t| conn.prepare_cached(&insert(t))?.execute([WORDS]).map(drop))?;
        conn.execute_batch("COMMIT")?;
        Ok(began.elapsed())
    }))
}

fn commit(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    (0..TABLES).try_for_each(|t| conn.prepare_cached(&insert(t))?.execute([WORDS]).map(drop))?;
    conn.execute_batch("COMMIT")
}

/// A schema each behind one connection with prepared statements, which are planned again for each schema.
fn schemas(url: &str) -> Outcome<Rounds> {
    let mut client = Client::connect(url, NoTls)?;
    for n in 0..PLACES {
        client.batch_execute(&format!("CREATE SCHEMA bare_{n}; SET search_path TO bare_{n}"))?;
        (0..TABLES).try_for_each(|t| client.batch_execute(&format!("CREATE TABLE t{t} (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words BYTEA)")))?;
    }
    let statements = (0..TABLES).map(|t| client.prepare(&insert(t).replace('?', "$1"))).collect::<Result<Vec<_>, _>>()?;
    let outcome = std::thread::spawn(move || {
        drive(rounds_of(std::process::id(), PLACES, async |who, _| {
            let began = Instant::now();
            tokio::task::block_in_place(|| {
                client.batch_execute(&format!("BEGIN; SET LOCAL search_path TO bare_{who}"))?;
                statements.iter().try_for_each(|statement| client.execute(statement, &[&WORDS.as_slice()]).map(drop))?;
                client.batch_execute("COMMIT")
            })?;
            Ok(began.elapsed())
        }))
        .map_err(|error| error.to_string())
    });
    Ok(outcome.join().map_err(|_| "the thread panicked")??)
}

fn insert(table: usize) -> String {
    format!("INSERT INTO t{table} (words) VALUES (?)")
}
