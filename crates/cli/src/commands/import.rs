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

/// Things to know that are shown at once.
const ISSUES_SHOWN: usize = 20;

/// Imports, or takes back.
pub fn run(named: &Option<PathBuf>, import: &Import, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_writing(named)?;
    let task = if import.kind == "undo" {
        Task::UndoImport(UndoImport { batch: Id::parse(&import.file).at(&import.file)? })
    } else {
        let upload = desk.uploads().adopt(Path::new(&import.file)).at(&import.file)?;
        let mapping = if import.map.is_empty() { None } else { Some(mapping(&import.map)?) };
        Task::Import(ImportTask { file: upload.file, import: import.kind.clone(), mapping, mended: Vec::new(), dry_run: import.dry_run, completed: true })
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
    if screen.json {
        screen.value(result)?;
        return Ok(ExitCode::SUCCESS);
    }
    let lines = if import.kind == "undo" { vec![format!("batch {} is taken back", import.file)] } else { lines(result, import.dry_run) };
    screen.write(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    Ok(ExitCode::SUCCESS)
}

/// The report for people: what was mapped, what came of it, what to know.
fn lines(result: &Value, dry_run: bool) -> Vec<String> {
    let mut lines = columns(result);
    lines.extend(counts(result));
    lines.extend(issues(result));
    lines.push(ending(result, dry_run));
    lines
}

fn text(value: Option<&Value>) -> String {
    value.filter(|value| !value.is_null()).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
}

fn list<'r>(result: &'r Value, name: &str) -> &'r [Value] {
    result.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Each column of the file and the field it was read into.
fn columns(result: &Value) -> Vec<String> {
    let columns = list(result, "columns");
    let widest = columns.iter().map(|column| text(column.get("name")).chars().count()).max().unwrap_or_default();
    let shown = |column: &Value| match text(column.get("mapped_to")).as_str() {
        "" => format!("{:widest$}  not used", text(column.get("name"))),
        field => format!("{:widest$}  → {field}", text(column.get("name"))),
    };
    let blank = if columns.is_empty() { None } else { Some(String::new()) };
    columns.iter().map(shown).chain(blank).collect()
}

/// What came of the rows; several tables at once are counted as documents are.
fn counts(result: &Value) -> Vec<String> {
    let number = |path: &str| result.pointer(path).and_then(Value::as_i64).unwrap_or_default();
    let currency = Currency::parse(&text(result.get("currency"))).ok();
    let money = |path: &str| match (Minor::new(number(path)), currency) {
        (Ok(amount), Some(currency)) => format!(", net {} {currency}", amount.display(currency)),
        _ => String::new(),
    };
    let counted = [
        ("/rows", "row", "rows", ""),
        ("/documents/invoices", "invoice", "invoices", "/net"),
        ("/invoices", "invoice", "invoices", "/net"),
        ("/drafts", "draft of an open order", "drafts of open orders", ""),
        ("/documents/credit_notes", "credit note", "credit notes", "/credit_net"),
        ("/documents/adjustments", "stock adjustment", "stock adjustments", ""),
        ("/documents/known", "document that the books have already", "documents that the books have already", ""),
        ("/known_documents", "document that the books have already", "documents that the books have already", ""),
        ("/new_parties", "new contact", "new contacts", ""),
        ("/new_items", "new item", "new items", ""),
        ("/known_records", "record that the books have already", "records that the books have already", ""),
    ];
    let shown = counted.into_iter().filter(|(path, ..)| number(path) != 0);
    shown
        .map(|(path, one, many, sum)| {
            format!("{:>8} {}{}", number(path), if number(path) == 1 { one } else { many }, if sum.is_empty() { String::new() } else { money(sum) })
        })
        .collect()
}

/// What a person should know: the first of it, and where the rest is.
fn issues(result: &Value) -> Vec<String> {
    let issues = list(result, "issues");
    let total = result.get("issue_count").and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok()).unwrap_or(issues.len());
    if total == 0 {
        return Vec::new();
    }
    let shown = |issue: &Value| {
        let file = issue.get("file").map(|file| format!("{} ", text(Some(file)))).unwrap_or_default();
        format!("         {file}row {}: {} {}", text(issue.get("row")), text(issue.get("message")), text(issue.get("action")))
    };
    let mut lines = vec![format!("{total:>8} {}", if total == 1 { "thing to know" } else { "things to know" })];
    lines.extend(issues.iter().take(ISSUES_SHOWN).map(shown));
    let rest = total.saturating_sub(ISSUES_SHOWN);
    match result.get("batch").and_then(Value::as_str) {
        _ if rest == 0 => {}
        Some(batch) => lines.push(format!("         and {rest} more: daybook query importing.report '{{\"batch\": \"{batch}\"}}'")),
        None => lines.push(format!("         and {rest} more: the same with --json shows up to 500")),
    }
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
