//! Rows from generated books into those of a firm on PostgreSQL, as SQL: nobody waits for a door.

use std::path::Path;

use daybook_core::app::App;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::Outcome;

/// So many rows share a statement, and so many statements a transaction.
const ROWS: usize = 2_000;
const STATEMENTS: usize = 25;

/// Puts all rows of `table` in the file `books` into the same table of `firm`.
pub fn pour(books: &Path, table: &str, firm: &App) -> Outcome<()> {
    let conn = Connection::open(books)?;
    let mut found = conn.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = found.column_names().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let width = found.column_count();
    let mut rows = found.query([])?;
    let (mut values, mut waiting) = (Vec::new(), Vec::new());
    let mut more = true;
    while more {
        match rows.next()? {
            Some(row) => {
                values.push(format!("({})", (0..width).map(|place| Ok(literal(row.get_ref(place)?))).collect::<rusqlite::Result<Vec<_>>>()?.join(", ")))
            }
            None => more = false,
        }
        if !values.is_empty() && (values.len() == ROWS || !more) {
            waiting.push(format!("INSERT INTO {table} ({columns}) VALUES {}", values.join(", ")));
            values.clear();
        }
        if waiting.len() == STATEMENTS || !more {
            firm.storage().write(|tx| waiting.iter().try_for_each(|sql| tx.raw(sql)))?;
            waiting.clear();
        }
    }
    Ok(())
}

/// A value as SQL says it; the only bytes in generated rows are ids.
fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(int) => int.to_string(),
        ValueRef::Real(real) => real.to_string(),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''")),
        ValueRef::Blob(bytes) => format!("'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
    }
}
