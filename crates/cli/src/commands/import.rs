//! `daybook import`: a file of another program becomes documents or records; or an import is taken back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use daybook_core::shared::error::Error;
use daybook_core::shared::{Currency, Id, Minor};
use daybook_rpc::jobs::{Import as ImportTask, Task, UndoImport};
use serde_json::Value;

use crate::args::Import;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::follow::{self, Ended};
use crate::screen::Screen;

/// Issues that people see; --json shows more.
const ISSUES_SHOWN: usize = 20;

/// Imports, or takes back.
pub fn run(named: &Option<PathBuf>, import: &Import, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_writing(named)?;
    let task = if import.kind == "undo" {
        Task::UndoImport(UndoImport { batch: Id::parse(&import.file).at(&import.file)? })
    } else {
        let upload = desk.uploads().adopt(Path::new(&import.file)).at(&import.file)?;
        let mapping = if import.map.is_empty() { None } else { Some(mapping(&import.map)?) };
        Task::Import(ImportTask { file: upload.file, import: import.kind.clone(), mapping, dry_run: import.dry_run, completed: true })
    };
    match follow::run(&desk, task, screen.json)? {
        Ended::Done(result) => report(&result, import, screen),
        Ended::Cancelled => Err(follow::cancelled(&import.file)),
        Ended::Failed(error) => Err(Failure::At(import.file.clone(), error)),
    }
}

/// `--map date=InvoiceDate`: the column `InvoiceDate` means the field `date`.
fn mapping(pairs: &[String]) -> Result<BTreeMap<String, Option<String>>, Failure> {
    let read = |pair: &String| {
        let bad = || Failure::at("--map", Error::invalid("args.invalid").arg("detail", format!("“{pair}” is not FIELD=COLUMN")));
        let (field, column) = pair.split_once('=').ok_or_else(bad)?;
        Ok((column.trim().to_owned(), Some(field.trim().to_owned()).filter(|field| !field.is_empty())))
    };
    pairs.iter().map(read).collect()
}

fn report(result: &Value, import: &Import, screen: &Screen) -> Result<ExitCode, Failure> {
    if screen.json || import.kind == "undo" || import.kind == "northwind" {
        screen.value(result)?;
        return Ok(ExitCode::SUCCESS);
    }
    let lines = lines(result, import.dry_run);
    screen.write(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    Ok(ExitCode::SUCCESS)
}

/// The report for people: what was mapped, what came of it, what to know.
fn lines(result: &Value, dry_run: bool) -> Vec<String> {
    let text = |value: Option<&Value>| value.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default();
    let list = |name: &str| result.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let number = |path: &str| result.pointer(path).and_then(Value::as_i64).unwrap_or_default();
    let currency = Currency::parse(&text(result.get("currency"))).ok();
    let money = |path: &str| match (Minor::new(number(path)), currency) {
        (Ok(amount), Some(currency)) => format!("{} {currency}", amount.display(currency)),
        _ => number(path).to_string(),
    };
    let mut lines = Vec::new();
    for column in list("columns") {
        let field = column.get("mapped_to").filter(|field| !field.is_null());
        lines.push(format!("{:24} {}", text(column.get("name")), field.map_or_else(|| "not used".to_owned(), |field| format!("→ {}", text(Some(field))))));
    }
    lines.push(String::new());
    lines.push(format!("{:>8} rows", number("/rows")));
    let counted = [
        ("/documents/invoices", "invoices, net ", "/net"),
        ("/documents/credit_notes", "credit notes, net ", "/credit_net"),
        ("/documents/adjustments", "stock adjustments", ""),
        ("/documents/known", "documents that the books have already", ""),
        ("/new_parties", "new contacts", ""),
        ("/new_items", "new items", ""),
        ("/known_records", "records that the books have already", ""),
    ];
    for (count, what, sum) in counted.into_iter().filter(|(count, _, _)| number(count) != 0) {
        lines.push(format!("{:>8} {what}{}", number(count), if sum.is_empty() { String::new() } else { money(sum) }));
    }
    lines.push(format!("{:>8} things to know", number("/issue_count")));
    for issue in list("issues").iter().take(ISSUES_SHOWN) {
        lines.push(format!("         row {}: {} {}", text(issue.get("row")), text(issue.get("message")), text(issue.get("action"))));
    }
    lines.push(ending(result, dry_run));
    lines
}

fn ending(result: &Value, dry_run: bool) -> String {
    let batch = result.get("batch").and_then(Value::as_str).unwrap_or_default();
    match (dry_run, result.get("repeated").and_then(Value::as_bool)) {
        (_, Some(true)) => "\nthis file was imported before: nothing was changed".to_owned(),
        (true, _) => "\nthis was a dry run: nothing was changed".to_owned(),
        (false, _) => format!("\nimported as batch {batch}; take it back with `daybook import undo {batch}`"),
    }
}
