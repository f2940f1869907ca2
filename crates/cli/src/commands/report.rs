//! `daybook report`: a report as a table, as CSV or as JSON.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_core::shared::{Currency, Id};
use daybook_rpc::Desk;
use serde_json::{Map, Value, json};

use super::list::base_currency;
use crate::args::{Format, Report};
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;
use crate::table::{self, Column};
use crate::values::{self, Shape};

/// Runs the report.
pub fn run(named: &Option<PathBuf>, report: &Report, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_reading(named)?;
    let party = report.party.as_deref().map(|text| meant(&desk, "party", text)).transpose().at("--party")?;
    let account = report.account.as_deref().map(|text| meant(&desk, "account", text)).transpose().at("--account")?;
    let args = json!({
        "name": report.name, "from": report.from, "to": report.to, "as_of": report.as_of,
        "party": party, "account": account, "group": report.group,
    });
    let answer = desk.ask("query", json!({ "name": "reports.run", "args": args })).at(&report.name)?;
    match report.format {
        Format::Json => screen.value(&answer)?,
        Format::Text if screen.json => screen.value(&answer)?,
        Format::Text => print(screen, Sheet::read(&answer, base_currency(&desk)))?,
        Format::Csv => print_csv(screen, &Sheet::read(&answer, base_currency(&desk)))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The id of the record that has `text` as its id, its code or, where only one has it, its name; in use
/// or not. `record.not_named` when there is none.
fn meant(desk: &Arc<Desk>, record: &str, text: &str) -> CoreResult<String> {
    if Id::<()>::parse(text).is_ok() {
        return Ok(text.to_owned());
    }
    for field in ["code", "name"] {
        let is = |archived: bool| json!([{ "field": field, "op": "=", "value": text }, { "field": "archived", "op": "=", "value": archived }]);
        let mut ids = Vec::new();
        for archived in [false, true] {
            let page = desk.ask("query", json!({ "name": "records.list", "args": { "record": record, "where": is(archived), "limit": 2 } }))?;
            let rows = page.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
            ids.extend(rows.iter().filter_map(|row| row.get("id")?.as_str().map(str::to_owned)));
        }
        if let [id] = ids.as_slice() {
            return Ok(id.clone());
        }
    }
    Err(Error::new(Kind::NotFound, "record.not_named").record("what", record).arg("value", text).arg("list", record))
}

/// A report with its cells as text.
struct Sheet {
    title: String,
    columns: Vec<(String, String, Shape)>,
    rows: Vec<Vec<String>>,
    totals: Option<Vec<String>>,
}

impl Sheet {
    fn read(answer: &Value, base: Option<Currency>) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let currency = Currency::parse(&text(answer.get("currency"))).ok().or(base);
        let list = |name: &str| answer.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let columns: Vec<(String, String, Shape)> =
            list("columns").iter().map(|c| (text(c.get("name")), text(c.get("label")), Shape::of(&text(c.get("kind"))))).collect();
        let cells = |row: &Map<String, Value>| columns.iter().map(|(name, _, shape)| values::text(row, name, *shape, currency)).collect::<Vec<_>>();
        let rows = list("rows").iter().filter_map(Value::as_object).map(cells).collect();
        let totals = answer.get("totals").and_then(Value::as_object).filter(|totals| !totals.is_empty()).map(cells);
        Sheet { title: text(answer.get("title")), rows, totals, columns }
    }

    /// Shows the level of a heading or account by an indent of its name instead of a figure.
    fn indent(&mut self) {
        let place = |name: &str| self.columns.iter().position(|(column, _, _)| column == name);
        let (Some(level), Some(name)) = (place("level"), place("name")) else { return };
        for row in self.rows.iter_mut().chain(&mut self.totals) {
            let depth: usize = row.get(level).and_then(|text| text.parse().ok()).unwrap_or_default();
            if let Some(cell) = row.get_mut(name) {
                cell.insert_str(0, &"  ".repeat(depth));
            }
            row.remove(level);
        }
        self.columns.remove(level);
    }
}

fn print(screen: &Screen, mut sheet: Sheet) -> Result<(), Failure> {
    sheet.indent();
    let head = |(name, label, shape): &(String, String, Shape)| Column::new(if label.is_empty() { name } else { label }, shape.is_right());
    let columns: Vec<Column> = sheet.columns.iter().map(head).collect();
    let mut rows = sheet.rows.clone();
    if let Some(totals) = &sheet.totals {
        let rule = |cell: &String| if cell.is_empty() { String::new() } else { "─".repeat(cell.chars().count()) };
        rows.push(totals.iter().map(rule).collect());
        rows.push(totals.clone());
    }
    screen.write(|out| {
        writeln!(out, "{}\n", sheet.title)?;
        table::write(out, &columns, &rows)
    })
}

fn print_csv(screen: &Screen, sheet: &Sheet) -> Result<(), Failure> {
    screen.write(|out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(sheet.columns.iter().map(|(name, _, _)| name))?;
        for row in sheet.rows.iter().chain(&sheet.totals) {
            writer.write_record(row)?;
        }
        writer.flush()
    })
}
