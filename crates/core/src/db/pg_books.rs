//! One tenant's schema on a PostgreSQL server: every transaction is `BEGIN; SET LOCAL …` on a pooled
//! connection, as the tenant's own role.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use super::behind::Behind;
use super::memo::Memo;
use super::migrate;
use super::pg::PgConn;
use super::pg_tx::PgTx;
use super::pool::{Borrowed, PgPool};
use super::tx::Tx;
use crate::planted::{self, Defect};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::FromRow;

/// Schemas and roles of tenants carry this before the tenant's name.
const PREFIX: &str = "daybook_";
/// PostgreSQL cuts names longer than 63 bytes.
const NAME_MAX: usize = 63;

/// Limits that hold in every transaction but migrations: a lock waits 5 s, a statement runs 30 s, an
/// idle transaction lives 60 s.
const LIMITS: &str = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";
/// Limits of a migration: it may take as long as it takes, but waits for nobody long.
const MIGRATION_LIMITS: &str = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

/// The books of one tenant in a schema of its own.
pub struct PgBooks {
    pool: Arc<PgPool>,
    schema: String,
    scope: String,
    lock: String,
    writing: Mutex<Kept>,
}

/// What a writer leaves to the next one: what it read, and the newest entry of that moment.
#[derive(Default)]
struct Kept {
    head: Head,
    rows: Behind,
    memo: Memo,
}

/// Place and hash of the newest entry. Rows of the domain change with an entry only.
type Head = (i64, Vec<u8>);

