//! `daybook pdf`: documents as PDF files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use daybook_core::shared::Date;
use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_rpc::Desk;
use daybook_rpc::jobs::{PrintInvoices, Task};
use serde_json::{Value, json};

use crate::args::Pdf;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::follow::{self, Ended};
use crate::screen::Screen;

/// Prints one document or many.
pub fn run(named: &Option<PathBuf>, pdf: &Pdf, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_reading(named)?;
    match pdf {
        Pdf::Invoice { number, output } => one(&desk, number, output, screen),
        Pdf::Invoices { from, to, output } => {
            let from = Date::parse(from).at("--from")?;
            let to = Date::parse(to).at("--to")?;
            many(
                &desk,
                PrintInvoices {
                    from: Some(from),
                    to: Some(to),
                    rows: None,
                    zip: output.extension().is_some_and(|ending| ending == "zip"),
                    output: Some(output.clone()),
                },
                screen,
            )
        }
    }
}

fn one(desk: &Arc<Desk>, number: &str, output: &Path, screen: &Screen) -> Result<ExitCode, Failure> {
    let id = numbered(desk, number).at(number)?;
    let pdf = desk.call_with("paper.invoice", json!({ "id": id })).at(number)?;
    daybook_rpc::write_whole(output, &pdf.bytes).at(output.display())?;
    let facts = json!({ "file": output, "bytes": pdf.bytes.len() });
    if screen.json {
        screen.value(&facts)?
    } else {
        screen.say(format!("{}: invoice {number}", output.display()))?
    }
    Ok(ExitCode::SUCCESS)
}

/// The id of the document with this number.
fn numbered(desk: &Arc<Desk>, number: &str) -> CoreResult<Value> {
    let only = json!({ "record": "billing_invoice", "where": [{ "field": "number", "op": "=", "value": number }], "limit": 1 });
    let page = desk.ask("query", json!({ "name": "records.list", "args": only }))?;
    page.pointer("/rows/0/id").cloned().ok_or_else(|| Error::new(Kind::NotFound, "record.not_found").arg("what", "invoice"))
}

fn many(desk: &Arc<Desk>, task: PrintInvoices, screen: &Screen) -> Result<ExitCode, Failure> {
    match follow::run(desk, Task::PrintInvoices(task), screen.json)? {
        Ended::Done(result) if screen.json => screen.value(&result)?,
        Ended::Done(result) => {
            let text = |name: &str| result.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default();
            let documents = if text("count") == "1" { "document" } else { "documents" };
            screen.say(format!("{}: {} {documents}", text("path"), text("count")))?;
        }
        Ended::Cancelled => return Err(follow::cancelled("pdf")),
        Ended::Failed(error) => return Err(Failure::At("pdf".to_owned(), error)),
    }
    Ok(ExitCode::SUCCESS)
}
