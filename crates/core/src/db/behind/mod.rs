//! Rows that a server on PostgreSQL keeps in memory while it executes what devices pushed: those it read
//! by their key, and those it has yet to write. A posted invoice is some sixty statements; written behind,
//! the rows of many entries go out together, a statement a table.
//!
//! Whoever reads by a statement of its own is shown the truth: what its tables wait for is written before.
//! Rows that were read outlive the transaction as long as nobody else wrote to the books.

mod plan;
mod rules;

use std::collections::{HashMap, HashSet};

use super::shape::Shape;
use crate::shared::value::Val;

pub(super) use plan::Writes;
pub(super) use rules::{Bound, Link, Rules, values_at};

/// The values of a row.
pub(super) type Row = Vec<Val>;

/// A row in memory: as it is now, and as the database has it.
struct Kept {
    now: Option<Row>,
    stored: Option<Row>,
    /// Whether it was read or changed: such rows are asked for again, new ones hardly ever.
    asked: bool,
    /// Whether it stands in the list of rows to write.
    waiting: bool,
    /// The command that made it wait.
    since: u64,
}

struct Table {
    shape: Shape,
    rows: HashMap<Vec<Val>, Kept>,
    /// Whether every row is in memory.
    whole: bool,
    /// Keys of the rows to write, in the order of their first change.
    waiting: Vec<Vec<Val>>,
}

/// What a row was before a step: `None` when nothing was known of it.
struct Step {
    table: &'static str,
    key: Vec<Val>,
    was: Option<Option<Row>>,
}

/// A savepoint; the database is told of it only when something has to be written within it.
struct Frame {
    from: usize,
    told: bool,
}

/// The rows.
#[derive(Default)]
pub(super) struct Behind {
    tables: HashMap<&'static str, Table>,
    /// Rows that the database was seen to have, by their keys.
    seen: HashMap<String, HashSet<Row>>,
    steps: Vec<Step>,
    frames: Vec<Frame>,
    /// Counts the commands.
    command: u64,
}

impl Behind {
    /// How many rows are kept.
    pub fn len(&self) -> usize {
        self.tables.values().map(|table| table.rows.len()).sum::<usize>() + self.seen.values().map(HashSet::len).sum::<usize>()
    }
    /// Forgets all rows. None may be waiting, but those that are to be taken back.
    pub fn forget(&mut self) {
        self.tables.clear();
        self.seen.clear();
    }
    /// Whether rows of a table in `named` wait.
    pub fn waits_for(&self, named: impl Fn(&str) -> bool) -> bool {
        self.tables.values().any(|table| !table.waiting.is_empty() && named(table.shape.table))
    }

    /// The row with this key; the outer `None` when it is not known.
    pub fn get(&mut self, table: &str, key: &[Val]) -> Option<Option<&Row>> {
        let kept = self.tables.get_mut(table)?.rows.get_mut(key)?;
        kept.asked = true;
        Some(kept.now.as_ref())
    }
    /// Keeps what the database has under a key.
    pub fn learn(&mut self, shape: Shape, key: &[Val], row: Option<Row>) {
        let kept = Kept { now: row.clone(), stored: row, asked: true, waiting: false, since: 0 };
        self.table(shape).rows.insert(key.to_vec(), kept);
    }
    /// Whether all rows of a table are kept.
    pub fn is_whole(&self, table: &str) -> bool {
        self.tables.get(table).is_some_and(|table| table.whole)
    }
    /// Keeps all rows of a table of which none waits.
    pub fn learn_whole(&mut self, shape: Shape, rows: &[Row]) {
        for row in rows {
            self.learn(shape, shape.key(row), Some(row.clone()));
        }
        self.table(shape).whole = true;
    }
    /// The rows of a table that are kept, in key order.
    pub fn whole(&self, table: &str) -> Vec<&Row> {
        let Some(table) = self.tables.get(table) else { return Vec::new() };
        let mut rows: Vec<&Row> = table.rows.values().filter_map(|kept| kept.now.as_ref()).collect();
        rows.sort_by(|a, b| table.shape.key(a).cmp(table.shape.key(b)));
        rows
    }
    /// A new row. `false` when there is one with its key.
    pub fn insert(&mut self, shape: Shape, row: Row) -> bool {
        let key = shape.key(&row).to_vec();
        if self.get(shape.table, &key).flatten().is_some() {
            return false;
        }
        self.put(shape, key, None, Some(row));
        true
    }
    /// A row that changes from `old` to `new`, or goes. `false` when it is gone already.
    pub fn change(&mut self, shape: Shape, old: Row, new: Option<Row>) -> bool {
        let key = shape.key(&old).to_vec();
        if self.get(shape.table, &key).is_some_and(|row| row.is_none()) {
            return false;
        }
        self.put(shape, key, Some(old), new);
        true
    }
    /// Notes what a row is now; `stored` is what the database has where nothing was known.
    fn put(&mut self, shape: Shape, key: Vec<Val>, stored: Option<Row>, now: Option<Row>) {
        let asked = stored.is_some();
        let (within, command) = (!self.frames.is_empty(), self.command);
        if now.is_none() {
            self.seen.get_mut(shape.table).map(|keys| keys.remove(&key));
        }
        let table = self.table(shape);
        let known = table.rows.contains_key(&key);
        let kept = table.rows.entry(key.clone()).or_insert_with(|| Kept { now: stored.clone(), stored, asked, waiting: false, since: 0 });
        let was = std::mem::replace(&mut kept.now, now);
        if !std::mem::replace(&mut kept.waiting, true) {
            kept.since = command;
            table.waiting.push(key.clone());
        }
        if within {
            self.steps.push(Step { table: shape.table, key, was: known.then_some(was) });
        }
    }
    fn table(&mut self, shape: Shape) -> &mut Table {
        self.tables.entry(shape.table).or_insert_with(|| Table { shape, rows: HashMap::new(), whole: false, waiting: Vec::new() })
    }

    /// Begins a savepoint.
    pub fn mark(&mut self) {
        self.command += 1;
        self.frames.push(Frame { from: self.steps.len(), told: false });
    }
    /// Ends the newest savepoint; whether the database knows of it.
    pub fn keep_mark(&mut self) -> bool {
        self.command += 1;
        let told = self.frames.pop().is_some_and(|frame| frame.told);
        if self.frames.is_empty() {
            self.steps.clear();
        }
        told
    }
    /// Takes back everything since the newest savepoint; whether the database must take back as well.
    pub fn back_to_mark(&mut self) -> bool {
        let Some(frame) = self.frames.pop() else { return false };
        if frame.told {
            // What was written within it is gone, and what was read may have been written there.
            self.forget();
            self.steps.truncate(frame.from);
            return true;
        }
        for step in self.steps.drain(frame.from..).rev() {
            let Some(table) = self.tables.get_mut(step.table) else { continue };
            match (step.was, table.rows.get_mut(&step.key)) {
                (Some(was), Some(kept)) => kept.now = was,
                (None, Some(_)) => drop(table.rows.remove(&step.key)),
                (_, None) => {}
            }
        }
        false
    }
    /// How many savepoints the database has not been told of, oldest first.
    pub fn untold(&self) -> usize {
        self.frames.iter().filter(|frame| !frame.told).count()
    }
}
