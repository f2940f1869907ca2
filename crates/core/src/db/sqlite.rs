//! Books as one SQLite file: durable (WAL, `synchronous=FULL`), exclusive (one writer, advisory
//! lock), migrated only after a verified backup, readable on pooled read-only connections.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};

use super::absent::{Absent, Gate};
use super::lock::BooksLock;
use super::memo::Memo;
use super::migrate;
use super::stmt::sqlite_error;
use super::tx::Tx;
use crate::shared::error::{Error, Kind, Result};

/// Marks a file as Daybook books ("DBK1" in SQLite's `application_id`).
const APPLICATION_ID: i64 = 0x4442_4b31;
/// Older SQLite versions can corrupt a file when the log is reset (fixed in 3.51.3).
const OLDEST_SQLITE: i32 = 3_051_003;

/// So many reading connections are kept for the next ones who ask; each may hold a cache of pages.
const READERS_KEPT: usize = 8;

/// How to open books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Make a new file; `books.exists` when there is one.
    Create,
    /// Open for reading and writing.
    Write,
    /// Open for reading only; needs no lock and migrates nothing.
    Read,
}

/// The one connection that writes, and what it knows without asking again.
struct Writer {
    conn: Connection,
    memo: Memo,
}

/// An open books file.
pub struct Books {
    path: PathBuf,
    // Readers close before the writer: the last to close folds the log into the file, and only one that
    // may write can.
    readers: Mutex<Vec<Connection>>,
    writer: Option<Mutex<Writer>>,
    replaying: Arc<AtomicBool>,
    gate: Gate,
    _lock: Option<BooksLock>,
}

