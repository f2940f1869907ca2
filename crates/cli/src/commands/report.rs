//! `daybook report`: a report as a table, as CSV or as JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use daybook_core::shared::Currency;
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
    let args = json!({
        "name": report.name, "from": report.from, "to": report.to, "as_of": report.as_of,
        "party": report.party, "group": report.group,
    });
    let answer = desk.ask("query", json!({ "name": "reports.run", "args": args })).at(&report.name)?;
    match report.format {
        Format::Json => screen.value(&answer)?,
        Format::Text if screen.json => screen.value(&answer)?,
        Format::Text => print(screen, &Sheet::read(&answer, base_currency(&desk)))?,
        Format::Csv => print_csv(screen, &Sheet::read(&answer, base_currency(&desk)))?,
    }
    Ok(ExitCode::SUCCESS)
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
}

fn print(screen: &Screen, sheet: &Sheet) -> Result<(), Failure> {
    let head = |(name, label, shape): &(String, String, Shape)| Column { head: if label.is_empty() { name } else { label }.clone(), right: shape.is_right() };
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
