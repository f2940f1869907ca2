//! Whole tables into new books, as fast as the disk. From another books file SQLite moves the records and their
//! indexes as they are, since both files have the same schema, and the search indexes go along instead of
//! being built anew. From a database that is no file come rows, and the indexes are built when all are there.

#[cfg(feature = "postgres")]
use std::collections::HashSet;
use std::path::Path;

use rusqlite::Connection;
#[cfg(feature = "postgres")]
use rusqlite::params_from_iter;

use super::spelling;
use super::sqlite::Books;
use super::stmt::sqlite_error;
use crate::shared::error::{Error, Result};
#[cfg(feature = "postgres")]
use crate::shared::value::Val;

/// A copy that is being made. Of a file it sees the state in which it began, whoever writes there meanwhile.
pub struct TableCopy {
    conn: Connection,
    /// What is made again at the end.
    later: Vec<String>,
    attached: bool,
}

/// The tables in which FTS5 keeps the index `<name>_fts` of what lies in `<name>_search`, and its words.
const SEARCH: [&str; 6] = ["_search", "_cut", "_fts_data", "_fts_idx", "_fts_docsize", "_fts_config"];
/// Triggers would have every row visited.
const TRIGGERS: &str = "SELECT type, name, sql FROM main.sqlite_schema WHERE type = 'trigger'";
/// Rows that come in the order of another key would have every index searched.
#[cfg(feature = "postgres")]
const TRIGGERS_AND_INDEXES: &str = "SELECT type, name, sql FROM main.sqlite_schema WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY type";
/// While an index is built, FTS5 gathers so many bytes of entries before it writes them, and merges parts of the
/// index only when there are too many …
#[cfg(feature = "postgres")]
const BOLD: (i64, i64) = (2 << 20, 0);
/// … which it does earlier and oftener by itself.
#[cfg(feature = "postgres")]
const USUAL: (i64, i64) = (1 << 20, 4);