impl Books {
    /// Opens the books at `path`. Every refusal is a typed error and leaves the file untouched.
    pub fn open(path: &Path, mode: Mode) -> Result<Self> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(Error::internal("books.sqlite_version").arg("version", rusqlite::version()));
        }
        check_file(path, mode)?;
        let lock = if mode == Mode::Read { None } else { Some(BooksLock::take(path)?) };
        let replaying = Arc::new(AtomicBool::new(false));
        let books = Books { path: path.to_owned(), writer: None, readers: Mutex::default(), replaying, gate: Gate::default(), _lock: lock };
        match mode {
            Mode::Read => books.check_known().map(|()| books),
            Mode::Create | Mode::Write => books.with_writer(mode),
        }
    }
    /// Makes new books as the program made them whose newest migration was `schema`. For tests of
    /// what becomes of older books.
    #[doc(hidden)]
    pub fn create_older(path: &Path, schema: i64) -> Result<()> {
        check_file(path, Mode::Create)?;
        let books = Books { path: path.to_owned(), writer: None, readers: Mutex::default(), replaying: Arc::default(), gate: Gate::default(), _lock: None };
        let writer = Mutex::new(Writer { conn: books.connect(false)?, memo: Memo::default() });
        Books { writer: Some(writer), ..books }.write(|tx| migrate::apply_until(tx, schema))
    }

    /// Runs `work` in one write transaction on books that another program may have open: for kernel tables
    /// that no program keeps in memory (who may come in). `books.older` when they must be brought up to
    /// date first.
    pub fn write_beside<T>(path: &Path, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        check_file(path, Mode::Write)?;
        let books = Books { path: path.to_owned(), writer: None, readers: Mutex::default(), replaying: Arc::default(), gate: Gate::default(), _lock: None };
        books.check_known()?;
        let writer = Mutex::new(Writer { conn: books.connect(false)?, memo: Memo::default() });
        Books { writer: Some(writer), ..books }.write(work)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
    /// Whether this program may write.
    pub fn writable(&self) -> bool {
        self.writer.is_some()
    }

    /// Runs `work` in one write transaction; commits when it succeeds, rolls back when it fails.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.write_on(&mut *self.lock_writer()?, work)
    }
    fn write_on<T>(&self, writer: &mut Writer, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let memo = std::mem::take(&mut writer.memo);
        writer.conn.execute_batch("BEGIN IMMEDIATE").map_err(sqlite_error)?;
        let mut tx = Tx::writer(&writer.conn, memo, &self.gate);
        let outcome = work(&mut tx).and_then(|value| tx.drop_aside().map(|()| value));
        let memo = tx.into_memo();
        match outcome {
            Ok(value) => {
                commit(&writer.conn)?;
                writer.memo = memo;
                Ok(value)
            }
            Err(error) => {
                let _ = writer.conn.execute_batch("ROLLBACK");
                Err(error)
            }
        }
    }
    /// Runs `work` in a write transaction that is always rolled back: what would happen.
    pub fn rehearse<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let writer = self.lock_writer()?;
        writer.conn.execute_batch("BEGIN IMMEDIATE").map_err(sqlite_error)?;
        let outcome = work(&mut Tx::sqlite(&writer.conn, true, &self.gate));
        let _ = writer.conn.execute_batch("ROLLBACK");
        outcome
    }
    /// Runs `work` on a consistent state of the committed books.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let absent = self.gate.absent();
        let pooled = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match pooled {
            Some(conn) => conn,
            None => self.connect(true)?,
        };
        conn.execute_batch("BEGIN").map_err(sqlite_error)?;
        let outcome = work(&mut Tx::sqlite(&conn, false, &self.gate));
        if conn.execute_batch("ROLLBACK").is_ok() && self.gate.absent() == absent {
            let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < READERS_KEPT {
                readers.push(conn);
            }
        }
        outcome
    }
    /// Runs `work` in a write transaction in which posted rows may change: undo and the feed only. SQLite does
    /// not look at foreign keys meanwhile: it would search every table that may point to a row that goes, and
    /// one broken entry would stop all others at the commit. [`Tx::check_links`] looks at what runs again; the
    /// rows of the feed are the server's, which looked at them.
    pub(crate) fn replay<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let mut writer = self.lock_writer()?;
        writer.conn.execute_batch("PRAGMA foreign_keys = OFF").map_err(sqlite_error)?;
        self.replaying.store(true, Ordering::SeqCst);
        let outcome = self.write_on(&mut writer, |tx| {
            tx.open_links();
            work(tx)
        });
        self.replaying.store(false, Ordering::SeqCst);
        guard_links(&writer.conn, &self.gate.absent())?;
        outcome
    }
    /// Runs `work` while nobody writes: what it begins to read is one state.
    pub(crate) fn paused<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let _turn = self.lock_writer()?;
        work()
    }

    fn with_writer(mut self, mode: Mode) -> Result<Self> {
        let conn = self.connect(false)?;
        if mode == Mode::Write {
            self.backup_before_migration(&conn)?;
        }
        self.writer = Some(Mutex::new(Writer { conn, memo: Memo::default() }));
        self.write(migrate::apply)?;
        self.read(migrate::check_hashes)?;
        Ok(self)
    }

    /// Books that a newer Daybook wrote are refused, books that an older one wrote are migrated by
    /// whoever opens them for writing.
    fn check_known(&self) -> Result<()> {
        let have = self.read(migrate::schema_of)?;
        let known = migrate::newest_known();
        if have > known {
            return Err(Error::new(Kind::Incompatible, "books.newer").arg("theirs", have).arg("ours", known));
        }
        if have < known {
            return Err(Error::new(Kind::Incompatible, "books.older").arg("theirs", have).arg("ours", known));
        }
        Ok(())
    }

    fn backup_before_migration(&self, conn: &Connection) -> Result<()> {
        let have = migrate::schema_of(&mut Tx::sqlite(conn, false, &self.gate))?;
        if have == 0 || have >= migrate::newest_known() {
            return Ok(());
        }
        let target = self.before_migration(migrate::newest_known());
        if target.exists() {
            return Ok(());
        }
        copy_verified(conn, &target)
    }

    fn connect(&self, read_only: bool) -> Result<Connection> {
        let access = if read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE };
        let mut conn = Connection::open_with_flags(&self.path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(sqlite_error)?;
        conn.set_prepared_statement_cache_capacity(512);
        // A plan once made stays: otherwise statements whose best plan might depend on a value are planned
        // again at every new value, which costs more than the statements themselves.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(sqlite_error)?;
        conn.busy_timeout(std::time::Duration::from_secs(5)).map_err(sqlite_error)?;
        if !read_only {
            prepare_file(&conn)?;
        }
        conn.execute_batch("PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF")
            .map_err(sqlite_error)?;
        guard_links(&conn, &self.gate.absent())?;
        self.gate.guard(&mut conn)?;
        if read_only {
            conn.execute_batch("PRAGMA query_only = ON").map_err(sqlite_error)?;
        }
        self.register_functions(&conn)?;
        Ok(conn)
    }

    /// What only Daybook's own connections know: the words of search, and `daybook_replaying()`: known to Daybook's own connections only, so that any other program is
    /// refused by the guards of posted rows.
    fn register_functions(&self, conn: &Connection) -> Result<()> {
        super::spelling::register(conn)?;
        let replaying = Arc::clone(&self.replaying);
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
        conn.create_scalar_function("daybook_replaying", 0, flags, move |_| Ok(i64::from(replaying.load(Ordering::SeqCst)))).map_err(sqlite_error)
    }

    fn lock_writer(&self) -> Result<MutexGuard<'_, Writer>> {
        let writer = self.writer.as_ref().ok_or_else(|| Error::new(Kind::Storage, "books.opened_read_only"))?;
        let writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        // A panic outside of any command left its transaction behind.
        if !writer.conn.is_autocommit() {
            writer.conn.execute_batch("ROLLBACK").map_err(sqlite_error)?;
            self.replaying.store(false, Ordering::SeqCst);
            guard_links(&writer.conn, &self.gate.absent())?;
        }
        Ok(writer)
    }
}

