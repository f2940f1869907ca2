//! Large books, made by SQL: the same rows at every run, no command executed for them. They hold what
//! lists, search and reports read, with every index in place; they have no daybook entries, so
//! `verify` would refuse them.

mod pour;
mod words;

use std::path::Path;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, params};

use crate::Outcome;
use crate::measure::mixed;
pub use pour::pour;
pub use words::{invoice_number, item_code, item_name, order_number, party_code, party_name, party_town};

/// 2021-01-01 00:00 UTC: what ids begin with, as the program's ids do.
const START_MS: i64 = 1_609_459_200_000;

/// How many customers the invoices go to.
const BUYERS: i64 = 20_000;

/// Customers, each with its search entry.
pub fn parties(books: &Path, count: i64) -> Outcome<()> {
    fill(books, &["party", "party_search"], &[(include_str!("../sql/parties.sql"), count)])
}

/// Items, each with its search entry.
pub fn items(books: &Path, count: i64) -> Outcome<()> {
    fill(books, &["item", "item_search"], &[(include_str!("../sql/items.sql"), count)])
}

/// Stock of the first `count` items.
pub fn stock(books: &Path, count: i64) -> Outcome<()> {
    fill(books, &["stock_level", "item_cost"], &[(include_str!("../sql/stock.sql"), count)])
}

/// The customer of the `n`-th invoice.
pub fn buyer(n: i64) -> i64 {
    1 + dice(n, 20, BUYERS)
}

/// Posted invoices with an entry of five lines each, their search entries and open items, and the
/// maintained balances.
pub fn documents(books: &Path, count: i64) -> Outcome<()> {
    let tables = ["billing_document", "billing_invoice_search", "journal_entry", "journal_line", "open_item", "account_balance", "party_balance"];
    fill(books, &tables, &[(include_str!("../sql/documents.sql"), count), (include_str!("../sql/balances.sql"), count)])
}

/// Runs `scripts` (each with its count as `?1`) while the tables have neither triggers nor indices of
/// their own, and makes those again.
fn fill(books: &Path, tables: &[&str], scripts: &[(&str, i64)]) -> Outcome<()> {
    let conn = Connection::open(books)?;
    conn.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -200000; BEGIN EXCLUSIVE")?;
    functions(&conn)?;
    let mut later = Vec::new();
    for table in tables {
        let sql = "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = ?1 AND type IN ('trigger', 'index') AND sql IS NOT NULL";
        let parts: Vec<[String; 3]> = conn.prepare(sql)?.query_map([table], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?.collect::<Result<_, _>>()?;
        for [kind, name, sql] in parts {
            conn.execute_batch(&format!("DROP {kind} {name}"))?;
            later.push(sql);
        }
    }
    for (script, count) in scripts {
        for statement in script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
            let mut prepared = conn.prepare(statement)?;
            if prepared.parameter_count() == 0 {
                prepared.execute([])?
            } else {
                prepared.execute([count])?
            };
        }
    }
    later.iter().try_for_each(|sql| conn.execute_batch(sql))?;
    conn.execute_batch("COMMIT; PRAGMA journal_mode = WAL")?;
    Ok(())
}

/// The name of the `n`-th row.
type Named = fn(i64) -> String;

/// What the scripts call: `gen_id(kind, n)`, `gen_dice(n, salt, limit)` and the names.
fn functions(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    daybook_core::db::spelling::register(conn).map_err(|e| rusqlite::Error::UserFunctionError(e.into()))?;
    conn.create_scalar_function("daybook_replaying", 0, flags | FunctionFlags::SQLITE_INNOCUOUS, |_| Ok(0))?;
    conn.create_scalar_function("gen_id", 2, flags, |cx| Ok(id(cx.get_raw(0).as_str().unwrap_or_default(), cx.get(1)?).to_vec()))?;
    conn.create_scalar_function("gen_dice", 3, flags, |cx| Ok(dice(cx.get(0)?, cx.get(1)?, cx.get(2)?)))?;
    let texts: [(&str, Named); 6] = [
        ("gen_party_code", party_code),
        ("gen_party_name", party_name),
        ("gen_party_town", party_town),
        ("gen_item_code", item_code),
        ("gen_item_name", item_name),
        ("gen_order_number", order_number),
    ];
    texts.into_iter().try_for_each(|(name, text)| conn.create_scalar_function(name, 1, flags, move |cx: &mut Context<'_>| cx.get(0).map(text)))
}

/// The id of the `n`-th row of a kind: a time stamp, then a hash, as the program's ids.
pub fn id(kind: &str, n: i64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&(START_MS + n).to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&blake3::hash(format!("{kind}:{n}").as_bytes()).as_bytes()[..10]);
    (bytes[6], bytes[8]) = (bytes[6] & 0x0f | 0x80, bytes[8] & 0x3f | 0x80);
    bytes
}

/// A number below `limit` that follows from `n` and `salt`.
fn dice(n: i64, salt: i64, limit: i64) -> i64 {
    let seed = n.unsigned_abs().wrapping_mul(0x1_0001).wrapping_add(salt.unsigned_abs() << 40);
    i64::try_from(mixed(seed) % limit.max(1).unsigned_abs()).unwrap_or(0)
}

/// How large the file is, in MB.
pub fn megabytes(books: &Path) -> Outcome<u64> {
    let conn = Connection::open(books)?;
    let pages: i64 = conn.query_row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", params![], |row| row.get(0))?;
    Ok(pages.unsigned_abs() / 1_000_000)
}
