//! Search for what was meant when nothing has the words that were typed: rows with words that differ from them
//! by one letter.

use std::collections::BTreeSet;

use sea_query::{Alias, Expr};

use super::{ListQuery, fetch, rows, search, typed};
use crate::db::portable::Dialect;
use crate::db::spelling::{SHORTEST, are_near, has_letters_only, variants, words};
use crate::db::tx::Tx;
use crate::shared::error::Result;
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// How many rows are compared with what was typed.
const COMPARED: u64 = 200;
/// How many rows of a record without an index are.
const LOOKED_AT: u64 = 2_000;
/// The most words that one typed word may mean.
const MEANT: usize = 40;

/// The rows of `record` whose words are at most one letter from the typed ones each, the nearest first. Where short
/// words stand in the way, they need not be there. Pages and order of `query` do not count.
pub fn list_near(tx: &mut Tx<'_>, record: &RecordEntry, query: &ListQuery) -> Result<Vec<Vec<Val>>> {
    let typed: Vec<String> = typed(query).into_iter().flat_map(words).take(8).collect();
    let longer: Vec<String> = typed.iter().filter(|word| is_corrected(word)).cloned().collect();
    if longer.is_empty() || record.search.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = candidates(tx, record, query, &typed)?;
    if found.is_empty() && record.full_text && longer.len() < typed.len() {
        found = candidates(tx, record, query, &longer)?;
    }
    Ok(nearest(record, &typed, found, usize::from(query.limit.unwrap_or(12))))
}

/// The rows that may have these words, misspelt or not.
fn candidates(tx: &mut Tx<'_>, record: &RecordEntry, query: &ListQuery, wanted: &[String]) -> Result<Vec<Vec<Val>>> {
    let mut statement = rows(tx.dialect(), record, &(record.fields)(), &ListQuery { text: None, ..query.clone() })?;
    statement.columns(record.columns.iter().map(|column| Alias::new(*column)));
    if record.full_text {
        let asked = asked(tx, record, wanted)?;
        statement.and_where(Expr::cust_with_values(search::found(tx.dialect(), record, COMPARED, ""), [asked]));
    }
    statement.limit(LOOKED_AT);
    fetch(tx, &statement)
}

/// The first `most`, those with the fewest letters wrong and the fewest other words first.
fn nearest(record: &RecordEntry, typed: &[String], found: Vec<Vec<Val>>, most: usize) -> Vec<Vec<Val>> {
    let mut ranked: Vec<(usize, usize, Vec<Val>)> = Vec::new();
    for row in found {
        let said = said(record, &row);
        let far = typed.iter().map(|word| distance(word, &said)).sum();
        // What the index looks into beside the columns (bar codes) is not seen here.
        if record.full_text || far <= typed.len() {
            ranked.push((far, said.len(), row));
        }
    }
    ranked.sort_by_key(|(far, length, _)| (*far, *length));
    ranked.truncate(most);
    ranked.into_iter().map(|(.., row)| row).collect()
}

fn is_corrected(word: &str) -> bool {
    word.chars().count() >= SHORTEST
}

/// The words of a row in the columns that a search looks into.
fn said(record: &RecordEntry, row: &[Val]) -> Vec<String> {
    let texts = record.columns.iter().zip(row).filter(|(column, _)| record.search.contains(column));
    texts.filter_map(|(_, val)| if let Val::Text(text) = val { Some(text) } else { None }).flat_map(|text| words(text)).collect()
}

/// 0 when a word begins with the typed one, 1 when one is near it, else more than any near one comes to.
fn distance(typed: &str, said: &[String]) -> usize {
    match () {
        () if said.iter().any(|word| word.starts_with(typed)) => 0,
        () if is_corrected(typed) && said.iter().any(|word| are_near(typed, word)) => 1,
        () => 10,
    }
}

/// The question to the index.
fn asked(tx: &mut Tx<'_>, record: &RecordEntry, typed: &[String]) -> Result<String> {
    let mut parts = Vec::with_capacity(typed.len());
    for word in typed {
        let meant = meant(tx, record, word)?;
        parts.push(search::any_of(tx.dialect(), word, &meant));
    }
    Ok(parts.join(search::and(tx.dialect())))
}

/// The words that a typed one may mean: on SQLite those that are there (0036), elsewhere all that there may be.
fn meant(tx: &mut Tx<'_>, record: &RecordEntry, word: &str) -> Result<BTreeSet<String>> {
    if !is_corrected(word) {
        return Ok(BTreeSet::new());
    }
    match (has_letters_only(word), tx.dialect()) {
        (true, Dialect::Sqlite) => {
            let cuts = serde_json::json!(crate::db::spelling::cuts(word)).to_string();
            let sql = format!("SELECT DISTINCT word FROM {}_cut WHERE cut IN (SELECT value FROM json_each(?1))", record.table);
            let all: Vec<(String,)> = tx.all(&sql, &[Val::Text(cuts)])?;
            Ok(all.into_iter().map(|(other,)| other).filter(|other| other != word && are_near(word, other)).take(MEANT).collect())
        }
        (letters, _) => Ok(variants(word, letters)),
    }
}