impl PgBooks {
    /// The books of `tenant`, brought up to date. `tenant.unknown` when there are none.
    pub fn open(pool: Arc<PgPool>, tenant: &str) -> Result<Self> {
        let books = Self::at(pool, tenant)?;
        books.transaction(&books.writing_as("BEGIN", MIGRATION_LIMITS), true, "COMMIT", migrate::apply)?;
        books.read(migrate::check_hashes)?;
        Ok(books)
    }
    /// Makes the books of `tenant` in its empty schema as the program made them whose newest migration was
    /// `schema`. For tests of what becomes of older books.
    #[doc(hidden)]
    pub fn create_older(pool: Arc<PgPool>, tenant: &str, schema: i64) -> Result<()> {
        let books = Self::at(pool, tenant)?;
        books.transaction(&books.writing_as("BEGIN", MIGRATION_LIMITS), true, "COMMIT", |tx| migrate::apply_until(tx, schema))
    }
    /// The books of `tenant` without a look at their schema.
    fn at(pool: Arc<PgPool>, tenant: &str) -> Result<Self> {
        let schema = schema_of(tenant)?;
        let scope = format!("SET LOCAL ROLE \"{schema}\"; SET LOCAL search_path TO \"{schema}\"");
        let key = i64::from_be_bytes(first_eight(blake3::hash(schema.as_bytes()).as_bytes()));
        Ok(PgBooks { pool, schema, scope, lock: format!("SELECT pg_advisory_xact_lock({key})"), writing: Mutex::default() })
    }
    /// Runs `work` in one write transaction under the tenant's lock; commits when it succeeds, rolls
    /// back when it fails. Writers of one tenant follow each other, in this program and in others.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        if planted::has(Defect::SequenceCursor) {
            return self.transaction(&format!("BEGIN; {}; {LIMITS}", self.scope), true, "COMMIT", work);
        }
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.transaction(&self.writing_as("BEGIN", LIMITS), true, "COMMIT", work)
    }
    /// The same, written behind: rows that were read before are not read again, and what is written goes out
    /// together. Whatever the database refuses then, `work` runs again a statement at a time, so that it
    /// hears of it where it happens. `work` must do the same each time.
    pub fn write_behind<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        if planted::has(Defect::SequenceCursor) {
            return self.write(work);
        }
        let mut kept = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *kept);
        self.pool.release(before.rows.len());
        if let Some((value, after)) = self.behind(before, &mut work)? {
            if self.pool.reserve(after.rows.len()) {
                *kept = after;
            }
            return Ok(value);
        }
        self.transaction(&self.writing_as("BEGIN", LIMITS), true, "COMMIT", work)
    }
    /// `None` when the database refused something too late.
    fn behind<T>(&self, kept: Kept, work: &mut impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<Option<(T, Kept)>> {
        let mut borrowed = self.begun(&self.writing_as("BEGIN", LIMITS))?;
        let conn = borrowed.conn()?;
        let catalog = self.pool.catalog(conn)?;
        let known = if kept.head == head(conn)? { kept } else { Kept::default() };
        let mut tx = Tx::pg(PgTx::behind(conn, known.rows, catalog), known.memo, true);
        let outcome = work(&mut tx);
        let (pg, memo) = tx.into_pg();
        let mut pg = pg.ok_or_else(|| Error::internal("server.connection"))?;
        let outcome = outcome.and_then(|value| pg.write_out().map(|()| value));
        let (late, rows) = (pg.is_late(), pg.into_rows());
        if late && outcome.as_ref().err().is_none_or(|error| !matches!(error.kind(), Kind::Storage | Kind::Busy)) {
            return conn.end("ROLLBACK").map(|()| None);
        }
        let ended = outcome.and_then(|value| {
            let head = head(conn)?;
            conn.end("COMMIT").map(|()| Some((value, Kept { head, rows, memo })))
        });
        if ended.is_err() {
            let _ = conn.end("ROLLBACK");
        }
        ended
    }
    /// Runs `work` in a write transaction that is always rolled back.
    pub fn rehearse<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.transaction(&self.writing_as("BEGIN", LIMITS), true, "ROLLBACK", work)
    }
    /// Runs `work` on a consistent state.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {}; {LIMITS}", self.scope);
        self.transaction(&begin, false, "COMMIT", work)
    }

    fn writing_as(&self, begin: &str, limits: &str) -> String {
        format!("{begin}; {}; {limits}; {}", self.scope, self.lock)
    }
    fn transaction<T>(&self, begin: &str, writable: bool, end: &str, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut borrowed = self.begun(begin)?;
        let conn = borrowed.conn()?;
        match work(&mut Tx::pg(PgTx::new(conn), Memo::default(), writable)) {
            Ok(value) => conn.end(end).map(|()| value),
            Err(error) => {
                let _ = conn.end("ROLLBACK");
                Err(error)
            }
        }
    }
    /// A connection within a new transaction. One that broke while it lay idle (the server was started
    /// anew) is replaced.
    fn begun(&self, begin: &str) -> Result<Borrowed<'_>> {
        loop {
            let mut borrowed = self.pool.borrow(&self.schema)?;
            let Err(error) = borrowed.conn()?.begin(&self.schema, begin) else {
                return Ok(borrowed);
            };
            let stale = error.code() == "server.unreachable" && !borrowed.is_fresh();
            let _ = borrowed.conn()?.end("ROLLBACK");
            if !stale {
                return Err(error);
            }
        }
    }
}

impl Drop for PgBooks {
    fn drop(&mut self) {
        let kept = self.writing.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.pool.release(kept.rows.len());
    }
}

