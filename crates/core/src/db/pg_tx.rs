//! A transaction on PostgreSQL: directly, a statement at a time, or written behind ([`super::behind`]).

use std::sync::Arc;

use super::behind::{Behind, Link, Row, values_at};
use super::changes::ChangeLog;
use super::door;
use super::pg::PgConn;
use super::pg_catalog::Catalog;
use super::portable::Dialect;
use super::shape::Shape;
use super::words::Words;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::Val;

/// So many rows go into one statement where rows are written at once.
const ROWS_MAX: usize = 50;

/// The transaction's side of a connection.
pub struct PgTx<'c> {
    conn: &'c mut PgConn,
    behind: Option<Written>,
}

/// What is written behind.
struct Written {
    rows: Behind,
    catalog: Arc<Catalog>,
    /// The database refused something after the command that wanted it had gone on. The transaction is void,
    /// and what it said must not be used.
    late: bool,
}

impl<'c> PgTx<'c> {
    pub(super) fn new(conn: &'c mut PgConn) -> Self {
        PgTx { conn, behind: None }
    }
    pub(super) fn behind(conn: &'c mut PgConn, rows: Behind, catalog: Arc<Catalog>) -> Self {
        PgTx { conn, behind: Some(Written { rows, catalog, late: false }) }
    }
    /// Whether the database refused something too late.
    pub(super) fn is_late(&self) -> bool {
        self.behind.as_ref().is_some_and(|written| written.late)
    }
    /// What is known of the rows now.
    pub(super) fn into_rows(self) -> Behind {
        self.behind.map(|written| written.rows).unwrap_or_default()
    }

