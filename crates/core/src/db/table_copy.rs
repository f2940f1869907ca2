//! Whole tables from one books file into a new one, as fast as the disk: SQLite moves the records and their
//! indexes as they are, since both files have the same schema, and the search indexes go along instead of
//! being built anew.

use std::path::Path;

use rusqlite::Connection;

use super::sqlite::Books;
use super::stmt::sqlite_error;
use crate::shared::error::{Error, Result};

/// A copy that is being made. It sees the source as it was when it began, whoever writes there meanwhile.
pub struct TableCopy {
    conn: Connection,
    triggers: Vec<String>,
}

/// The tables in which FTS5 keeps the index `<name>_fts` of what lies in `<name>_search`.
const SEARCH: [&str; 5] = ["_search", "_fts_data", "_fts_idx", "_fts_docsize", "_fts_config"];

impl TableCopy {
    /// Begins a copy of `source` into new, empty books that nobody has open.
    pub fn begin(target: &Path, source: &Books) -> Result<Self> {
        let conn = Connection::open(target).map_err(sqlite_error)?;
        // A half-made copy is thrown away, so nothing has to survive a crash.
        conn.execute_batch("PRAGMA main.journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536")
            .map_err(sqlite_error)?;
        conn.execute("ATTACH ?1 AS source", [path_text(source.path())?]).map_err(sqlite_error)?;
        conn.execute_batch("BEGIN").map_err(sqlite_error)?;
        let triggers: Vec<(String, String)> = {
            let mut known = conn.prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'").map_err(sqlite_error)?;
            let rows = known.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(sqlite_error)?;
            rows.collect::<rusqlite::Result<_>>().map_err(sqlite_error)?
        };
        // Triggers would have every row visited.
        for (name, _) in &triggers {
            conn.execute_batch(&format!("DROP TRIGGER main.{name}")).map_err(sqlite_error)?;
        }
        conn.query_row("SELECT count(*) FROM source.sqlite_schema", [], |row| row.get::<_, i64>(0)).map_err(sqlite_error)?;
        Ok(TableCopy { conn, triggers: triggers.into_iter().map(|(_, sql)| sql).collect() })
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
    /// Ends the copy: the books can be opened.
    pub fn finish(self) -> Result<()> {
        for trigger in &self.triggers {
            self.conn.execute_batch(trigger).map_err(sqlite_error)?;
        }
        self.conn.execute_batch("COMMIT; DETACH source; PRAGMA journal_mode = WAL").map_err(sqlite_error)?;
        self.conn.close().map_err(|(_, error)| sqlite_error(error))
    }
}

fn path_text(path: &Path) -> Result<&str> {
    path.to_str().ok_or_else(|| Error::invalid("disk.failed").arg("what", path.display()))
}
