//! One migration stream, two databases: both end with the same tables, columns, keys and checks.

use daybook_core::db::Tx;
use daybook_core::shared::Result;

use crate::support::{empty_books, empty_postgres};

const SQLITE: &str = "SELECT m.name, p.name, CASE WHEN p.\"notnull\" <> 0 THEN 'NO' ELSE 'YES' END, p.pk \
    FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE '%\\_fts%' ESCAPE '\\' \
    AND m.name NOT LIKE '%\\_cut' ESCAPE '\\' AND m.name NOT LIKE '%\\_search' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, p.name";

const POSTGRES: &str = "SELECT c.table_name::text, c.column_name::text, c.is_nullable::text, coalesce(k.ordinal_position, 0)::bigint \
    FROM information_schema.columns c \
    LEFT JOIN (SELECT kcu.* FROM information_schema.key_column_usage kcu JOIN information_schema.table_constraints tc \
        ON tc.constraint_name = kcu.constraint_name AND tc.table_schema = kcu.table_schema AND tc.constraint_type = 'PRIMARY KEY') k \
      ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = c.column_name \
    WHERE c.table_schema = current_schema() AND c.table_name NOT IN (SELECT table_name FROM information_schema.views WHERE table_schema = current_schema()) ORDER BY c.table_name::text COLLATE \"C\", c.column_name::text COLLATE \"C\"";

fn columns(tx: &mut Tx<'_>, sql: &str) -> Result<Vec<String>> {
    let rows: Vec<(String, String, String, i64)> = tx.all(sql, &[])?;
    Ok(rows.into_iter().map(|(table, column, null, key)| format!("{table}.{column} null={null} key={key}")).collect())
}

#[test]
fn both_databases_end_with_the_same_tables() {
    let sqlite = empty_books().app.read(|tx, _| columns(tx, SQLITE)).unwrap();
    let Some(books) = empty_postgres() else { return };
    let postgres = books.app.read(|tx, _| columns(tx, POSTGRES)).unwrap();
    assert_eq!(sqlite, postgres);
}

#[test]
fn every_record_fits_its_table() {
    let books = empty_books();
    for record in daybook_core::app::records() {
        let sql = format!("SELECT \"{}\" FROM {} LIMIT 1", record.columns.join("\", \""), record.table);
        books.app.read(|tx, _| tx.each(&sql, &[], |_| Ok(()))).unwrap_or_else(|e| panic!("{}: {e}", record.table));
        if record.view {
            continue;
        }
        let info: Vec<(String, i64)> =
            books.app.read(|tx, _| tx.all("SELECT name, pk FROM pragma_table_info(?1) ORDER BY pk", daybook_core::vals![record.table.to_owned()])).unwrap();
        let keys: Vec<&str> = info.iter().filter(|(_, pk)| *pk > 0).map(|(name, _)| name.as_str()).collect();
        assert_eq!(keys, record.columns[..record.keys], "{}", record.table);
        assert_eq!(info.len(), record.columns.len(), "{}: a column is not in the record", record.table);
    }
}
