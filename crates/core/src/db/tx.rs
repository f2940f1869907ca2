//! A transaction over either database. Rows go in and out through the record door, fixed reads are
//! SQL text with `?1` parameters, cached by its text.

use std::sync::Arc;

use super::absent::{Absent, Gate};
use super::aside::Aside;
use super::changes::{Change, ChangeLog};
use super::links::Linked;
use super::memo::Memo;
use super::portable::Dialect;
use super::shape::Shape;
use super::{door, row_digest, stmt};
use crate::planted::{self, Defect};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::Record;
use crate::shared::value::{Column, FromRow, Val};

/// How long the lists of [`Tx::among`] are.
const LIST_SIZES: [usize; 4] = [1, 8, 64, LIST_MAX];
const LIST_MAX: usize = 512;
/// So many rows of a table are read at once.
const PART: usize = 10_000;

/// An open transaction. Dropping it without the storage's commit rolls back.
pub struct Tx<'c> {
    conn: Conn<'c>,
    log: ChangeLog,
    memo: Memo,
    writable: bool,
    absent: Absent,
    gate: Gate,
    unlinked: bool,
    /// Rows that other rows point to and that were found, since one was removed.
    linked: Linked,
    /// Rows that were taken back and still stand in their tables.
    pub(super) aside: Aside,
}

