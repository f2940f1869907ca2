//! Search over everything that the asker may see: what was typed exactly first, then what begins with it, then what has
//! the words, then what has words that are nearly those. And what rows are called.

use daybook_core::app::{App, records, register};
use daybook_core::db::spelling::folded;
use daybook_core::db::{Filter, ListQuery, Tx, list};
use daybook_core::identity::api::authorize;
use daybook_core::shared::command::read_args;
use daybook_core::shared::context::{Context, UserId};
use daybook_core::shared::error::Result;
use daybook_core::shared::record::RecordEntry;
use daybook_core::shared::value::Val;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::caption::{self, Caption};
use crate::records::{exact_hits, hit, nearly, word_hits};

/// The most hits of one record.
const EACH_MAX: u16 = 50;

/// So many rows with the words are looked at for those that begin with them.
const RANKED: u16 = 48;

#[derive(Deserialize)]
struct Find {
    text: String,
    #[serde(default)]
    records: Vec<String>,
    limit: Option<u16>,
}

/// How well a hit fits, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// Its code or number is what was typed, or a bar code of it.
    Exact,
    /// Its name begins with what was typed.
    Start,
    /// It has words that begin with what was typed.
    Words,
    /// It has words that differ by a letter.
    Near,
}

/// Finds rows by text: `limit` of each record, of the named records or of all.
pub fn find(app: &App, actor: UserId, args: Value) -> Result<Value> {
    let Find { text, records: named, limit } = read_args(args)?;
    let limit = limit.unwrap_or(6).clamp(1, EACH_MAX);
    let chosen = chosen(&named)?;
    app.read_as(actor, |tx, cx| {
        let mut hits: Vec<(Fit, Value)> = Vec::new();
        for record in chosen.into_iter().filter(|_| !text.trim().is_empty()) {
            if may_see(tx, cx, record) {
                let caption = caption::of(record);
                let rows = ranked(tx, cx.actor, record, &caption, text.trim(), limit)?;
                hits.extend(rows.iter().map(|(fit, row)| (*fit, shown(record, &caption, row, Some(*fit)))));
            }
        }
        hits.sort_by_key(|(fit, _)| *fit);
        Ok(json!({ "hits": hits.into_iter().map(|(_, hit)| hit).collect::<Vec<_>>() }))
    })
}

/// The records to look into, those that people look for most first. `record.unknown` when one is none.
fn chosen(named: &[String]) -> Result<Vec<&'static RecordEntry>> {
    if named.is_empty() {
        let mut all: Vec<&RecordEntry> = records().filter(|record| record.found).collect();
        all.sort_by_key(|record| !record.full_text);
        return Ok(all);
    }
    named.iter().map(|name| register().record(name)).collect()
}

fn may_see(tx: &mut Tx<'_>, cx: &Context, record: &RecordEntry) -> bool {
    tx.holds_table(record.table) && authorize(tx, cx.actor, record.needs).is_ok()
}

/// The rows of a record for what was typed, the best first; those that are nearly it when no other is.
pub fn ranked(tx: &mut Tx<'_>, actor: UserId, record: &'static RecordEntry, caption: &Caption, text: &str, limit: u16) -> Result<Vec<(Fit, Vec<Val>)>> {
    let mut rows: Vec<(Fit, Vec<Val>)> = exact_hits(tx, actor, record, caption, text)?.into_iter().map(|row| (Fit::Exact, row)).collect();
    let wanted = folded(text);
    for row in word_hits(tx, actor, record, caption, text, limit.max(RANKED))? {
        if rows.iter().all(|(_, known)| known.first() != row.first()) {
            let begins = folded(&caption::text_of(record, &row, caption.label)).starts_with(&wanted);
            rows.push((if begins { Fit::Start } else { Fit::Words }, row));
        }
    }
    if rows.is_empty() {
        rows.extend(nearly(tx, actor, record, text, limit)?.into_iter().map(|row| (Fit::Near, row)));
    }
    rows.sort_by_key(|(fit, _)| *fit);
    rows.truncate(usize::from(limit));
    Ok(rows)
}

fn shown(record: &RecordEntry, caption: &Caption, row: &[Val], fit: Option<Fit>) -> Value {
    let mut hit = hit(record, caption, row);
    if let Some(hit) = hit.as_object_mut() {
        hit.insert("record".to_owned(), record.table.into());
        hit.extend(fit.map(|fit| ("fit".to_owned(), json!(fit))));
    }
    hit
}

#[derive(Deserialize)]
struct Named {
    of: Vec<RowOf>,
}

#[derive(Deserialize)]
struct RowOf {
    record: String,
    id: String,
}

/// What the named rows are called, those that are there and may be seen.
pub fn named(app: &App, actor: UserId, args: Value) -> Result<Value> {
    let Named { of } = read_args(args)?;
    app.read_as(actor, |tx, cx| {
        let mut hits = Vec::new();
        for RowOf { record, id } in of.into_iter().take(usize::from(EACH_MAX)) {
            let record = register().record(&record)?;
            if let Some(key) = record.columns.first().filter(|_| may_see(tx, cx, record)) {
                let this = Filter { field: (*key).to_owned(), op: "=".to_owned(), value: id.into() };
                let rows = list(tx, record, &ListQuery { r#where: vec![this], limit: Some(1), seen_by: Some(cx.actor), ..ListQuery::default() })?.rows;
                hits.extend(rows.iter().map(|row| shown(record, &caption::of(record), row, None)));
            }
        }
        Ok(json!({ "hits": hits }))
    })
}

/// JSON Schema of the arguments of `records.find`.
pub fn schema() -> Value {
    json!({ "type": "object", "description": "Rows of any record by text: exact codes and numbers, words, words with one letter wrong.", "required": ["text"],
        "properties": {
            "text": { "type": "string" },
            "records": { "type": "array", "items": { "type": "string" }, "description": "where to look; everywhere when left out" },
            "limit": { "type": "integer", "minimum": 1, "maximum": EACH_MAX, "description": "of each record" } } })
}

/// JSON Schema of the arguments of `records.named`.
pub fn named_schema() -> Value {
    json!({ "type": "object", "description": "What rows are called, by record and id.", "required": ["of"], "properties": {
        "of": { "type": "array", "maxItems": EACH_MAX, "items": { "type": "object", "required": ["record", "id"], "properties": {
            "record": { "type": "string" }, "id": { "type": "string" } } } } } })
}
