//! Generic questions about any record: a page of a list, one row, hits for a picker. Rows carry, for
//! each reference `x`, the words to show as `x_label`.

use daybook_core::app::{App, more_of, register};
use daybook_core::db::{Filter, ListQuery, Sum, Tx, count, list, list_near, show_value, sums};
use daybook_core::identity::api::authorize;
use daybook_core::shared::command::read_args;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::record::RecordEntry;
use daybook_core::shared::value::{FieldKind, Val};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::caption::{self, Caption};
use crate::find::ranked;

/// A generic query.
pub struct GenericQuery {
    /// Its name.
    pub name: &'static str,
    /// Answers it.
    pub run: fn(&App, UserId, Value) -> Result<Value>,
    /// JSON Schema of its arguments.
    pub schema: fn() -> Value,
}

/// The generic queries.
pub const QUERIES: &[GenericQuery] = &[
    GenericQuery { name: "records.list", run: list_rows, schema: list_schema },
    GenericQuery { name: "records.count", run: count_rows, schema: count_schema },
    GenericQuery { name: "records.sums", run: sum_rows, schema: sums_schema },
    GenericQuery { name: "records.get", run: get_row, schema: get_schema },
    GenericQuery { name: "records.lookup", run: lookup, schema: lookup_schema },
    GenericQuery { name: "records.find", run: crate::find::find, schema: crate::find::schema },
    GenericQuery { name: "records.named", run: crate::find::named, schema: crate::find::named_schema },
];

/// Answers the generic query `name` for `actor`; `None` when there is none of that name.
pub fn answer(app: &App, actor: UserId, name: &str, args: &Value) -> Option<Result<Value>> {
    let generic = QUERIES.iter().find(|generic| generic.name == name)?;
    Some((generic.run)(app, actor, args.clone()))
}

/// The largest answer of a look-up.
const HITS_MAX: u16 = 50;

#[derive(Deserialize)]
struct List {
    record: String,
    text: Option<String>,
    #[serde(default)]
    r#where: Vec<Filter>,
    sort: Option<Sort>,
    after: Option<Value>,
    #[serde(default)]
    skip: u32,
    limit: Option<u16>,
}

#[derive(Deserialize)]
struct Sort {
    field: String,
    #[serde(default)]
    descending: bool,
}

/// A page of a record's rows. Archived rows are left out unless a condition names `archived`. `total` is
/// null where the page does not show it; `records.count` tells it. What stands before the page begins after `first`,
/// read the other way round.
fn list_rows(app: &App, actor: UserId, args: Value) -> Result<Value> {
    let asked: List = read_args(args)?;
    let record = register().record(&asked.record)?;
    let whole = asked.text.as_deref().is_none_or(|text| text.trim().is_empty()) && asked.after.is_none() && asked.skip == 0;
    let query = ListQuery {
        text: asked.text,
        r#where: without_archived(record, asked.r#where),
        descending: asked.sort.as_ref().is_some_and(|sort| sort.descending),
        sort: asked.sort.map(|sort| sort.field),
        after: asked.after.map(read_cursor).transpose()?,
        skip: asked.skip,
        seen_by: Some(actor),
        limit: asked.limit,
    };
    app.read_as(actor, |tx, cx| {
        authorize(tx, cx.actor, record.needs)?;
        let page = list(tx, record, &query)?;
        let count = page.rows.len();
        let rows = show_rows(tx, record, page.rows)?;
        let total = if whole && page.next.is_none() { Some(count) } else { None };
        let [next, first] = [page.next, page.first].map(|cursor| cursor.as_ref().map(written_cursor));
        Ok(json!({ "rows": rows, "next": next, "first": first, "total": total }))
    })
}

#[derive(Deserialize)]
struct Counted {
    record: String,
    text: Option<String>,
    #[serde(default)]
    r#where: Vec<Filter>,
}

