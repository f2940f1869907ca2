//! Search over everything that the asker may see: what was typed exactly first, then what has the words, then
//! what has words that are nearly those.

use daybook_core::app::{App, records, register};
use daybook_core::db::Tx;
use daybook_core::identity::api::authorize;
use daybook_core::shared::command::read_args;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::Result;
use daybook_core::shared::record::RecordEntry;
use daybook_core::shared::value::Val;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::caption::{self, Caption};
use crate::records::{exact_hits, hit, nearly, word_hits};

/// The most hits of one record.
const EACH_MAX: u16 = 50;

#[derive(Deserialize)]
struct Find {
    text: String,
    #[serde(default)]
    records: Vec<String>,
    limit: Option<u16>,
}

/// How well a hit fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Its code or number is what was typed.
    Exact,
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
        for record in chosen {
            if tx.holds_table(record.table) && authorize(tx, cx.actor, record.needs).is_ok() {
                hits.extend(hits_of(tx, record, text.trim(), limit)?);
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

fn hits_of(tx: &mut Tx<'_>, record: &'static RecordEntry, text: &str, limit: u16) -> Result<Vec<(Fit, Value)>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let caption = caption::of(record);
    let mut rows: Vec<(Fit, Vec<Val>)> = exact_hits(tx, record, &caption, text)?.into_iter().map(|row| (Fit::Exact, row)).collect();
    for row in word_hits(tx, record, &caption, text, limit)? {
        if rows.iter().all(|(_, known)| known.first() != row.first()) {
            rows.push((Fit::Words, row));
        }
    }
    if rows.is_empty() {
        rows.extend(nearly(tx, record, text, limit)?.into_iter().map(|row| (Fit::Near, row)));
    }
    rows.truncate(usize::from(limit));
    Ok(rows.iter().map(|(fit, row)| (*fit, shown(record, &caption, *fit, row))).collect())
}

fn shown(record: &RecordEntry, caption: &Caption, fit: Fit, row: &[Val]) -> Value {
    let mut hit = hit(record, caption, row);
    if let Some(hit) = hit.as_object_mut() {
        hit.insert("record".to_owned(), record.table.into());
        hit.insert("near".to_owned(), (fit == Fit::Near).into());
    }
    hit
}

/// JSON Schema of the arguments.
pub fn schema() -> Value {
    json!({ "type": "object", "description": "Rows of any record by text: exact codes and numbers, words, words with one letter wrong.", "required": ["text"],
        "properties": {
            "text": { "type": "string" },
            "records": { "type": "array", "items": { "type": "string" }, "description": "where to look; everywhere when left out" },
            "limit": { "type": "integer", "minimum": 1, "maximum": EACH_MAX, "description": "of each record" } } })
}
