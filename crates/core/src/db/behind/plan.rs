//! What waits, as rows to insert, to change and to remove, table by table.

use std::collections::HashMap;

use super::super::shape::Shape;
use super::{Behind, Kept, Row, Table};
use crate::shared::value::Val;

/// What is to be written into one table.
pub struct Writes {
    /// The table.
    pub shape: Shape,
    /// New rows.
    pub inserts: Vec<Row>,
    /// Changed rows, by the places of the columns that differ.
    pub updates: Vec<(Vec<usize>, Vec<Row>)>,
    /// Keys of rows that go.
    pub deletes: Vec<Row>,
}

/// Rows as they were at a savepoint; `None` for those of which nothing was known.
type Past = HashMap<(&'static str, Vec<Val>), Option<Option<Row>>>;

impl Behind {
    /// Takes everything that waits.
    pub fn take_writes(&mut self) -> Vec<Writes> {
        self.writes_of(&Past::new())
    }
    /// Takes what waited when the oldest savepoint began of which the database has not been told, and notes
    /// that it is told now.
    pub fn take_writes_before_mark(&mut self) -> Vec<Writes> {
        let Some(frame) = self.frames.iter_mut().find(|frame| !frame.told) else { return Vec::new() };
        frame.told = true;
        let mut past = Past::new();
        for step in self.steps.iter().skip(frame.from).rev() {
            past.insert((step.table, step.key.clone()), step.was.clone());
        }
        self.writes_of(&past)
    }
    fn writes_of(&mut self, past: &Past) -> Vec<Writes> {
        self.tables.values_mut().filter(|table| !table.waiting.is_empty()).map(|table| table.writes(past)).collect()
    }
}

impl Table {
    fn writes(&mut self, past: &Past) -> Writes {
        let mut writes = Writes { shape: self.shape, inserts: Vec::new(), updates: Vec::new(), deletes: Vec::new() };
        for key in std::mem::take(&mut self.waiting) {
            let Some(kept) = self.rows.get_mut(&key) else { continue };
            let target = match past.get(&(self.shape.table, key.clone())) {
                None => kept.now.clone(),
                Some(Some(was)) => was.clone(),
                Some(None) => kept.stored.clone(),
            };
            let before = std::mem::replace(&mut kept.stored, target);
            writes.add(before.as_ref(), kept.stored.as_ref());
            self.settle(key);
        }
        writes
    }
    /// A row that differs from what the database has goes on waiting; a new one is not kept.
    fn settle(&mut self, key: Vec<Val>) {
        let Some(kept) = self.rows.get_mut(&key) else { return };
        kept.waiting = kept.now != kept.stored;
        match kept {
            Kept { waiting: true, .. } => self.waiting.push(key),
            Kept { asked: false, .. } if !self.whole => drop(self.rows.remove(&key)),
            Kept { .. } => {}
        }
    }
}

impl Writes {
    fn add(&mut self, before: Option<&Row>, after: Option<&Row>) {
        match (before, after) {
            (None, None) => {}
            (None, Some(row)) => self.inserts.push(row.clone()),
            (Some(row), None) => self.deletes.push(self.shape.key(row).to_vec()),
            (Some(old), Some(new)) => self.change(old, new),
        }
    }
    fn change(&mut self, old: &Row, new: &Row) {
        let places: Vec<usize> = old.iter().zip(new).enumerate().filter(|(_, (a, b))| a != b).map(|(place, _)| place).collect();
        if places.is_empty() {
            return;
        }
        match self.updates.iter_mut().find(|(known, _)| *known == places) {
            Some((_, rows)) => rows.push(new.clone()),
            None => self.updates.push((places, vec![new.clone()])),
        }
    }
}
