//! Connections to one PostgreSQL server, shared by all tenants. A connection carries no tenant: what
//! it may see is said anew in every transaction (`SET LOCAL`), so nothing can leak to the next borrower.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use postgres::{Config, NoTls};

use super::pg::{PgConn, SCHEMAS_MAX, pg_error};
use super::pg_catalog::Catalog;
use crate::shared::error::{Error, Kind, Result};

/// The longest a transaction waits for a connection.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// So many rows of all tenants together stay in memory between transactions; a row is some 300 bytes.
const ROWS_KEPT: usize = 200_000;

/// A pool of connections.
pub struct PgPool {
    config: Config,
    max: usize,
    state: Mutex<State>,
    returned: Condvar,
    catalog: OnceLock<Arc<Catalog>>,
    rows: AtomicUsize,
}

#[derive(Default)]
struct State {
    idle: VecDeque<PgConn>,
    open: usize,
    waiting: usize,
}

impl State {
    /// An idle connection for `schema`: one that knows it, or else the one that knows the fewest. None when that
    /// knows as many as it can and there may be more connections, up to `max`. Of equals the one used last: schemas
    /// without a place then do not visit every process of PostgreSQL in turn.
    fn take(&mut self, schema: &str, max: usize) -> Option<PgConn> {
        if let Some(knows) = self.idle.iter().position(|conn| conn.knows(schema)) {
            return self.idle.remove(knows);
        }
        let (place, fewest) = self.idle.iter().map(PgConn::known).enumerate().min_by_key(|(_, known)| *known)?;
        let lend = fewest < SCHEMAS_MAX || schema.is_empty() || self.open >= max;
        if lend { self.idle.remove(place) } else { None }
    }
}

/// How many connections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// Connected.
    pub open: usize,
    /// Connected and not in use.
    pub idle: usize,
    /// The most there may be.
    pub max: usize,
    /// Transactions that wait for one now.
    pub waiting: usize,
}

impl PgPool {
    /// A pool of at most `max` connections to the server that `url` names; connects when needed.
    /// `server.url` when the address cannot be read.
    pub fn new(url: &str, max: usize) -> Result<Arc<Self>> {
        let config: Config = url.parse().map_err(|e: postgres::Error| Error::invalid("server.url").caused_by(e))?;
        Ok(Arc::new(PgPool { config, max: max.max(1), state: Mutex::default(), returned: Condvar::new(), catalog: OnceLock::new(), rows: AtomicUsize::new(0) }))
    }
    /// How much of it is in use.
    pub fn usage(&self) -> PoolUse {
        let state = self.lock();
        PoolUse { open: state.open, idle: state.idle.len(), max: self.max, waiting: state.waiting }
    }

    /// How the server is reached.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }
    /// The catalogue of the schema that `conn` works in; all tenants have the same.
    pub(super) fn catalog(&self, conn: &mut PgConn) -> Result<Arc<Catalog>> {
        if let Some(known) = self.catalog.get() {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(Catalog::read(conn)?);
        Ok(Arc::clone(self.catalog.get_or_init(|| read)))
    }
    /// Whether so many rows may stay in memory for a tenant's next transaction.
    pub(super) fn reserve(&self, rows: usize) -> bool {
        let before = self.rows.fetch_add(rows, Ordering::Relaxed);
        if before + rows <= ROWS_KEPT {
            return true;
        }
        self.release(rows);
        false
    }
    /// Gives such rows up.
    pub(super) fn release(&self, rows: usize) {
        self.rows.fetch_sub(rows, Ordering::Relaxed);
    }

    /// A connection, preferably one that knows `schema`: its statements are planned for it.
    /// `server.pool` when none comes back in time.
    pub(super) fn borrow(&self, schema: &str) -> Result<Borrowed<'_>> {
        let mut state = self.lock();
        loop {
            if let Some(conn) = state.take(schema, self.max) {
                return Ok(Borrowed { pool: self, conn: Some(conn), fresh: false });
            }
            if state.open < self.max {
                state.open += 1;
                drop(state);
                return self.connect();
            }
            state.waiting += 1;
            let (woken, waited) = self.returned.wait_timeout(state, WAIT_MAX).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.waiting -= 1;
            if waited.timed_out() && state.idle.is_empty() {
                return Err(Error::new(Kind::Busy, "server.pool").arg("max", self.max));
            }
        }
    }
    fn connect(&self) -> Result<Borrowed<'_>> {
        match self.config.connect(NoTls) {
            Ok(client) => Ok(Borrowed { pool: self, conn: Some(PgConn::new(client)), fresh: true }),
            Err(e) => {
                self.give_back(None);
                Err(pg_error(e))
            }
        }
    }
    /// Takes a connection back, or notes that it is gone.
    fn give_back(&self, conn: Option<PgConn>) {
        let mut state = self.lock();
        match conn {
            Some(conn) => state.idle.push_front(conn),
            None => state.open = state.open.saturating_sub(1),
        }
        drop(state);
        self.returned.notify_one();
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan. One that is broken, or was left within a transaction, is closed instead of
/// given back.
pub(super) struct Borrowed<'p> {
    pool: &'p PgPool,
    conn: Option<PgConn>,
    fresh: bool,
}

impl Borrowed<'_> {
    /// Whether it was made for this loan.
    pub(super) fn is_fresh(&self) -> bool {
        self.fresh
    }
    /// The connection.
    pub(super) fn conn(&mut self) -> Result<&mut PgConn> {
        self.conn.as_mut().ok_or_else(|| Error::internal("server.connection"))
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        let sound = self.conn.take().filter(PgConn::is_sound);
        self.pool.give_back(sound);
    }
}