/// SQLite checks foreign keys where everything is held. Elsewhere rows may point to rows that only the server
/// has ([`Tx::check_links`] looks at the others), and what is deleted is overwritten, so that nothing given
/// up stays in the file.
fn guard_links(conn: &Connection, absent: &Absent) -> Result<()> {
    let (links, overwrite) = if absent.is_empty() { ("ON", "OFF") } else { ("OFF", "ON") };
    conn.execute_batch(&format!("PRAGMA foreign_keys = {links}; PRAGMA secure_delete = {overwrite}")).map_err(sqlite_error)
}

/// An error of COMMIT means "unknown": the entry may be durable. The same command id tried again
/// tells, because it either replays or runs.
fn commit(conn: &Connection) -> Result<()> {
    conn.execute_batch("COMMIT").map_err(|e| {
        let _ = conn.execute_batch("ROLLBACK");
        sqlite_error(e)
    })
}

fn prepare_file(conn: &Connection) -> Result<()> {
    let pragma = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(sqlite_error);
    if pragma("PRAGMA application_id")? == 0 && pragma("SELECT count(*) FROM sqlite_schema")? == 0 {
        conn.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID}")).map_err(sqlite_error)?;
    }
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").map_err(sqlite_error)
}

/// Looks at the file before SQLite does: missing, empty, text, of another program, read-only.
fn check_file(path: &Path, mode: Mode) -> Result<()> {
    let named = |error: Error| error.arg("books", path.display());
    let found = match std::fs::metadata(path) {
        Ok(found) => found,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && mode == Mode::Create => return Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(named(Error::new(Kind::NotFound, "books.missing"))),
        Err(e) => return Err(named(Error::new(Kind::Storage, "disk.failed").arg("what", path.display())).caused_by(e)),
    };
    if mode == Mode::Create {
        return Err(named(Error::new(Kind::Conflict, "books.exists")));
    }
    if found.is_dir() || found.len() == 0 {
        return Err(named(Error::new(Kind::Incompatible, if found.is_dir() { "books.not_books" } else { "books.empty" })));
    }
    let mut head = [0; 100];
    let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head));
    if let Err(e) = read {
        let kind = if e.kind() == std::io::ErrorKind::UnexpectedEof { Kind::Incompatible } else { Kind::Storage };
        let code = if kind == Kind::Storage { "disk.failed" } else { "books.not_books" };
        return Err(named(Error::new(kind, code).arg("what", path.display())).caused_by(e));
    }
    let application = head.get(68..72).and_then(|b| <[u8; 4]>::try_from(b).ok()).map(u32::from_be_bytes).unwrap_or_default();
    if !head.starts_with(b"SQLite format 3\0") {
        return Err(named(Error::new(Kind::Incompatible, "books.not_books")));
    }
    if i64::from(application) != APPLICATION_ID {
        return Err(named(Error::new(Kind::Incompatible, "books.other_program")));
    }
    if mode == Mode::Write && found.permissions().readonly() {
        return Err(named(Error::new(Kind::Storage, "disk.read_only").arg("what", path.display())));
    }
    Ok(())
}

