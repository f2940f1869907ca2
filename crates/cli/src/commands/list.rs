//! `daybook list`: a page of any record as a table.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use daybook_core::app;
use daybook_core::shared::Currency;
use daybook_core::shared::error::{Error, Result as CoreResult};
use daybook_core::shared::record::{Field, RecordEntry};
use daybook_core::shared::value::FieldKind;
use daybook_rpc::Desk;
use serde_json::{Map, Value, json};

use crate::args::List;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;
use crate::table::{self, Column};
use crate::values::{self, Shape};

/// Lists the record.
pub fn run(named: &Option<PathBuf>, list: &List, screen: &Screen) -> Result<ExitCode, Failure> {
    let record = record_named(&list.record).at("list")?;
    let desk = books::for_reading(named)?;
    let currency = base_currency(&desk);
    let asked = question(record, list, currency).at(&list.record)?;
    let page = ask(&desk, "records.list", &asked).at(&list.record)?;
    if screen.json {
        screen.value(&page)?;
        return Ok(ExitCode::SUCCESS);
    }
    let length = ask(&desk, "records.count", &asked).at(&list.record)?;
    print(screen, record, &page, &length, currency)?;
    Ok(ExitCode::SUCCESS)
}

/// The arguments of the queries that list and count.
fn question(record: &RecordEntry, list: &List, currency: Option<Currency>) -> CoreResult<Value> {
    let fields = (record.fields)();
    let conditions = list.filter.iter().map(|text| condition(&fields, text, currency)).collect::<CoreResult<Vec<Value>>>()?;
    let sort = list.sort.as_deref().map(|field| match field.strip_prefix('-') {
        Some(field) => json!({ "field": field, "descending": true }),
        None => json!({ "field": field }),
    });
    Ok(json!({ "record": record.table, "text": list.search, "where": conditions, "sort": sort, "after": list.after, "limit": list.limit }))
}

fn ask(desk: &Arc<Desk>, name: &str, args: &Value) -> CoreResult<Value> {
    desk.ask("query", json!({ "name": name, "args": args }))
}

fn print(screen: &Screen, record: &RecordEntry, page: &Value, length: &Value, currency: Option<Currency>) -> Result<(), Failure> {
    let fields = shown_fields((record.fields)());
    let shape = |field: &Field| Shape::of(json!(field.kind).as_str().unwrap_or_default());
    let columns: Vec<Column> = fields.iter().map(|field| Column::new(field.name, shape(field).is_right())).collect();
    let rows = page.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
    let cells = |row: &Map<String, Value>| fields.iter().map(|field| values::text(row, field.name, shape(field), currency)).collect();
    let table: Vec<Vec<String>> = rows.iter().filter_map(Value::as_object).map(cells).collect();
    screen.write(|out| {
        if !table.is_empty() {
            table::write(out, &columns, &table)?;
            writeln!(out)?;
        }
        writeln!(out, "{}", ending(table.len(), length))?;
        page.get("next").and_then(Value::as_str).map_or(Ok(()), |next| writeln!(out, "the next page: --after '{next}'"))
    })
}

/// `50 of 2487 rows`; a search that found more than it looks at says so.
fn ending(shown: usize, length: &Value) -> String {
    let total = length.get("total").and_then(Value::as_i64).unwrap_or_default();
    let more = length.get("more").and_then(Value::as_bool).unwrap_or_default();
    let rows = if total == 1 { "row" } else { "rows" };
    let counted = if i64::try_from(shown).is_ok_and(|shown| shown == total) { format!("{total} {rows}") } else { format!("{shown} of {total} {rows}") };
    if more { format!("{counted}; more rows fit these words: add one to narrow the search") } else { counted }
}

/// The fields that lists show; all that can be read when the record marks none.
fn shown_fields(fields: Vec<Field>) -> Vec<Field> {
    let (listed, others): (Vec<Field>, Vec<Field>) = fields.into_iter().partition(|field| field.listed);
    if listed.is_empty() { others.into_iter().filter(|field| field.kind != FieldKind::Bytes).take(8).collect() } else { listed }
}

/// The record meant by its table's name, or by a plural as people say it: `invoices`, `contacts`.
pub fn record_named(name: &str) -> CoreResult<&'static RecordEntry> {
    let exact = app::register().record(name);
    if exact.is_ok() {
        return exact;
    }
    let single = singular(name);
    let words = daybook_rpc::texts("en").map(|texts| texts.labels).unwrap_or_default();
    let called = |record: &RecordEntry| words.get(&format!("record.{}", record.table)).is_some_and(|label| label.to_lowercase() == single);
    let is_meant: [&dyn Fn(&RecordEntry) -> bool; 3] =
        [&|record| record.table == single, &|record| called(record), &|record| record.table.ends_with(&format!("_{single}"))];
    is_meant.iter().find_map(|meant| only(app::records().filter(|record| meant(record)))).map_or(exact, Ok)
}

fn singular(name: &str) -> String {
    let name = name.to_lowercase().replace([' ', '-'], "_");
    match (name.as_str(), name.strip_suffix("ies")) {
        ("customers" | "suppliers", _) => "party".to_owned(),
        (_, Some(stem)) => format!("{stem}y"),
        (name, None) => name.strip_suffix('s').unwrap_or(name).to_owned(),
    }
}

fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

const OPERATORS: &[(&str, &str)] = &[(">=", ">="), ("<=", "<="), ("<>", "<>"), ("^=", "starts"), ("=", "="), (">", ">"), ("<", "<")];

/// Reads `country=FR`, `gross>=100.00`, `name^=Acme`.
fn condition(fields: &[Field], text: &str, currency: Option<Currency>) -> CoreResult<Value> {
    let bad = || Error::invalid("args.invalid").arg("detail", format!("“{text}” is no condition; write FIELD=VALUE")).field("filter");
    let split = OPERATORS.iter().filter_map(|(typed, op)| text.find(typed).map(|at| (at, *typed, *op)));
    let (at, typed, op) = split.min_by_key(|(at, typed, _)| (*at, std::cmp::Reverse(typed.len()))).ok_or_else(bad)?;
    let (name, rest) = text.split_at(at);
    let value = rest.trim_start_matches(typed).trim();
    let Some(field) = fields.iter().find(|field| field.name == name.trim()) else {
        // The core says which fields there are.
        return Ok(json!({ "field": name.trim(), "op": op, "value": value }));
    };
    Ok(json!({ "field": field.name, "op": op, "value": typed_value(field, value, currency).map_err(|e| e.field(field.name))? }))
}

fn typed_value(field: &Field, text: &str, currency: Option<Currency>) -> CoreResult<Value> {
    let no_number = || Error::invalid("decimal.invalid").arg("value", text);
    Ok(match field.kind {
        _ if text.is_empty() => Value::Null,
        FieldKind::Bool => match text {
            "yes" | "true" | "1" => true.into(),
            "no" | "false" | "0" => false.into(),
            _ => return Err(Error::invalid("import.not_yes_no").arg("value", text)),
        },
        FieldKind::Money => values::read_money(text, currency).ok_or_else(no_number)?.into(),
        FieldKind::Integer | FieldKind::Instant => text.parse::<i64>().map_err(|_| no_number())?.into(),
        _ => text.into(),
    })
}

/// The currency of the company, for amounts that name none.
pub fn base_currency(desk: &Arc<Desk>) -> Option<Currency> {
    let status = desk.ask("status", json!({})).ok()?;
    Currency::parse(status.pointer("/company/currency")?.as_str()?).ok()
}
