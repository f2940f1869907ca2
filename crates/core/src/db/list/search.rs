//! Search as one types, by FTS5 where the record has an index of it.

use sea_query::{Cond, Expr, SelectStatement};

use crate::db::portable::Dialect;
use crate::db::tx::Tx;
use crate::shared::error::Result;
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// How many hits of an index a search considers.
const CAP: i64 = 500;

/// Restricts to rows whose search columns hold every typed word as the beginning of a word. Of more hits
/// than a search considers, those count that were written last where the list begins with the newest.
pub(super) fn add(statement: &mut SelectStatement, dialect: Dialect, record: &RecordEntry, text: &str) {
    let words = words(text);
    if words.is_empty() || record.search.is_empty() {
        statement.and_where(Expr::cust("1 = 0"));
        return;
    }
    match dialect {
        Dialect::Sqlite if record.full_text => {
            let sql = format!("id IN (SELECT s.id FROM {}_search s WHERE s.n IN ({}))", record.table, hits(record, CAP));
            statement.and_where(Expr::cust_with_values(sql, [matching(&words)]));
        }
        _ => {
            let mark = if dialect == Dialect::Sqlite { "?" } else { "$1" };
            for word in words {
                let pattern = format!("% {word}%");
                let holds = |column: &&str| Expr::cust_with_values(format!("{} LIKE {mark}", words_of(column)), [pattern.clone()]);
                statement.cond_where(record.search.iter().fold(Cond::any(), |any, column| any.add(holds(column))));
            }
        }
    }
}

/// Whether the index has more hits than a search considers.
pub(super) fn is_capped(tx: &mut Tx<'_>, record: &RecordEntry, text: &str) -> Result<bool> {
    let words = words(text);
    if tx.dialect() != Dialect::Sqlite || !record.full_text || words.is_empty() {
        return Ok(false);
    }
    let found: i64 = tx.one(&format!("SELECT count(*) FROM ({})", hits(record, CAP + 1)), &[Val::Text(matching(&words))])?;
    Ok(found > CAP)
}

/// At most `limit` hits in the full-text index, by the number of their copy.
fn hits(record: &RecordEntry, limit: i64) -> String {
    let order = if record.order.descending { "rowid DESC" } else { "rowid" };
    format!("SELECT rowid FROM {t}_fts WHERE {t}_fts MATCH ? ORDER BY {order} LIMIT {limit}", t = record.table)
}

/// The typed words, in small letters: at most eight.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8).map(str::to_lowercase).collect()
}

/// The words as FTS5 is asked for them.
fn matching(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
}

/// A column as words with a space before each: what is not a letter or digit parts them.
fn words_of(column: &str) -> String {
    let plain = ["-", ".", "@", "/", "_", ",", "(", "&"].iter().fold(format!("lower({column})"), |text, sign| format!("replace({text}, '{sign}', ' ')"));
    format!("' ' || {plain}")
}