/// The tenants of a server.
impl PgPool {
    /// The names of all tenants, sorted.
    pub fn tenants(&self) -> Result<Vec<String>> {
        let mut borrowed = self.borrow("")?;
        let rows =
            borrowed.conn()?.query("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'daybook\\_%' ORDER BY nspname::text COLLATE \"C\"", &[])?;
        let named = |row: Vec<crate::shared::Val>| match row.into_iter().next() {
            Some(crate::shared::Val::Text(name)) => name.strip_prefix(PREFIX).map(str::to_owned),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(named).collect())
    }
    /// Whether there is such a tenant.
    pub fn has_tenant(&self, tenant: &str) -> Result<bool> {
        let name = schema_of(tenant)?;
        let mut borrowed = self.borrow("")?;
        let found = borrowed.conn()?.query("SELECT 1 FROM pg_namespace WHERE nspname = ?1", crate::vals![name])?;
        Ok(!found.is_empty())
    }
    /// Makes the schema and the role of a tenant. The role cannot sign in and sees its own schema only;
    /// who signs in to serve may take the role, and should have no other rights (`NOINHERIT`).
    pub fn add_tenant(&self, tenant: &str) -> Result<()> {
        let name = schema_of(tenant)?;
        if self.has_tenant(tenant)? {
            return Err(Error::new(Kind::Conflict, "tenant.exists").arg("tenant", tenant));
        }
        let made = format!(
            "BEGIN; CREATE ROLE \"{name}\" NOLOGIN NOINHERIT; GRANT \"{name}\" TO CURRENT_USER; \
             CREATE SCHEMA \"{name}\" AUTHORIZATION \"{name}\"; COMMIT"
        );
        self.administer(&made)
    }
    /// Deletes a tenant with everything in it.
    pub fn drop_tenant(&self, tenant: &str) -> Result<()> {
        let name = schema_of(tenant)?;
        if !self.has_tenant(tenant)? {
            return Err(Error::new(Kind::NotFound, "tenant.unknown").arg("tenant", tenant));
        }
        let mut dropped = String::from("BEGIN; SET LOCAL lock_timeout = '10s'; SET LOCAL client_min_messages TO warning; ");
        let _ = write!(dropped, "SET LOCAL ROLE \"{name}\"; DROP SCHEMA \"{name}\" CASCADE; RESET ROLE; DROP ROLE \"{name}\"; COMMIT");
        self.administer(&dropped)
    }
    /// What every idle connection would let its next borrower see, outside any transaction: search path,
    /// role, statement timeout. For tests of what leaks.
    #[doc(hidden)]
    pub fn settings(&self) -> Result<Vec<(String, String, String)>> {
        let sql = "SELECT current_setting('search_path'), current_setting('role'), current_setting('statement_timeout')";
        let mut borrowed: Vec<Borrowed<'_>> = (0..self.usage().idle).map(|_| self.borrow("")).collect::<Result<_>>()?;
        let mut seen = Vec::new();
        for loan in &mut borrowed {
            let cells = loan.conn()?.query(sql, &[])?.into_iter().next().unwrap_or_default();
            seen.push(FromRow::from_row(&mut cells.into_iter())?);
        }
        Ok(seen)
    }
    /// Whether the server answers.
    pub fn ping(&self) -> Result<()> {
        self.borrow("")?.conn()?.query("SELECT 1", &[]).map(drop)
    }

    fn administer(&self, statements: &str) -> Result<()> {
        let mut borrowed = self.borrow("")?;
        let conn = borrowed.conn()?;
        let outcome = conn.batch(statements);
        if outcome.is_err() {
            let _ = conn.batch("ROLLBACK");
        }
        outcome
    }
}

fn head(conn: &mut PgConn) -> Result<Head> {
    let row = conn.query("SELECT pos, hash FROM daybook ORDER BY pos DESC LIMIT 1", &[])?.into_iter().next();
    row.map(|row| FromRow::from_row(&mut row.into_iter())).transpose().map(Option::unwrap_or_default)
}

/// The schema of a tenant, which is its role's name too.
fn schema_of(tenant: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let name = format!("{PREFIX}{tenant}");
    if tenant.is_empty() || !tenant.chars().all(plain) || name.len() > NAME_MAX {
        return Err(Error::invalid("tenant.name").arg("tenant", tenant));
    }
    Ok(name)
}

fn first_eight(hash: &[u8; 32]) -> [u8; 8] {
    let mut eight = [0; 8];
    for (to, from) in eight.iter_mut().zip(hash) {
        *to = *from;
    }
    eight
}
