//! Search as one types, by the index of words that the record has: FTS5 on SQLite, tsvector on PostgreSQL.

use std::collections::BTreeSet;

use sea_query::{Cond, Expr, SelectStatement};

use crate::db::portable::Dialect;
use crate::db::spelling::folded;
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
        let asked = question(dialect, text, &words);
        statement.and_where(Expr::cust_with_values(found(dialect, record, CAP), [asked]));
        return;
    }
    let mark = if dialect == Dialect::Sqlite { "?" } else { "$1" };
    for word in words {
        let pattern = format!("% {word}%");
        let holds = |column: &&str| Expr::cust_with_values(format!("{} LIKE {mark}", words_of(column)), [pattern.clone()]);
        statement.cond_where(record.search.iter().fold(Cond::any(), |any, column| any.add(holds(column))));
    }
}

/// The condition that a row is among the first `most` that the index gives for what it is asked.
pub(super) fn found(dialect: Dialect, record: &RecordEntry, most: u64) -> String {
    match dialect {
        Dialect::Sqlite => format!("id IN (SELECT s.id FROM {}_search s WHERE s.n IN ({}))", record.table, hits(record, most)),
        Dialect::Postgres => format!("id IN (SELECT {}_found(CAST(CAST($1 AS text) AS tsquery)))", record.table),
    }
}

/// Asks for words that begin with `word`, or are one of the others.
pub(super) fn any_of(dialect: Dialect, word: &str, others: &BTreeSet<String>) -> String {
    let begins = match dialect {
        Dialect::Sqlite => format!("\"{word}\"*"),
        Dialect::Postgres => format!("'{}':*", folded(word)),
    };
    let quote = if dialect == Dialect::Sqlite { '"' } else { '\'' };
    let others = others.iter().map(|other| format!("{quote}{other}{quote}"));
    format!("({})", [begins].into_iter().chain(others).collect::<Vec<_>>().join(or(dialect)))
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
    let asked = question(Dialect::Sqlite, text, &words);
    let found: i64 = tx.one(&format!("SELECT count(*) FROM ({})", hits(record, CAP + 1)), &[Val::Text(asked)])?;
    Ok(found > CAP.cast_signed())
}

/// At most `limit` hits in the full-text index, by the number of their copy.
fn hits(record: &RecordEntry, limit: u64) -> String {
    let order = if record.order.descending { "rowid DESC" } else { "rowid" };
    format!("SELECT rowid FROM {t}_fts WHERE {t}_fts MATCH ? ORDER BY {order} LIMIT {limit}", t = record.table)
}

/// All words, or, where an amount was typed, its figures: that is how the index has it.
fn question(dialect: Dialect, text: &str, words: &[String]) -> String {
    let begins = |word: &String| any_of(dialect, word, &BTreeSet::new());
    let all = words.iter().map(begins).collect::<Vec<_>>().join(and(dialect));
    let figures = amount(text).map(|figures| format!("{}{}", or(dialect), begins(&figures))).unwrap_or_default();
    format!("({all}){figures}")
}

/// The typed words, in small letters: at most eight.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8).map(str::to_lowercase).collect()
}

/// The figures of an amount with decimals: `1,234.50` is `123450`.
fn amount(text: &str) -> Option<String> {
    let (whole, decimals) = text.trim().rsplit_once(['.', ','])?;
    let figures = |part: &str, lengths: std::ops::RangeInclusive<usize>| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let mut groups = whole.split(['.', ',', '\'', ' ']);
    let first = groups.next().is_some_and(|first| figures(first, 1..=12));
    let is_amount = first && groups.all(|group| figures(group, 3..=3)) && figures(decimals, 1..=3);
    is_amount.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

/// A column as words with a space before each: what is not a letter or digit parts them.
fn words_of(column: &str) -> String {
    let plain = ["-", ".", "@", "/", "_", ",", "(", "&"].iter().fold(format!("lower({column})"), |text, sign| format!("replace({text}, '{sign}', ' ')"));
    format!("' ' || {plain}")
}
