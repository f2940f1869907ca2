//! What the books say now of the record that an item was about, beside what was tried.

use daybook_core::app::{App, more_of, records, register};
use daybook_core::daybook::attention::Item;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::labels::label_or;
use daybook_core::shared::record::{Field, RecordEntry};
use serde::Serialize;
use serde_json::{Value, json};

use crate::caption;
use crate::records as generic;

/// The record of commands of billing about one document.
const DOCUMENTS: &str = "billing_invoice";

/// A record as it is now, beside what was tried.
#[derive(Debug, Serialize)]
pub struct Beside {
    /// Which kind of record.
    record: &'static str,
    /// Its id; the one of the record that was in the way, when that is another.
    id: String,
    /// Whether it is another record, which has the code that was tried.
    other: bool,
    /// Whether there is no such record.
    gone: bool,
    /// The record, as `records.get` shows it.
    row: Value,
    /// What was tried, field by field; for a document, which is told as a whole, what a list shows of it.
    fields: Vec<Compared>,
}

/// One field.
#[derive(Debug, Serialize)]
struct Compared {
    name: &'static str,
    label: String,
    /// Absent where the work said nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    tried: Option<Value>,
    now: Value,
    same: bool,
}

/// What the books say now of what `item` was about; `None` for work that made something new, or is about no
/// single record.
pub fn beside(app: &App, item: &Item) -> Result<Option<Beside>> {
    let Some(record) = record_of(item) else { return Ok(None) };
    match text(&item.args, "id") {
        Some(id) => existing(app, item, record, id).map(Some),
        None => in_the_way(app, item, record),
    }
}

fn record_of(item: &Item) -> Option<&'static RecordEntry> {
    let own = records().find(|record| record.save == Some(item.name.as_str()) || record.archive == Some(item.name.as_str()));
    own.or_else(|| if item.name.starts_with("billing.") { register().record(DOCUMENTS).ok() } else { None })
}

fn existing(app: &App, item: &Item, record: &'static RecordEntry, id: &str) -> Result<Beside> {
    let row = match ask(app, "records.get", json!({ "record": record.table, "id": id })) {
        Ok(found) => found.get("row").cloned().unwrap_or_default(),
        Err(error) if error.kind() == Kind::NotFound => Value::Null,
        Err(error) => return Err(error),
    };
    Ok(compare(item, record, row, id, false))
}

/// The record that has the code which new work wanted.
fn in_the_way(app: &App, item: &Item, record: &'static RecordEntry) -> Result<Option<Beside>> {
    let Some(code) = caption::of(record).code else { return Ok(None) };
    let Some(wanted) = text(&item.args, code).filter(|wanted| !wanted.is_empty()) else { return Ok(None) };
    let condition = json!([{ "field": code, "op": "=", "value": wanted }]);
    let found = ask(app, "records.list", json!({ "record": record.table, "where": condition, "limit": 1 }))?;
    let Some(row) = found.pointer("/rows/0").cloned() else { return Ok(None) };
    let id = text(&row, "id").unwrap_or_default().to_owned();
    Ok(Some(compare(item, record, row, &id, true)))
}

fn ask(app: &App, name: &str, args: Value) -> Result<Value> {
    generic::answer(app, app.actor(), name, &args).unwrap_or_else(|| Err(Error::internal("rpc.encode")))
}

fn compare(item: &Item, record: &'static RecordEntry, row: Value, id: &str, other: bool) -> Beside {
    let told_whole = record.table == DOCUMENTS;
    let shown = |field: &Field| field.name != "id" && if told_whole { field.listed } else { item.args.get(field.name).is_some() };
    let apart = more_of(record.table).flat_map(|more| (more.fields)().into_iter().skip(more.keys));
    let fields = (record.fields)().into_iter().chain(apart).filter(shown).map(|field| {
        let tried = item.args.get(field.name).cloned().filter(|_| !told_whole);
        let now = row.get(field.name).cloned().unwrap_or_default();
        let same = tried.as_ref().is_some_and(|tried| plain(tried) == plain(&now));
        Compared { name: field.name, label: label_or(&field.label, field.name), tried, now, same }
    });
    Beside { record: record.table, id: id.to_owned(), other, gone: row.is_null(), fields: fields.collect(), row }
}

/// A value as it counts: nothing and an empty text are the same, `10` and `10.00` too.
fn plain(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-');
    if is_number && text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn text<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name).and_then(Value::as_str)
}
