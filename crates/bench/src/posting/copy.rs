//! Reads back what the program wrote for one invoice, as the statements that write it again: new rows
//! as they are, counters and balances by `UPDATE` and upsert, as one would write them by hand.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::bare::Step;
use crate::Outcome;

/// New rows: table, and which of its rows belong to the entry at `?1`.
const NEW: &[(&str, &str)] = &[
    ("billing_line", "document = (SELECT subject FROM event WHERE pos = ?1)"),
    ("billing_adjustment", "document = (SELECT subject FROM event WHERE pos = ?1)"),
    ("billing_tax", "document = (SELECT subject FROM event WHERE pos = ?1)"),
    ("billing_party", "document = (SELECT subject FROM event WHERE pos = ?1)"),
    ("billing_identifier", "document = (SELECT subject FROM event WHERE pos = ?1)"),
    ("billing_detail", "document = (SELECT subject FROM event WHERE pos = ?1)"),
    ("number_issued", "subject = (SELECT subject FROM event WHERE pos = ?1)"),
    ("journal_line", "entry IN (SELECT id FROM journal_entry WHERE source_id = (SELECT subject FROM event WHERE pos = ?1))"),
    ("journal_entry", "source_id = (SELECT subject FROM event WHERE pos = ?1)"),
    ("open_item", "entry IN (SELECT id FROM journal_entry WHERE source_id = (SELECT subject FROM event WHERE pos = ?1))"),
    ("billing_document", "id = (SELECT subject FROM event WHERE pos = ?1)"),
    ("stock_move", "source_id = (SELECT subject FROM event WHERE pos = ?1)"),
    ("daybook", "pos = ?1"),
    ("daybook_undo", "pos = ?1"),
    ("event", "pos = ?1"),
];

/// Rows that change: the question that gives the values, and the statement that takes them.
const CHANGED: &[(&str, &str)] = &[
    (
        "SELECT hash, series FROM number_issued WHERE subject = (SELECT subject FROM event WHERE pos = ?1)",
        "UPDATE number_series SET last = last + 1, last_hash = ?1 WHERE id = ?2",
    ),
    (
        "SELECT journal, year FROM journal_entry WHERE source_id = (SELECT subject FROM event WHERE pos = ?1)",
        "UPDATE entry_series SET last = last + 1 WHERE journal = ?1 AND year = ?2",
    ),
    (
        "SELECT account, substr(date, 1, 7), sum(debit), sum(credit) FROM journal_line WHERE entry IN \
         (SELECT id FROM journal_entry WHERE source_id = (SELECT subject FROM event WHERE pos = ?1)) GROUP BY account",
        "INSERT INTO account_balance (account, month, debit, credit) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (account, month) DO UPDATE SET debit = debit + excluded.debit, credit = credit + excluded.credit",
    ),
    (
        "SELECT party, account, substr(date, 1, 7), sum(debit), sum(credit) FROM journal_line WHERE party IS NOT NULL AND entry IN \
         (SELECT id FROM journal_entry WHERE source_id = (SELECT subject FROM event WHERE pos = ?1)) GROUP BY party, account",
        "INSERT INTO party_balance (party, account, month, debit, credit) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (party, account, month) DO UPDATE SET debit = debit + excluded.debit, credit = credit + excluded.credit",
    ),
    (
        "SELECT item, from_location, -quantity FROM stock_move WHERE source_id = (SELECT subject FROM event WHERE pos = ?1) \
         UNION ALL SELECT item, to_location, quantity FROM stock_move WHERE source_id = (SELECT subject FROM event WHERE pos = ?1)",
        "INSERT INTO stock_level (item, location, quantity) VALUES (?1, ?2, ?3) ON CONFLICT (item, location) DO UPDATE SET quantity = quantity + excluded.quantity",
    ),
    (
        "SELECT item, quantity, value FROM stock_move WHERE source_id = (SELECT subject FROM event WHERE pos = ?1)",
        "UPDATE item_cost SET quantity = quantity - ?2, value = value - ?3 WHERE item = ?1",
    ),
    ("SELECT ?1 - 1000", "DELETE FROM daybook_undo WHERE pos <= ?1"),
];

/// Reads the program's books while it has them open.
pub struct Copy {
    conn: Connection,
    inserts: HashMap<&'static str, Arc<str>>,
    written: usize,
}

impl Copy {
    /// Of the books at `path`.
    pub fn of(path: &Path) -> Outcome<Self> {
        let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(Copy { conn, inserts: HashMap::new(), written: 0 })
    }
    /// The statements that write what the entry at `pos` wrote.
    pub fn steps(&mut self, pos: i64) -> Outcome<Vec<Step>> {
        let mut steps = Vec::new();
        for (table, which) in NEW {
            for values in self.rows(&format!("SELECT * FROM {table} WHERE {which}"), pos)? {
                steps.push(Step { sql: self.insert(table, values.len()), values });
            }
        }
        for (question, statement) in CHANGED {
            steps.extend(self.rows(question, pos)?.into_iter().map(|values| Step { sql: (*statement).into(), values }));
        }
        self.written = steps.len() - 1;
        Ok(steps)
    }
    /// How many rows the last invoice took.
    pub fn written(&self) -> usize {
        self.written
    }
    fn insert(&mut self, table: &'static str, columns: usize) -> Arc<str> {
        let marks = || (1..=columns).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        Arc::clone(self.inserts.entry(table).or_insert_with(|| format!("INSERT INTO {table} VALUES ({})", marks()).into()))
    }
    fn rows(&self, sql: &str, pos: i64) -> Outcome<Vec<Vec<Value>>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let columns = statement.column_count();
        let rows = statement.query_map([pos], |row| (0..columns).map(|at| row.get(at)).collect())?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