pub(super) enum Conn<'c> {
    Sqlite(&'c rusqlite::Connection),
    #[cfg(feature = "postgres")]
    Pg(super::pg_tx::PgTx<'c>),
}

impl<'c> Tx<'c> {
    pub(super) fn sqlite(conn: &'c rusqlite::Connection, writable: bool, gate: &Gate) -> Self {
        Tx {
            conn: Conn::Sqlite(conn),
            log: ChangeLog::default(),
            memo: Memo::default(),
            writable,
            absent: gate.absent(),
            gate: gate.clone(),
            unlinked: false,
            linked: Linked::default(),
            aside: Aside::default(),
        }
    }
    /// A transaction of the one writer, with what earlier ones read.
    pub(super) fn writer(conn: &'c rusqlite::Connection, memo: Memo, gate: &Gate) -> Self {
        Tx { memo, ..Tx::sqlite(conn, true, gate) }
    }
    /// What is known now, for the next transaction of the one writer.
    pub(super) fn into_memo(self) -> Memo {
        self.memo
    }
    #[cfg(feature = "postgres")]
    pub(super) fn pg(pg: super::pg_tx::PgTx<'c>, memo: Memo, writable: bool) -> Self {
        let (absent, gate) = (Absent::default(), Gate::default());
        Tx { conn: Conn::Pg(pg), log: ChangeLog::default(), memo, writable, absent, gate, unlinked: false, linked: Linked::default(), aside: Aside::default() }
    }
    /// The connection's side and what is known now, after the work is done.
    #[cfg(feature = "postgres")]
    pub(super) fn into_pg(self) -> (Option<super::pg_tx::PgTx<'c>>, Memo) {
        match self.conn {
            Conn::Pg(pg) => (Some(pg), self.memo),
            Conn::Sqlite(_) => (None, self.memo),
        }
    }

    /// Whether the books hold the rows of `R`. Where they do not, writing one goes nowhere and reading one
    /// is `scope.absent`.
    pub fn holds<R: Record>(&self) -> bool {
        self.holds_table(R::TABLE)
    }
    /// The same for a table.
    pub fn holds_table(&self, table: &str) -> bool {
        !self.absent.has(table)
    }
    /// Says that the database does not look at foreign keys in this transaction.
    pub(super) fn open_links(&mut self) {
        self.unlinked = true;
    }
    /// Whether the database does not look at foreign keys when a row is written.
    pub(super) fn links_are_open(&self) -> bool {
        self.unlinked || !self.absent.is_empty()
    }
    /// Holds everything but `absent` from now on. Ends with the transaction unless
    /// [`super::Books::leave_out`] says the same.
    pub(crate) fn leave_out(&mut self, absent: &Absent) {
        self.absent = absent.clone();
        self.gate.set(absent.clone());
        self.memo.clear();
        match &self.conn {
            Conn::Sqlite(conn) => conn.flush_prepared_statement_cache(),
            #[cfg(feature = "postgres")]
            Conn::Pg(_) => {}
        }
    }

    /// The same check where rows are written behind.
    pub(super) fn check_links_behind(&mut self) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.check_links(&self.log),
        }
    }

    /// Forgets what was read from a table: rows of it go beside the door.
    pub(super) fn forget_rows(&mut self, table: &str) -> Result<()> {
        self.check_writable()?;
        self.memo.forget(table);
        self.linked.clear();
        Ok(())
    }
    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self.conn, Conn::Sqlite(_))
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match &self.conn {
            Conn::Sqlite(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Conn::Pg(_) => Dialect::Postgres,
        }
    }
    /// The rows that links were followed to.
    pub(super) fn linked(&mut self) -> &mut Linked {
        &mut self.linked
    }
    /// What changed since the last [`Tx::take_log`].
    pub fn log(&self) -> &ChangeLog {
        &self.log
    }
    /// Takes what changed so far; the next command starts with an empty log.
    pub fn take_log(&mut self) -> ChangeLog {
        std::mem::take(&mut self.log)
    }

    // The record door. What the books do not hold is not written, and not logged either.

    /// Writes a new row. `row.exists` when its key or a unique column is taken.
    pub fn insert<R: Record>(&mut self, record: &R) -> Result<()> {
        self.insert_row(R::TABLE, R::KEYS, R::COLUMNS, record.to_row())
    }
    /// Writes new rows of one table: one statement a chunk where the round trip counts.
    pub fn insert_all<'r, R: Record>(&mut self, records: impl IntoIterator<Item = &'r R>) -> Result<()> {
        if !self.writes(R::TABLE)? {
            return Ok(());
        }
        let rows: Vec<Vec<Val>> = records.into_iter().map(Record::to_row).collect();
        let shape = Shape { table: R::TABLE, keys: R::KEYS, columns: R::COLUMNS };
        match &mut self.conn {
            Conn::Sqlite(conn) if self.aside.is_empty() => insert_sqlite(conn, shape, &rows)?,
            Conn::Sqlite(_) => rows.iter().try_for_each(|row| self.write_row(shape, row))?,
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.insert(shape, &rows)?,
        }
        self.memo.forget(R::TABLE);
        for row in rows {
            self.log.record(Change { table: R::TABLE, keys: R::KEYS, columns: R::COLUMNS, before: None, after: Some(row) });
        }
        Ok(())
    }
    /// Changes a row from `old` to `new`; only the columns that differ are written.
    /// `row.changed` when the row is not there any more.
    pub fn update<R: Record>(&mut self, old: &R, new: &R) -> Result<()> {
        self.update_row(R::TABLE, R::KEYS, R::COLUMNS, old.to_row(), new.to_row())
    }
    /// Removes a working row (a line of a draft, an empty aggregate).
    pub fn remove<R: Record>(&mut self, record: &R) -> Result<()> {
        if !R::REMOVABLE {
            return Err(Error::internal("door.not_removable").arg("table", R::TABLE));
        }
        self.remove_row(R::TABLE, R::KEYS, R::COLUMNS, record.to_row())
    }
    /// The row with this key; `record.not_found` when there is none.
    pub fn get<R: Record>(&mut self, key: &[Val]) -> Result<R> {
        let missing = || Error::new(Kind::NotFound, "record.not_found").record("what", R::TABLE);
        self.find(key)?.ok_or_else(missing)
    }
    /// The row with this key, if there is one.
    pub fn find<R: Record>(&mut self, key: &[Val]) -> Result<Option<R>> {
        #[cfg(feature = "postgres")]
        if let Conn::Pg(pg) = &mut self.conn {
            let row = pg.find(Shape { table: R::TABLE, keys: R::KEYS, columns: R::COLUMNS }, key)?;
            return row.map(|row| R::from_row(&mut row.into_iter())).transpose();
        }
        if self.aside.has(R::TABLE, key) {
            return Ok(None);
        }
        let sql = door::select(self.dialect(), R::TABLE, R::COLUMNS, R::COLUMNS.get(..R::KEYS).unwrap_or_default(), 0);
        self.opt_seen(&sql, key)
    }
    /// The rows whose `columns` equal `values`, in key order.
    pub fn find_all<R: Record>(&mut self, columns: &[&'static str], values: &[Val]) -> Result<Vec<R>> {
        let sql = door::select(self.dialect(), R::TABLE, R::COLUMNS, columns, R::KEYS);
        if self.aside.is_empty() {
            return self.all(&sql, values);
        }
        let (mut found, mut rows) = (Vec::new(), Vec::new());
        self.each_seen(&sql, values, |row| {
            found.push(row);
            Ok(())
        })?;
        found.retain(|row| !self.aside.has(R::TABLE, row.get(..R::KEYS).unwrap_or_default()));
        for row in found {
            rows.push(R::from_row(&mut row.into_iter())?);
        }
        Ok(rows)
    }

    /// The same in a small table: it may be read whole and kept, so that it is not asked for every document.
    pub fn find_few<R: Record>(&mut self, columns: &[&'static str], values: &[Val]) -> Result<Vec<R>> {
        #[cfg(feature = "postgres")]
        if let Conn::Pg(pg) = &mut self.conn {
            let rows = pg.find_few(Shape { table: R::TABLE, keys: R::KEYS, columns: R::COLUMNS }, columns, values)?;
            return rows.into_iter().map(|row| R::from_row(&mut row.into_iter())).collect();
        }
        self.find_all(columns, values)
    }

    /// The row with this key, as it is.
    pub(crate) fn find_row(&mut self, table: &'static str, keys: usize, columns: &'static [&'static str], key: &[Val]) -> Result<Option<Vec<Val>>> {
        #[cfg(feature = "postgres")]
        if let Conn::Pg(pg) = &mut self.conn {
            return pg.find(Shape { table, keys, columns }, key);
        }
        if self.aside.has(table, key) {
            return Ok(None);
        }
        let sql = door::select(self.dialect(), table, columns, columns.get(..keys).unwrap_or_default(), 0);
        let mut found = None;
        self.each_seen(&sql, key, |cells| {
            found = Some(cells);
            Ok(())
        })?;
        Ok(found)
    }
    pub(crate) fn insert_row(&mut self, table: &'static str, keys: usize, columns: &'static [&'static str], row: Vec<Val>) -> Result<()> {
        if !self.writes(table)? {
            return Ok(());
        }
        self.write_row(Shape { table, keys, columns }, &row)?;
        self.memo.forget(table);
        self.log.record(Change { table, keys, columns, before: None, after: Some(row) });
        Ok(())
    }
    pub(crate) fn update_row(&mut self, table: &'static str, keys: usize, columns: &'static [&'static str], old: Vec<Val>, new: Vec<Val>) -> Result<()> {
        if !self.writes(table)? {
            return Ok(());
        }
        if old == new {
            return Ok(());
        }
        if old.get(..keys) != new.get(..keys) {
            return Err(Error::internal("door.key_changed").arg("table", table));
        }
        if self.change_row(Shape { table, keys, columns }, &old, &new)? != 1 {
            return Err(Error::new(Kind::Conflict, "row.changed").record("what", table));
        }
        self.memo.forget(table);
        self.log.record(Change { table, keys, columns, before: Some(old), after: Some(new) });
        Ok(())
    }
    pub(crate) fn remove_row(&mut self, table: &'static str, keys: usize, columns: &'static [&'static str], row: Vec<Val>) -> Result<()> {
        if !self.writes(table)? {
            return Ok(());
        }
        let removed = match &mut self.conn {
            Conn::Sqlite(_) if self.aside.has(table, row.get(..keys).unwrap_or_default()) => 0,
            Conn::Sqlite(conn) => {
                let sql = door::delete(Dialect::Sqlite, table, columns.get(..keys).unwrap_or_default());
                run_sqlite(conn, &sql, row.iter().take(keys))?
            }
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.change(Shape { table, keys, columns }, &row, None, &[])?,
        };
        if removed != 1 {
            return Err(Error::new(Kind::Conflict, "row.changed").record("what", table));
        }
        self.memo.forget(table);
        self.linked.clear();
        self.log.record(Change { table, keys, columns, before: Some(row), after: None });
        Ok(())
    }

    /// What `load` reads from `tables`, read once until one of them changes: for small tables that every
    /// document asks. `tables` and the type together say what it is.
    pub fn known<T: Send + Sync + 'static>(&mut self, tables: &'static [&'static str], load: impl FnOnce(&mut Self) -> Result<T>) -> Result<Arc<T>> {
        if let Some(value) = self.memo.get(tables) {
            return Ok(value);
        }
        let value = Arc::new(load(self)?);
        self.memo.keep(tables, Arc::clone(&value));
        Ok(value)
    }
    /// All rows of a small table, in key order, read once until one of them changes.
    pub fn whole<R: Record + Send + Sync>(&mut self) -> Result<Arc<Vec<R>>> {
        self.known(const { &[R::TABLE] }, |tx| tx.find_all(&[], &[]))
    }

    // Fixed reads.

    /// All rows of a query.
    pub fn all<T: FromRow>(&mut self, sql: &str, values: &[Val]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each(sql, values, |cells| {
            rows.push(T::from_row(&mut cells.into_iter())?);
            Ok(())
        })?;
        Ok(rows)
    }
    /// The rows of a query for any of `values`; its `?` stands for a list of them. Long lists are asked for
    /// in parts, in a few sizes, so that there are few statements to prepare.
    pub fn among<T: FromRow>(&mut self, sql: &str, values: &[Val]) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        for part in values.chunks(LIST_MAX) {
            let size = LIST_SIZES.into_iter().find(|size| *size >= part.len()).unwrap_or(part.len());
            let marks: Vec<String> = (1..=size).map(|n| format!("?{n}")).collect();
            let padded: Vec<Val> = part.iter().chain(part.last().into_iter().cycle()).take(size).cloned().collect();
            rows.extend(self.all::<T>(&sql.replace('?', &marks.join(", ")), &padded)?);
        }
        Ok(rows)
    }
    /// The first row of a query, if any.
    pub fn opt<T: FromRow>(&mut self, sql: &str, values: &[Val]) -> Result<Option<T>> {
        self.drop_aside_for(sql)?;
        self.opt_seen(sql, values)
    }
    /// The same of rows that stand in their tables, those that lie aside among them.
    pub(super) fn opt_seen<T: FromRow>(&mut self, sql: &str, values: &[Val]) -> Result<Option<T>> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let mut statement = conn.prepare_cached(sql).map_err(stmt::sqlite_error)?;
                let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(stmt::sqlite_error)?;
                match rows.next().map_err(stmt::sqlite_error)? {
                    Some(row) => T::from_row(&mut cells(row)?.into_iter()).map(Some),
                    None => Ok(None),
                }
            }
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => match pg.query(sql, values)?.into_iter().next() {
                Some(cells) => T::from_row(&mut cells.into_iter()).map(Some),
                None => Ok(None),
            },
        }
    }
    /// The first column of the only row of a query.
    pub fn one<C: Column>(&mut self, sql: &str, values: &[Val]) -> Result<C> {
        let row: Option<(C,)> = self.opt(sql, values)?;
        row.map(|(value,)| value).ok_or_else(|| Error::internal("db.no_row").arg("sql", sql))
    }
    /// Calls `visit` with the cells of every row, without keeping them.
    pub fn each(&mut self, sql: &str, values: &[Val], visit: impl FnMut(Vec<Val>) -> Result<()>) -> Result<()> {
        self.drop_aside_for(sql)?;
        self.each_seen(sql, values, visit)
    }
    /// The same of rows that stand in their tables, those that lie aside among them.
    pub(super) fn each_seen(&mut self, sql: &str, values: &[Val], mut visit: impl FnMut(Vec<Val>) -> Result<()>) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let mut statement = conn.prepare_cached(sql).map_err(stmt::sqlite_error)?;
                let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(stmt::sqlite_error)?;
                while let Some(row) = rows.next().map_err(stmt::sqlite_error)? {
                    visit(cells(row)?)?;
                }
                Ok(())
            }
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.each(sql, values, &mut visit),
        }
    }

    /// Calls `visit` with every row of a table, in the order of its key. On a server no more than a part of
    /// them is in memory at once.
    pub(crate) fn each_row(&mut self, table: &str, keys: usize, columns: &[&str], mut visit: impl FnMut(Vec<Val>) -> Result<()>) -> Result<()> {
        let quoted: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let key = quoted.get(..keys).unwrap_or_default().join(", ");
        let marks: Vec<String> = (1..=keys).map(|n| format!("?{n}")).collect();
        let all = format!("SELECT {} FROM {table}", quoted.join(", "));
        let end = format!("ORDER BY {key} LIMIT {PART}");
        let (first, next) = (format!("{all} {end}"), format!("{all} WHERE ({key}) > ({}) {end}", marks.join(", ")));
        let mut last: Vec<Val> = Vec::new();
        loop {
            let mut count = 0;
            let sql = if last.is_empty() { &first } else { &next };
            let from = std::mem::take(&mut last);
            self.each(sql, &from, |row| {
                count += 1;
                if count == PART {
                    last = row.get(..keys).unwrap_or_default().to_vec();
                }
                visit(row)
            })?;
            if count < PART {
                return Ok(());
            }
        }
    }

    // The kernel's own writes (daybook, undo), which bypass the change log.

    /// Runs a statement outside the door. Kernel only: domain rows go through the door.
    pub(crate) fn run(&mut self, sql: &str, values: &[Val]) -> Result<usize> {
        self.check_writable()?;
        self.drop_aside_for(sql)?;
        self.run_seen(sql, values)
    }
    /// The same on rows that stand in their tables, those that lie aside among them.
    pub(super) fn run_seen(&mut self, sql: &str, values: &[Val]) -> Result<usize> {
        match &mut self.conn {
            Conn::Sqlite(conn) => run_sqlite(conn, sql, values.iter()),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.run(sql, values),
        }
    }
    /// Runs any statement, to show that the database itself refuses. Tests only.
    #[doc(hidden)]
    pub fn raw(&mut self, sql: &str) -> Result<()> {
        self.batch(sql)
    }
    /// Appends a row to a table of the kernel, which no device gets as a row.
    pub(crate) fn append(&mut self, shape: Shape, row: &[Val]) -> Result<()> {
        self.check_writable()?;
        self.write_row(shape, row)
    }
    /// Writes the columns of a row that differ; how many rows there were.
    fn change_row(&mut self, shape: Shape, old: &[Val], new: &[Val]) -> Result<usize> {
        let differs: Vec<usize> = old.iter().zip(new).enumerate().filter(|(_, (a, b))| a != b).map(|(place, _)| place).collect();
        if differs.is_empty() {
            return Ok(1);
        }
        match &mut self.conn {
            Conn::Sqlite(_) if self.aside.has(shape.table, shape.key(old)) => Ok(0),
            Conn::Sqlite(_) => {
                let sql = door::update(Dialect::Sqlite, shape.table, shape.columns, shape.keys, &differs);
                self.write_beside(shape.table, &sql, || differs.iter().filter_map(|place| new.get(*place)).chain(old.iter().take(shape.keys)))
            }
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.change(shape, old, Some(new), &differs),
        }
    }
    fn write_row(&mut self, shape: Shape, row: &[Val]) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(_) => self.write_new(shape, row),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.insert(shape, &[row.to_vec()]),
        }
    }
    /// Writes a new row where one may lie aside: as the same, it stands there already.
    fn write_new(&mut self, shape: Shape, row: &[Val]) -> Result<()> {
        if let Some(digest) = self.aside.leave(shape, shape.key(row)) {
            if digest == row_digest(shape.table, row)? || planted::has(Defect::KeepAside) {
                return Ok(());
            }
            let sql = door::delete(Dialect::Sqlite, shape.table, shape.columns.get(..shape.keys).unwrap_or_default());
            self.run_seen(&sql, shape.key(row))?;
        }
        self.write_beside(shape.table, &door::insert(Dialect::Sqlite, shape.table, shape.columns, 1), || row.iter()).map(drop)
    }
    /// Writes into a table of SQLite; rows of it that lie aside hold no unique value against another.
    fn write_beside<'v, I: Iterator<Item = &'v Val>>(&mut self, table: &'static str, sql: &str, values: impl Fn() -> I) -> Result<usize> {
        match self.write_sqlite(sql, values()) {
            Err(error) if error.code() == "row.exists" && self.aside.has_any(table) => {
                self.drop_aside_of(table)?;
                self.write_sqlite(sql, values())
            }
            outcome => outcome,
        }
    }
    fn write_sqlite<'v>(&self, sql: &str, values: impl Iterator<Item = &'v Val>) -> Result<usize> {
        match &self.conn {
            Conn::Sqlite(conn) => run_sqlite(conn, sql, values),
            #[cfg(feature = "postgres")]
            Conn::Pg(_) => Err(Error::internal("db.statement")),
        }
    }
    /// Puts a row of the kernel in its place: a new one, or other values at `places` of the one with its key.
    pub(crate) fn put(&mut self, shape: Shape, row: Vec<Val>, places: &[usize]) -> Result<()> {
        let Shape { table, keys, columns } = shape;
        let Some(old) = self.find_row(table, keys, columns, row.get(..keys).unwrap_or_default())? else { return self.append(shape, &row) };
        let kept = |(place, value): (usize, &Val)| if places.contains(&place) { row.get(place) } else { None }.unwrap_or(value).clone();
        let new: Vec<Val> = old.iter().enumerate().map(kept).collect();
        self.change_row(shape, &old, &new).map(drop)
    }
    /// Runs SQL without parameters that may change anything.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.memo.clear();
        self.linked.clear();
        self.drop_aside()?;
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.execute_batch(sql).map_err(stmt::sqlite_error),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.batch(sql),
        }
    }
    /// Runs `work`; when it fails, the database is as it was before, and the change log is empty.
    pub fn savepoint<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.mark()?;
        match work(self) {
            Ok(value) => {
                self.keep_mark()?;
                Ok(value)
            }
            Err(error) => {
                self.memo.clear();
                self.linked.clear();
                self.back_to_mark()?;
                self.log.clear();
                Err(error)
            }
        }
    }
    /// Runs `work`, after whose failure the caller must give up the whole transaction: SQLite keeps no pages for
    /// taking it back.
    pub(crate) fn all_or_nothing<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.is_sqlite() { work(self) } else { self.savepoint(work) }
    }
    fn mark(&mut self) -> Result<()> {
        self.aside.mark();
        match &mut self.conn {
            Conn::Sqlite(conn) => run_sqlite(conn, "SAVEPOINT step", std::iter::empty()).map(drop),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.mark(),
        }
    }
    fn keep_mark(&mut self) -> Result<()> {
        self.aside.keep_mark();
        match &mut self.conn {
            Conn::Sqlite(conn) => run_sqlite(conn, "RELEASE SAVEPOINT step", std::iter::empty()).map(drop),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.keep_mark(),
        }
    }
    fn back_to_mark(&mut self) -> Result<()> {
        self.aside.back_to_mark();
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.execute_batch("ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step").map_err(stmt::sqlite_error),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => pg.back_to_mark(),
        }
    }

    /// Whether a row of `table` is written: not into tables that the books do not hold.
    fn writes(&self, table: &str) -> Result<bool> {
        self.check_writable().map(|()| self.holds_table(table))
    }
    fn check_writable(&self) -> Result<()> {
        if self.writable { Ok(()) } else { Err(Error::internal("db.read_only_transaction")) }
    }
}

fn insert_sqlite(conn: &rusqlite::Connection, shape: Shape, rows: &[Vec<Val>]) -> Result<()> {
    let sql = door::insert(Dialect::Sqlite, shape.table, shape.columns, 1);
    let mut statement = conn.prepare_cached(&sql).map_err(stmt::sqlite_error)?;
    rows.iter().try_for_each(|row| statement.execute(rusqlite::params_from_iter(row)).map(drop)).map_err(stmt::sqlite_error)
}

fn run_sqlite<'v>(conn: &rusqlite::Connection, sql: &str, values: impl Iterator<Item = &'v Val>) -> Result<usize> {
    let mut statement = conn.prepare_cached(sql).map_err(stmt::sqlite_error)?;
    statement.execute(rusqlite::params_from_iter(values)).map_err(stmt::sqlite_error)
}

fn cells(row: &rusqlite::Row<'_>) -> Result<Vec<Val>> {
    let count = row.as_ref().column_count();
    let mut cells = Vec::with_capacity(count);
    for index in 0..count {
        cells.push(stmt::read_cell(row.get_ref(index).map_err(stmt::sqlite_error)?)?);
    }
    Ok(cells)
}