    /// Runs a statement. Those within a savepoint make the database know of it.
    pub(super) fn run(&mut self, sql: &str, values: &[Val]) -> Result<usize> {
        let within = self.behind.as_ref().is_some_and(|written| written.rows.untold() > 0);
        if within {
            self.write_out()?
        } else {
            self.settle(sql)?
        }
        let outcome = self.conn.run(sql, values);
        self.noted(outcome)
    }
    pub(super) fn query(&mut self, sql: &str, values: &[Val]) -> Result<Vec<Row>> {
        self.settle(sql)?;
        let outcome = self.conn.query(sql, values);
        self.noted(outcome)
    }
    /// Calls `visit` with every row, as they arrive: memory does not grow with the answer.
    pub(super) fn each(&mut self, sql: &str, values: &[Val], visit: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
        self.settle(sql)?;
        let outcome = self.conn.each(sql, values, visit);
        self.noted(outcome)
    }
    /// Runs SQL that may change anything.
    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        self.write_out()?;
        self.behind.iter_mut().for_each(|written| written.rows.forget());
        let outcome = self.conn.batch(sql);
        self.noted(outcome)
    }

    /// The row with this key.
    pub(super) fn find(&mut self, shape: Shape, key: &[Val]) -> Result<Option<Row>> {
        if let Some(known) = self.behind.as_mut().and_then(|written| written.rows.get(shape.table, key)) {
            return Ok(known.cloned());
        }
        let sql = door::select(Dialect::Postgres, shape.table, shape.columns, shape.columns.get(..shape.keys).unwrap_or_default(), 0);
        let outcome = self.conn.query(&sql, key);
        let row = self.noted(outcome)?.into_iter().next();
        if let Some(written) = &mut self.behind {
            written.rows.learn(shape, key, row.clone());
        }
        Ok(row)
    }
    /// The rows whose `columns` equal `values`, in key order, of a table that is kept whole.
    pub(super) fn find_few(&mut self, shape: Shape, columns: &[&'static str], values: &[Val]) -> Result<Vec<Row>> {
        let Some(written) = &mut self.behind else {
            return self.query(&door::select(Dialect::Postgres, shape.table, shape.columns, columns, shape.keys), values);
        };
        if !written.rows.is_whole(shape.table) {
            let rows = self.query(&door::select(Dialect::Postgres, shape.table, shape.columns, &[], shape.keys), &[])?;
            self.behind.iter_mut().for_each(|written| written.rows.learn_whole(shape, &rows));
        }
        let places: Vec<usize> = columns.iter().filter_map(|column| shape.columns.iter().position(|known| known == column)).collect();
        let wanted = |row: &Row| places.iter().zip(values).all(|(place, value)| row.get(*place) == Some(value));
        let rows = self.behind.as_ref().map(|written| written.rows.whole(shape.table)).unwrap_or_default();
        Ok(rows.into_iter().filter(|row| wanted(row)).cloned().collect())
    }
    pub(super) fn insert(&mut self, shape: Shape, rows: &[Row]) -> Result<()> {
        if self.behind.is_some() {
            return rows.iter().try_for_each(|row| self.insert_behind(shape, row));
        }
        for chunk in rows.chunks(ROWS_MAX) {
            let sql = door::insert(Dialect::Postgres, shape.table, shape.columns, chunk.len());
            self.conn.run(&sql, &chunk.concat())?;
        }
        Ok(())
    }
    /// Changes or removes a row; how many rows there were.
    pub(super) fn change(&mut self, shape: Shape, old: &[Val], new: Option<&[Val]>, differs: &[usize]) -> Result<usize> {
        if self.behind.is_some() {
            return self.change_behind(shape, old, new).map(|()| 1);
        }
        let keys = shape.key(old);
        match new {
            Some(new) => {
                let sql = door::update(Dialect::Postgres, shape.table, shape.columns, shape.keys, differs);
                let changed = differs.iter().filter_map(|place| new.get(*place));
                self.conn.run(&sql, &changed.chain(keys).cloned().collect::<Row>())
            }
            None => self.conn.run(&door::delete(Dialect::Postgres, shape.table, shape.columns.get(..shape.keys).unwrap_or_default()), keys),
        }
    }

    fn insert_behind(&mut self, shape: Shape, row: &Row) -> Result<()> {
        let Some(written) = &mut self.behind else { return Ok(()) };
        let rules = written.catalog.rules(shape);
        if written.rows.waits_for_insert(shape, &rules, row) {
            self.write_out()?;
        }
        let Some(written) = &mut self.behind else { return Ok(()) };
        let fits = rules.allow(row) && written.rows.insert(shape, row.clone());
        if fits { Ok(()) } else { Err(written.late(shape, "row.exists")) }
    }
    fn change_behind(&mut self, shape: Shape, old: &[Val], new: Option<&[Val]>) -> Result<()> {
        let Some(written) = &mut self.behind else { return Ok(()) };
        let rules = written.catalog.rules(shape);
        if written.rows.waits_for_change(shape, &rules, old, new) {
            self.write_out()?;
        }
        let Some(written) = &mut self.behind else { return Ok(()) };
        let fits = new.is_none_or(|new| rules.allow(new)) && written.rows.change(shape, old.to_vec(), new.map(<[Val]>::to_vec));
        if fits { Ok(()) } else { Err(written.late(shape, "row.changed")) }
    }
    /// Looks for the rows that changed ones point to, as the database does when they are written one by one.
    pub(super) fn check_links(&mut self, log: &ChangeLog) -> Result<()> {
        let Some(written) = &self.behind else { return Ok(()) };
        let catalog = Arc::clone(&written.catalog);
        for change in log.changes() {
            let Some(row) = &change.after else { continue };
            let shape = Shape { table: change.table, keys: change.keys, columns: change.columns };
            for link in &catalog.rules(shape).links {
                if let Some(key) = values_at(row, &link.places) {
                    self.check_link(shape, link, key)?;
                }
            }
        }
        Ok(())
    }
    fn check_link(&mut self, shape: Shape, link: &Link, key: Row) -> Result<()> {
        let Some(written) = &mut self.behind else { return Ok(()) };
        let known = if link.by_key { written.rows.is_there(&link.parent, &key) } else { None };
        let there = match known {
            Some(there) => there,
            None => {
                let conditions: Vec<String> = link.columns.iter().enumerate().map(|(n, column)| format!("\"{column}\" = ?{}", n + 1)).collect();
                let sql = format!("SELECT 1 FROM {} WHERE {}", link.parent, conditions.join(" AND "));
                // By its key the row would be known if it waited.
                let found = if link.by_key { self.conn.query(&sql, &key) } else { self.query(&sql, &key) };
                !self.noted(found)?.is_empty()
            }
        };
        let Some(written) = &mut self.behind else { return Ok(()) };
        if !there {
            return Err(written.late(shape, "row.missing_link"));
        }
        if known.is_none() && link.by_key {
            written.rows.saw(&link.parent, key);
        }
        Ok(())
    }

    pub(super) fn mark(&mut self) -> Result<()> {
        match &mut self.behind {
            Some(written) => {
                written.rows.mark();
                Ok(())
            }
            None => self.conn.batch("SAVEPOINT step"),
        }
    }
    pub(super) fn keep_mark(&mut self) -> Result<()> {
        let told = self.behind.as_mut().is_none_or(|written| written.rows.keep_mark());
        let outcome = if told { self.conn.batch("RELEASE SAVEPOINT step") } else { Ok(()) };
        self.noted(outcome)
    }
    pub(super) fn back_to_mark(&mut self) -> Result<()> {
        let told = self.behind.as_mut().is_none_or(|written| written.rows.back_to_mark());
        if !told || self.is_late() {
            return Ok(());
        }
        let outcome = self.conn.batch("ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step");
        self.noted(outcome)
    }

    /// Writes what waits for one of the tables that `sql` names.
    fn settle(&mut self, sql: &str) -> Result<()> {
        let Some(written) = &self.behind else { return Ok(()) };
        let words = Words::of(sql);
        if written.rows.waits_for(|table| words.name(table)) { self.write_out() } else { Ok(()) }
    }
    /// Writes everything that waits.
    pub(super) fn write_out(&mut self) -> Result<()> {
        let Some(written) = &mut self.behind else { return Ok(()) };
        let mut outcome = Ok(());
        while outcome.is_ok() && written.rows.untold() > 0 {
            let before = written.rows.take_writes_before_mark();
            outcome = self.conn.write_all(&written.catalog, before).and_then(|()| self.conn.batch("SAVEPOINT step"));
        }
        let outcome = outcome.and_then(|()| self.conn.write_all(&written.catalog, written.rows.take_writes()));
        self.noted(outcome)
    }
    /// A statement that fails voids a transaction that is written behind.
    fn noted<T>(&mut self, outcome: Result<T>) -> Result<T> {
        if let (Err(_), Some(written)) = (&outcome, &mut self.behind) {
            written.late = true;
        }
        outcome
    }
}

impl Written {
    fn late(&mut self, shape: Shape, code: &'static str) -> Error {
        self.late = true;
        Error::new(Kind::Conflict, code).arg("what", shape.table)
    }
}
