//! Search as one types, by the index of words that the record has: FTS5 on SQLite, tsvector on PostgreSQL.

use std::collections::BTreeSet;

use sea_query::{Cond, Expr, SelectStatement};
use unicode_normalization::UnicodeNormalization;

use crate::db::portable::Dialect;
use crate::db::spelling::{folded, is_of_word};
use crate::db::tx::Tx;
use crate::shared::error::Result;
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// How many hits of an index a search considers.
const CAP: u64 = 500;

/// Restricts to rows whose search columns hold every typed word as the beginning of a word. Of more hits
/// than a search considers, those count that were written last where the list begins with the newest.
pub(super) fn add(statement: &mut SelectStatement, dialect: Dialect, record: &RecordEntry, text: &str) {
    let words = words(text);
    if words.is_empty() || record.search.is_empty() {
        statement.and_where(Expr::cust("1 = 0"));
        return;
    }
    if record.full_text {
        let of_amount = record.amount.map(|column| with_amount(record, column, text)).unwrap_or_default();
        statement.and_where(Expr::cust_with_values(found(dialect, record, CAP, &of_amount), [question(dialect, &words)]));
        return;
    }
    let mark = if dialect == Dialect::Sqlite { "?" } else { "$1" };
    for word in words {
        let pattern = format!("% {word}%");
        let holds = |column: &&str| Expr::cust_with_values(format!("{} LIKE {mark}", words_of(column)), [pattern.clone()]);
        statement.cond_where(record.search.iter().fold(Cond::any(), |any, column| any.add(holds(column))));
    }
}

/// The condition that a row is among the first `most` that the index gives for what it is asked, or those that
/// another statement gives.
pub(super) fn found(dialect: Dialect, record: &RecordEntry, most: u64, others: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("id IN (SELECT s.id FROM {}_search s WHERE s.n IN ({}){others})", record.table, hits(record, most)),
        Dialect::Postgres => format!("id IN (SELECT {}_found(CAST(CAST($1 AS text) AS tsquery)){others})", record.table),
    }
}

/// The rows whose amount was typed, whatever its sign.
fn with_amount(record: &RecordEntry, column: &str, text: &str) -> String {
    let amounts: Vec<String> = amounts(text).into_iter().flat_map(|amount| [amount.to_string(), format!("-{amount}")]).collect();
    if amounts.is_empty() { String::new() } else { format!(" UNION ALL SELECT id FROM {} WHERE {column} IN ({})", record.table, amounts.join(", ")) }
}

/// Asks for words that begin with `word`, or are one of the others; for a number that is written together, also for
/// its parts (`PO4711` is `PO-4711`).
pub(super) fn any_of(dialect: Dialect, word: &str, others: &BTreeSet<String>) -> String {
    let quote = if dialect == Dialect::Sqlite { '"' } else { '\'' };
    let parts = parts(word);
    let apart = parts.iter().map(|part| begins(dialect, part)).collect::<Vec<_>>().join(and(dialect));
    let apart = (parts.len() > 1 && !others.is_empty()).then(|| format!("({apart})"));
    let others = others.iter().map(|other| format!("{quote}{other}{quote}"));
    format!("({})", [begins(dialect, word)].into_iter().chain(others).chain(apart).collect::<Vec<_>>().join(or(dialect)))
}

fn begins(dialect: Dialect, word: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("\"{word}\"*"),
        Dialect::Postgres => format!("'{}':*", folded(word)),
    }
}

/// The letters and the figures of a word, each for itself.
fn parts(word: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut was = None;
    for c in word.chars() {
        match parts.last_mut().filter(|_| was == Some(c.is_numeric())) {
            Some(part) => part.push(c),
            None => parts.push(c.to_string()),
        }
        was = Some(c.is_numeric());
    }
    parts
}

/// Between parts of which one must be there.
fn or(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Sqlite { " OR " } else { " | " }
}

/// Between parts that must all be there.
pub(super) fn and(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Sqlite { " AND " } else { " & " }
}

/// Whether the index has more hits than a search considers.
pub(super) fn is_capped(tx: &mut Tx<'_>, record: &RecordEntry, text: &str) -> Result<bool> {
    let words = words(text);
    if tx.dialect() != Dialect::Sqlite || !record.full_text || words.is_empty() {
        return Ok(false);
    }
    let asked = question(Dialect::Sqlite, &words);
    let found: i64 = tx.one(&format!("SELECT count(*) FROM ({})", hits(record, CAP + 1)), &[Val::Text(asked)])?;
    Ok(found > CAP.cast_signed())
}

/// At most `limit` hits in the full-text index, by the number of their copy.
fn hits(record: &RecordEntry, limit: u64) -> String {
    let order = if record.order.descending { "rowid DESC" } else { "rowid" };
    format!("SELECT rowid FROM {t}_fts WHERE {t}_fts MATCH ? ORDER BY {order} LIMIT {limit}", t = record.table)
}

/// All words, each as the beginning of one.
fn question(dialect: Dialect, words: &[String]) -> String {
    words.iter().map(|word| any_of(dialect, word, &BTreeSet::new())).collect::<Vec<_>>().join(and(dialect))
}

/// The typed words, in small letters, marks put together with what they stand on: at most eight.
fn words(text: &str) -> Vec<String> {
    let text: String = text.nfc().collect();
    text.split(|c: char| !is_of_word(c)).filter(|word| !folded(word).is_empty()).take(8).map(str::to_lowercase).collect()
}

/// What a typed amount may be in minor units, with 0, 2 or 3 decimals: `1,234.5` is 123 450, or 1 234 500.
fn amounts(text: &str) -> Vec<u64> {
    let figures = |part: &str, lengths: std::ops::RangeInclusive<usize>| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, decimals) = text.trim().rsplit_once(['.', ',']).unwrap_or((text.trim(), ""));
    let mut groups = whole.split(['.', ',', '\'', ' ']);
    let first = groups.next().is_some_and(|first| figures(first, 1..=12));
    if !first || !groups.all(|group| figures(group, 3..=3)) || !figures(decimals, 0..=3) {
        return Vec::new();
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let times: &[u64] = match decimals.len() {
        0 => &[1, 100, 1000],
        1 => &[10, 100],
        2 => &[1, 10],
        // Three may also be a group of thousands.
        _ => &[1, 100],
    };
    digits.parse().map(|typed: u64| times.iter().filter_map(|by| typed.checked_mul(*by)).collect()).unwrap_or_default()
}

/// A column as words with a space before each: what is not a letter or digit parts them.
fn words_of(column: &str) -> String {
    let plain = ["-", ".", "@", "/", "_", ",", "(", "&"].iter().fold(format!("lower({column})"), |text, sign| format!("replace({text}, '{sign}', ' ')"));
    format!("' ' || {plain}")
}
