//! Books as an older program left them: its schema, filled with what newer books hold.

use std::path::Path;
use std::sync::Arc;

use daybook_core::db::{Books, PgBooks, PgPool};
use postgres::{Client, NoTls};
use rusqlite::Connection;

use crate::Outcome;

/// The newest migration of the older program: the price at which an item is bought lay in the item.
const SCHEMA: i64 = 34;

const PRICE: &str = "UPDATE item SET purchase_price = (SELECT p.purchase_price FROM newer.purchase_price p WHERE p.item = item.id)";
const COLUMNS: &str =
    "SELECT group_concat('\"' || mine.name || '\"', ', ') FROM pragma_table_info(?1, 'main') mine JOIN pragma_table_info(?1, 'newer') USING (name)";
const TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migration'";

/// Turns a books file that nobody has open into an older one. Entries, rows and digests stay.
pub fn file(books: &Path) -> Outcome<()> {
    let older = books.with_extension("older");
    Books::create_older(&older, SCHEMA)?;
    let conn = Connection::open(&older)?;
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE")?;
    conn.execute("ATTACH ?1 AS newer", [books.to_str().ok_or("the name is no text")?])?;
    conn.execute_batch("BEGIN")?;
    let triggers: Vec<(String, String)> = pairs(&conn, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")?;
    triggers.iter().try_for_each(|(name, _)| conn.execute_batch(&format!("DROP TRIGGER {name}")))?;
    for table in names(&conn, TABLES)? {
        let columns: Option<String> = conn.query_row(COLUMNS, [&table], |row| row.get(0))?;
        if let Some(columns) = columns {
            conn.execute_batch(&format!("DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}"))?;
        }
    }
    conn.execute_batch(PRICE)?;
    for words in names(&conn, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'")? {
        conn.execute_batch(&format!("INSERT INTO {words} ({words}) VALUES ('rebuild')"))?;
    }
    triggers.iter().try_for_each(|(_, sql)| conn.execute_batch(sql))?;
    conn.execute_batch("COMMIT; DETACH newer")?;
    drop(conn);
    Ok(std::fs::rename(older, books)?)
}

fn names(conn: &Connection, sql: &str) -> Outcome<Vec<String>> {
    Ok(conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn pairs(conn: &Connection, sql: &str) -> Outcome<Vec<(String, String)>> {
    Ok(conn.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
}

/// Turns the schema of a tenant into an older one. `url` must name somebody who may do everything.
pub fn schema(url: &str, pool: &Arc<PgPool>, tenant: &str) -> Outcome<()> {
    let (own, newer) = (format!("\"daybook_{tenant}\""), format!("\"newer_{tenant}\""));
    let mut client = Client::connect(url, NoTls)?;
    client.batch_execute(&format!("ALTER SCHEMA {own} RENAME TO {newer}; CREATE SCHEMA {own} AUTHORIZATION {own}"))?;
    PgBooks::create_older(Arc::clone(pool), tenant, SCHEMA)?;
    let filled = include_str!("../sql/older.postgres.sql").replace("{own}", &own).replace("{newer}", &newer);
    Ok(client.batch_execute(&filled)?)
}