impl TableCopy {
    /// Begins a copy of `source` into new, empty books that nobody has open.
    pub fn begin(target: &Path, source: &Books) -> Result<Self> {
        let conn = open(target)?;
        conn.execute("ATTACH ?1 AS source", [path_text(source.path())?]).map_err(sqlite_error)?;
        let later = without(&conn, TRIGGERS)?;
        conn.query_row("SELECT count(*) FROM source.sqlite_schema", [], |row| row.get::<_, i64>(0)).map_err(sqlite_error)?;
        Ok(TableCopy { conn, later, attached: true })
    }
    /// Begins a copy of rows into new, empty books that nobody has open.
    #[cfg(feature = "postgres")]
    pub fn begin_of_rows(target: &Path) -> Result<Self> {
        let conn = open(target)?;
        let later = without(&conn, TRIGGERS_AND_INDEXES)?;
        Ok(TableCopy { conn, later, attached: false })
    }
    /// Copies a table; how many rows it has.
    pub fn table(&self, name: &str) -> Result<i64> {
        let moved = self.conn.execute(&format!("INSERT INTO main.{name} SELECT * FROM source.{name}"), []).map_err(sqlite_error)?;
        i64::try_from(moved).map_err(|e| Error::internal("db.statement").caused_by(e))
    }
    /// Copies the search index over a table, if there is one.
    pub fn search(&self, table: &str) -> Result<()> {
        let there = "SELECT count(*) FROM source.sqlite_schema WHERE name = ?1";
        for kept in SEARCH.map(|end| format!("{table}{end}")) {
            if self.conn.query_row(there, [&kept], |row| row.get::<_, i64>(0)).map_err(sqlite_error)? > 0 {
                self.conn.execute_batch(&format!("DELETE FROM main.{kept}")).map_err(sqlite_error)?;
                self.table(&kept)?;
            }
        }
        Ok(())
    }
    /// Puts rows into a table.
    #[cfg(feature = "postgres")]
    pub fn rows(&self, table: &str, columns: &[&str], rows: &[Vec<Val>]) -> Result<()> {
        let quoted: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let marks: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let sql = format!("INSERT INTO main.{table} ({}) VALUES ({})", quoted.join(", "), marks.join(", "));
        let mut statement = self.conn.prepare_cached(&sql).map_err(sqlite_error)?;
        for row in rows {
            statement.execute(params_from_iter(row)).map_err(sqlite_error)?;
        }
        Ok(())
    }
    /// Builds the search index over a table whose rows are there: of what its view `<table>_searched` says, in the
    /// order of the ids, which is that of their making.
    #[cfg(feature = "postgres")]
    pub fn build_search(&self, table: &str) -> Result<()> {
        let gathers = |(bytes, merge): (i64, i64)| {
            let set = |name: &str, value: i64| format!("INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('{name}', {value});");
            set("hashsize", bytes) + &set("automerge", merge)
        };
        let fill = format!("INSERT INTO {table}_search (id, text) SELECT id, text FROM {table}_searched ORDER BY id;");
        let build = format!("INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild');");
        self.conn.execute_batch(&[fill, gathers(BOLD), build, gathers(USUAL)].concat()).map_err(sqlite_error)?;
        self.build_words(table)
    }
    /// Puts the words of what is searched into `<table>_cut` (0036), each once.
    #[cfg(feature = "postgres")]
    fn build_words(&self, table: &str) -> Result<()> {
        let mut words: HashSet<String> = HashSet::new();
        let mut texts = self.conn.prepare(&format!("SELECT text FROM {table}_search")).map_err(sqlite_error)?;
        let mut rows = texts.query([]).map_err(sqlite_error)?;
        while let Some(row) = rows.next().map_err(sqlite_error)? {
            let text = row.get_ref(0).map_err(sqlite_error)?.as_str().map_err(|e| sqlite_error(e.into()))?;
            words.extend(spelling::words(text).filter(|word| spelling::has_letters_only(word)));
        }
        let mut all: Vec<(String, &String)> = words.iter().flat_map(|word| spelling::cuts(word).into_iter().map(move |cut| (cut, word))).collect();
        all.sort_unstable();
        let mut put = self.conn.prepare(&format!("INSERT OR IGNORE INTO {table}_cut (cut, word) VALUES (?1, ?2)")).map_err(sqlite_error)?;
        all.iter().try_for_each(|row| put.execute(rusqlite::params![row.0, row.1]).map(drop)).map_err(sqlite_error)
    }
    /// Ends the copy: the books can be opened.
    pub fn finish(self) -> Result<()> {
        for made in &self.later {
            self.conn.execute_batch(made).map_err(sqlite_error)?;
        }
        let detach = if self.attached { "DETACH source;" } else { "" };
        self.conn.execute_batch(&format!("COMMIT; {detach} PRAGMA journal_mode = WAL")).map_err(sqlite_error)?;
        self.conn.close().map_err(|(_, error)| sqlite_error(error))
    }
}

/// Opens new books without anything that protects them: a half-made copy is thrown away, so nothing has to
/// survive a crash.
fn open(target: &Path) -> Result<Connection> {
    let conn = Connection::open(target).map_err(sqlite_error)?;
    spelling::register(&conn)?;
    conn.execute_batch("PRAGMA main.journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536")
        .map_err(sqlite_error)?;
    Ok(conn)
}

/// Begins, and drops what the statement `listed` names; the SQL that makes it again.
fn without(conn: &Connection, listed: &str) -> Result<Vec<String>> {
    conn.execute_batch("BEGIN").map_err(sqlite_error)?;
    let found: Vec<(String, String, String)> = {
        let mut known = conn.prepare(listed).map_err(sqlite_error)?;
        let rows = known.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(sqlite_error)?;
        rows.collect::<rusqlite::Result<_>>().map_err(sqlite_error)?
    };
    for (kind, name, _) in &found {
        conn.execute_batch(&format!("DROP {kind} main.{name}")).map_err(sqlite_error)?;
    }
    Ok(found.into_iter().map(|(_, _, sql)| sql).collect())
}

fn path_text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Error::invalid("disk.failed").arg("what", path.display()))
}