/// How many rows all pages of a list have together: asked after its first page, which does not wait for
/// it. `more` says that the words typed found more rows than a search considers.
fn count_rows(app: &App, actor: UserId, args: Value) -> Result<Value> {
    let asked: Counted = read_args(args)?;
    let record = register().record(&asked.record)?;
    let query = ListQuery { text: asked.text, r#where: without_archived(record, asked.r#where), seen_by: Some(actor), ..ListQuery::default() };
    app.read_as(actor, |tx, cx| {
        authorize(tx, cx.actor, record.needs)?;
        let counted = count(tx, record, &query)?;
        Ok(json!({ "total": counted.total, "more": counted.more }))
    })
}

#[derive(Deserialize)]
struct Summed {
    #[serde(flatten)]
    rows: Counted,
    fields: Vec<String>,
}

/// What the amounts of all pages of a list come to, for each currency. A currency of null is the base currency.
fn sum_rows(app: &App, actor: UserId, args: Value) -> Result<Value> {
    let Summed { rows: asked, fields } = read_args(args)?;
    let record = register().record(&asked.record)?;
    let query = ListQuery { text: asked.text, r#where: without_archived(record, asked.r#where), seen_by: Some(actor), ..ListQuery::default() };
    app.read_as(actor, |tx, cx| {
        authorize(tx, cx.actor, record.needs)?;
        let shown = |sum: Sum| json!({ "field": sum.field, "currency": sum.currency, "total": sum.total });
        Ok(json!({ "sums": sums(tx, record, &query, &fields)?.into_iter().map(shown).collect::<Vec<Value>>() }))
    })
}

pub(crate) fn without_archived(record: &RecordEntry, mut filters: Vec<Filter>) -> Vec<Filter> {
    if record.columns.contains(&"archived") && filters.iter().all(|filter| filter.field != "archived") {
        filters.push(Filter { field: "archived".to_owned(), op: "=".to_owned(), value: false.into() });
    }
    filters
}

/// A cursor travels as text without apostrophes, so that it may be quoted on a command line.
fn written_cursor(cursor: &Value) -> String {
    cursor.to_string().replace('\'', "\\u0027")
}

/// Clients keep a cursor without looking into it.
fn read_cursor(cursor: Value) -> Result<Value> {
    match cursor {
        Value::String(text) => serde_json::from_str(&text).map_err(|_| Error::invalid("list.cursor").field("after")),
        other => Ok(other),
    }
}

#[derive(Deserialize)]
struct Get {
    record: String,
    id: String,
}

/// One row by its id, with what other records say more of it to those who may see that.
fn get_row(app: &App, actor: UserId, args: Value) -> Result<Value> {
    let Get { record, id } = read_args(args)?;
    let record = register().record(&record)?;
    let key = record.columns.first().copied().unwrap_or_default();
    let only = Filter { field: key.to_owned(), op: "=".to_owned(), value: id.as_str().into() };
    let query = ListQuery { r#where: vec![only], limit: Some(1), seen_by: Some(actor), ..ListQuery::default() };
    app.read_as(actor, |tx, cx| {
        authorize(tx, cx.actor, record.needs)?;
        let rows = list(tx, record, &query)?.rows;
        let row = show_rows(tx, record, rows)?.into_iter().next();
        let missing = || Error::new(Kind::NotFound, "record.not_found").record("what", record.table);
        let mut row = row.ok_or_else(missing)?;
        say_more(tx, cx.actor, record, &id, &mut row)?;
        Ok(json!({ "row": row }))
    })
}

/// Adds to `row` what other records say of it. Fields that the actor may not see are left out; where there is
/// nothing to say they are null.
fn say_more(tx: &mut Tx<'_>, actor: UserId, record: &RecordEntry, id: &str, row: &mut Value) -> Result<()> {
    for more in more_of(record.table) {
        if !tx.holds_table(more.table) || authorize(tx, actor, more.needs).is_err() {
            continue;
        }
        let key = more.columns.first().copied().unwrap_or_default();
        let only = Filter { field: key.to_owned(), op: "=".to_owned(), value: id.into() };
        let found = list(tx, more, &ListQuery { r#where: vec![only], limit: Some(1), ..ListQuery::default() })?.rows;
        let said = found.into_iter().next().unwrap_or_else(|| vec![Val::Null; more.columns.len()]);
        if let Some(row) = row.as_object_mut() {
            let fields = (more.fields)();
            row.extend(fields.iter().zip(&said).skip(more.keys).map(|(field, val)| (field.name.to_owned(), show_value(field.kind, val))));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Lookup {
    record: String,
    #[serde(default)]
    text: String,
    limit: Option<u16>,
}

/// Hits for a picker, the best first; the first rows of the list when nothing is typed.
fn lookup(app: &App, actor: UserId, args: Value) -> Result<Value> {
    let Lookup { record, text, limit } = read_args(args)?;
    let record = register().record(&record)?;
    let (text, limit) = (text.trim(), limit.unwrap_or(12).clamp(1, HITS_MAX));
    let caption = caption::of(record);
    app.read_as(actor, |tx, cx| {
        authorize(tx, cx.actor, record.needs)?;
        let rows = match text {
            "" => word_hits(tx, cx.actor, record, &caption, text, limit)?,
            text => ranked(tx, cx.actor, record, &caption, text, limit)?.into_iter().map(|(_, row)| row).collect(),
        };
        let hits: Vec<Value> = rows.iter().map(|row| hit(record, &caption, row)).collect();
        Ok(json!({ "hits": hits }))
    })
}

/// The rows whose code or number is what was typed, in capitals or not, or that have a bar code of their own by that name.
pub(crate) fn exact_hits(tx: &mut Tx<'_>, actor: UserId, record: &RecordEntry, caption: &Caption, text: &str) -> Result<Vec<Vec<Val>>> {
    let fields = (record.fields)();
    let capitals = text.to_uppercase();
    let mut known: Vec<(&str, Value)> = Vec::new();
    match caption.code.filter(|code| fields.iter().any(|field| field.name == *code && field.kind == FieldKind::Text)) {
        Some(_) if record.columns.contains(&"code_key") => known.push(("code_key", capitals.into())),
        Some(code) if capitals != text => known.extend([(code, text.into()), (code, capitals.into())]),
        Some(code) => known.push((code, text.into())),
        None => {}
    }
    if let (Some(by_code), Some(key)) = (record.by_code, fields.first())
        && let Some(id) = by_code(tx, text)?
    {
        known.push((key.name, show_value(key.kind, &id)));
    }
    let mut rows: Vec<Vec<Val>> = Vec::new();
    for (field, value) in known {
        let same = Filter { field: field.to_owned(), op: "=".to_owned(), value };
        let query = ListQuery { r#where: without_archived(record, vec![same]), limit: Some(5), seen_by: Some(actor), ..ListQuery::default() };
        add_new(&mut rows, list(tx, record, &query)?.rows);
    }
    Ok(rows)
}

/// Adds the rows whose key is not there yet.
fn add_new(rows: &mut Vec<Vec<Val>>, more: Vec<Vec<Val>>) {
    for row in more {
        if rows.iter().all(|known| known.first() != row.first()) {
            rows.push(row);
        }
    }
}

pub(crate) fn word_hits(tx: &mut Tx<'_>, actor: UserId, record: &RecordEntry, caption: &Caption, text: &str, limit: u16) -> Result<Vec<Vec<Val>>> {
    let searched = !record.search.is_empty() && !text.is_empty();
    let query = ListQuery {
        text: searched.then(|| text.to_owned()),
        r#where: without_archived(record, Vec::new()),
        sort: Some(caption.order().to_owned()),
        seen_by: Some(actor),
        limit: Some(if searched || text.is_empty() { limit } else { 500 }),
        ..ListQuery::default()
    };
    let rows = list(tx, record, &query)?.rows;
    if searched || text.is_empty() {
        return Ok(rows);
    }
    // A record without a search index is a short list (units, categories): look at all of it.
    let wanted = text.to_lowercase();
    Ok(rows.into_iter().filter(|row| caption.words(record, row).to_lowercase().contains(&wanted)).collect())
}

/// The rows with words that are nearly those that were typed.
pub(crate) fn nearly(tx: &mut Tx<'_>, actor: UserId, record: &RecordEntry, text: &str, limit: u16) -> Result<Vec<Vec<Val>>> {
    let r#where = without_archived(record, Vec::new());
    list_near(tx, record, &ListQuery { text: Some(text.to_owned()), r#where, limit: Some(limit), seen_by: Some(actor), ..ListQuery::default() })
}

pub(crate) fn hit(record: &RecordEntry, caption: &Caption, row: &[Val]) -> Value {
    let shown = |column: Option<&'static str>| column.map(|name| caption::text_of(record, row, name)).unwrap_or_default();
    json!({
        "id": record.columns.first().map(|key| caption::text_of(record, row, key)),
        "code": shown(caption.code), "label": shown(Some(caption.label)), "detail": shown(caption.detail), "detail_of": caption.detail,
    })
}

/// Rows as JSON objects, with the words of their references.
fn show_rows(tx: &mut Tx<'_>, record: &RecordEntry, rows: Vec<Vec<Val>>) -> Result<Vec<Value>> {
    let fields = (record.fields)();
    let words = caption::of_references(tx, &fields, &rows)?;
    let show = |row: &Vec<Val>| {
        let mut shown = Map::with_capacity(fields.len() + 2);
        for (field, val) in fields.iter().zip(row) {
            shown.insert(field.name.to_owned(), show_value(field.kind, val));
            if let Some(table) = field.references {
                let label = words.get(&(table, val.clone())).map_or(Value::Null, |text| text.as_str().into());
                shown.insert(format!("{}_label", field.name), label);
            }
        }
        Value::Object(shown)
    };
    Ok(rows.iter().map(show).collect())
}

fn list_schema() -> Value {
    json!({ "type": "object", "description": "A page of a record's rows.", "required": ["record"], "properties": {
        "record": { "type": "string" }, "text": text_schema(), "where": where_schema(),
        "sort": { "type": "object", "description": "the record's own order when absent", "required": ["field"],
            "properties": { "field": { "type": "string" }, "descending": { "type": "boolean" } } },
        "after": { "type": ["string", "null"], "description": "the `next` of the page before" },
        "skip": { "type": "integer", "minimum": 0, "description": "rows passed over between there and the page" },
        "limit": { "type": "integer", "minimum": 1, "maximum": 500 } } })
}

fn count_schema() -> Value {
    json!({ "type": "object", "description": "How many rows all pages of a list have together.", "required": ["record"],
        "properties": { "record": { "type": "string" }, "text": text_schema(), "where": where_schema() } })
}

fn sums_schema() -> Value {
    json!({ "type": "object", "description": "What the amounts of all pages of a list come to, for each currency.", "required": ["record", "fields"],
        "properties": { "record": { "type": "string" }, "text": text_schema(), "where": where_schema(),
            "fields": { "type": "array", "items": { "type": "string" }, "description": "columns of money" } } })
}

fn text_schema() -> Value {
    json!({ "type": "string", "description": "words to search for, as typed" })
}

fn where_schema() -> Value {
    json!({ "type": "array", "items": { "type": "object", "required": ["field", "op", "value"], "properties": {
        "field": { "type": "string" }, "op": { "enum": ["=", "<>", "<", "<=", ">", ">=", "starts"] }, "value": {} } } })
}

fn get_schema() -> Value {
    json!({ "type": "object", "description": "One row by its id.", "required": ["record", "id"],
        "properties": { "record": { "type": "string" }, "id": { "type": "string" } } })
}

fn lookup_schema() -> Value {
    json!({ "type": "object", "description": "Hits for a picker, by code, name or barcode.", "required": ["record"], "properties": {
        "record": { "type": "string" }, "text": { "type": "string" }, "limit": { "type": "integer", "minimum": 1, "maximum": HITS_MAX } } })
}
