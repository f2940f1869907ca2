//! Rows of SQLite that were taken back, but still stand in their tables: most of them come again as they were
//! when the entries that made them run again, and then nothing has to be written. Whoever reads through the
//! door does not see them; before a statement of its own reads their table they are removed, and so are those that are
//! left before the commit.

use std::collections::{BTreeMap, HashMap};

use super::shape::Shape;
use super::tx::Tx;
use super::words::Words;
use super::{door, row_digest};
use crate::shared::error::Result;
use crate::shared::value::Val;

/// So many rows lie aside at most, a hundred bytes each.
const MOST: usize = 200_000;
/// How many rows a statement reads or removes.
const PART: usize = 64;

/// The rows of one table: the digest of each by its key.
struct Table {
    shape: Shape,
    rows: HashMap<Vec<Val>, u128>,
}

/// What lay under a key before a step.
struct Step {
    shape: Shape,
    key: Vec<Val>,
    was: Option<u128>,
}

/// The rows, and what happened to them since each savepoint began.
#[derive(Default)]
pub(super) struct Aside {
    tables: BTreeMap<&'static str, Table>,
    count: usize,
    steps: Vec<Step>,
    frames: Vec<usize>,
}

impl Aside {
    /// Whether no row lies aside.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
    /// Whether the row with this key lies aside.
    pub fn has(&self, table: &str, key: &[Val]) -> bool {
        self.count > 0 && self.tables.get(table).is_some_and(|table| table.rows.contains_key(key))
    }
    /// Whether a row of the table does.
    pub fn has_any(&self, table: &str) -> bool {
        self.tables.get(table).is_some_and(|table| !table.rows.is_empty())
    }
    /// Whether the first columns of its key are these, so that a value of them is a key.
    pub fn is_key(&self, table: &str, columns: &[String]) -> bool {
        self.tables.get(table).is_some_and(|table| table.shape.columns.iter().take(table.shape.keys).eq(columns))
    }
    /// What lies aside under a key lies there no longer.
    pub fn leave(&mut self, shape: Shape, key: &[Val]) -> Option<u128> {
        if self.count == 0 {
            return None;
        }
        self.set(shape, key.to_vec(), None)
    }
    fn set(&mut self, shape: Shape, key: Vec<Val>, digest: Option<u128>) -> Option<u128> {
        let was = self.replace(shape, key.clone(), digest);
        if was != digest && !self.frames.is_empty() {
            self.steps.push(Step { shape, key, was });
        }
        was
    }
    fn replace(&mut self, shape: Shape, key: Vec<Val>, digest: Option<u128>) -> Option<u128> {
        let rows = &mut self.tables.entry(shape.table).or_insert_with(|| Table { shape, rows: HashMap::new() }).rows;
        let was = match digest {
            Some(digest) => rows.insert(key, digest),
            None => rows.remove(&key),
        };
        self.count = self.count + usize::from(digest.is_some()) - usize::from(was.is_some());
        was
    }

    /// Begins a savepoint.
    pub fn mark(&mut self) {
        self.frames.push(self.steps.len());
    }
    /// Ends the newest savepoint.
    pub fn keep_mark(&mut self) {
        self.frames.pop();
        if self.frames.is_empty() {
            self.steps.clear();
        }
    }
    /// Takes back everything since the newest savepoint.
    pub fn back_to_mark(&mut self) {
        let from = self.frames.pop().unwrap_or_default();
        for step in self.steps.split_off(from.min(self.steps.len())).into_iter().rev() {
            self.replace(step.shape, step.key, step.was);
        }
    }
}

impl Tx<'_> {
    /// Takes the rows with these keys out of the books without a word in the log, for what is taken back; gives their
    /// digests by key. Rows that are not there are left out.
    pub(crate) fn set_aside(&mut self, shape: Shape, keys: &[&[Val]]) -> Result<HashMap<Vec<Val>, u128>> {
        self.forget_rows(shape.table)?;
        let mut digests = HashMap::with_capacity(keys.len());
        if !self.is_sqlite() {
            for key in keys {
                if let Some(row) = self.find_row(shape.table, shape.keys, shape.columns, key)? {
                    digests.insert(key.to_vec(), row_digest(shape.table, &row)?);
                    self.remove_row(shape.table, shape.keys, shape.columns, row)?;
                }
            }
            return Ok(digests);
        }
        for (size, values) in parts(keys) {
            self.each_seen(&door::read_many(shape.table, shape.columns, shape.keys, size), &values, |row| {
                let digest = row_digest(shape.table, &row)?;
                digests.insert(row.into_iter().take(shape.keys).collect(), digest);
                Ok(())
            })?;
        }
        digests.retain(|key, _| !self.aside.has(shape.table, key));
        for (key, digest) in &digests {
            self.aside.set(shape, key.clone(), Some(*digest));
        }
        if self.aside.count > MOST {
            self.drop_aside_of(shape.table)?;
        }
        Ok(digests)
    }
    /// Removes every row that lies aside.
    pub(super) fn drop_aside(&mut self) -> Result<()> {
        let tables: Vec<&'static str> = self.aside.tables.keys().copied().collect();
        tables.into_iter().try_for_each(|table| self.drop_aside_of(table))
    }
    /// Removes those of the tables that a statement names.
    pub(super) fn drop_aside_for(&mut self, sql: &str) -> Result<()> {
        if self.aside.is_empty() {
            return Ok(());
        }
        let words = Words::of(sql);
        let named: Vec<&'static str> = self.aside.tables.keys().copied().filter(|table| self.aside.has_any(table) && words.name(table)).collect();
        named.into_iter().try_for_each(|table| self.drop_aside_of(table))
    }
    pub(super) fn drop_aside_of(&mut self, table: &'static str) -> Result<()> {
        let Some(Table { shape, rows }) = self.aside.tables.get(table) else { return Ok(()) };
        let (shape, keys) = (*shape, rows.keys().cloned().collect::<Vec<_>>());
        let borrowed: Vec<&[Val]> = keys.iter().map(Vec::as_slice).collect();
        for (size, values) in parts(&borrowed) {
            self.run_seen(&door::remove_many(shape.table, shape.columns, shape.keys, size), &values)?;
        }
        for key in &keys {
            self.aside.leave(shape, key);
        }
        Ok(())
    }
}

/// Keys in lists of few lengths, so that there are few statements to prepare: the length, and the values.
fn parts<'k>(keys: &'k [&'k [Val]]) -> impl Iterator<Item = (usize, Vec<Val>)> + 'k {
    keys.chunks(PART).map(|part| {
        let size = if part.len() == 1 { 1 } else { PART };
        (size, part.iter().chain(part.last().into_iter().cycle()).take(size).flat_map(|key| key.iter().cloned()).collect())
    })
}
