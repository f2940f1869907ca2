//! What a program without a core would do: prepared statements, one transaction, one sync.

use std::path::Path;
use std::sync::Arc;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::Outcome;

/// A statement with its values.
pub struct Step {
    /// The statement.
    pub sql: Arc<str>,
    /// Its parameters.
    pub values: Vec<Value>,
}

/// A connection set up like the program's own.
pub struct Bare {
    conn: Connection,
}

impl Bare {
    /// Opens the books at `path`.
    pub fn open(path: &Path) -> Outcome<Self> {
        let conn = Connection::open(path)?;
        conn.set_prepared_statement_cache_capacity(512);
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768; \
             PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF",
        )?;
        // The guards of posted rows and the copies that search reads ask for these.
        daybook_core::db::spelling::register(&conn)?;
        conn.create_scalar_function("daybook_replaying", 0, FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS, |_| Ok(0))?;
        Ok(Bare { conn })
    }
    /// Runs the steps in one durable transaction.
    pub fn write(&mut self, steps: &[Step]) -> rusqlite::Result<()> {
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        for step in steps {
            self.conn.prepare_cached(&step.sql)?.execute(params_from_iter(&step.values))?;
        }
        self.conn.execute_batch("COMMIT")
    }
}