/// Copies the books behind `conn` to `target` in one consistent step, and checks the copy.
pub fn copy_verified(conn: &Connection, target: &Path) -> Result<()> {
    let fresh = super::lock::beside(target, "part");
    let _ = std::fs::remove_file(&fresh);
    let outcome = copy(conn, &fresh);
    if let Err(error) = outcome {
        let _ = std::fs::remove_file(&fresh);
        return Err(error);
    }
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", target.display()).caused_by(e);
    std::fs::File::open(&fresh).and_then(|file| file.sync_all()).map_err(failed)?;
    std::fs::rename(&fresh, target).map_err(failed)
}

fn copy(conn: &Connection, target: &Path) -> Result<()> {
    let mut copy = Connection::open(target).map_err(sqlite_error)?;
    {
        let backup = rusqlite::backup::Backup::new(conn, &mut copy).map_err(sqlite_error)?;
        backup.step(-1).map_err(sqlite_error)?;
    }
    let verdict: String = copy.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(sqlite_error)?;
    if verdict == "ok" { Ok(()) } else { Err(Error::new(Kind::Corrupt, "books.damaged").arg("what", verdict)) }
}

impl Books {
    /// Writes a verified copy of the committed books to `target`.
    pub fn backup(&self, target: &Path) -> Result<()> {
        if target.exists() {
            return Err(Error::new(Kind::Conflict, "file.exists").arg("file", target.display()));
        }
        copy_verified(&self.connect(true)?, target)
    }
    /// Folds the log into the file, so that the file alone is the books.
    pub fn fold_log(&self) -> Result<()> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let conn = &self.lock_writer()?.conn;
        let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(sqlite_error)?;
        if busy == 0 { Ok(()) } else { Err(Error::new(Kind::Busy, "books.busy").arg("what", self.path.display())) }
    }
    /// Holds everything but `absent` from now on. The rows of those tables are the caller's: they are not
    /// removed here.
    pub(crate) fn leave_out(&self, absent: &Absent) -> Result<()> {
        self.gate.set(absent.clone());
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let Some(writer) = &self.writer else { return Ok(()) };
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.memo = Memo::default();
        writer.conn.flush_prepared_statement_cache();
        guard_links(&writer.conn, absent)
    }
    /// Writes the file anew without what was ever deleted in it, and removes the copies that migrations
    /// left beside it.
    pub(crate) fn scrub(&self) -> Result<()> {
        {
            let _turn = self.lock_writer()?;
            let conn = Connection::open(&self.path).map_err(sqlite_error)?;
            conn.execute_batch("PRAGMA secure_delete = ON; VACUUM").map_err(sqlite_error)?;
        }
        for schema in 1..=migrate::newest_known() {
            let _ = std::fs::remove_file(self.before_migration(schema));
        }
        self.fold_log()
    }
    fn before_migration(&self, schema: i64) -> PathBuf {
        super::lock::beside(&self.path, &format!("before-migration-{schema}"))
    }
    /// Lets the file grow no further than it is now: a quota, and the full disk of tests.
    pub fn limit_pages_to_current(&self) -> Result<()> {
        let conn = &self.lock_writer()?.conn;
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).map_err(sqlite_error)?;
        conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0)).map(drop).map_err(sqlite_error)
    }
}
