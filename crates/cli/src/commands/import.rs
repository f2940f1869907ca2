//! `daybook import`: a file of another program becomes documents; or an import is undone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use daybook_core::shared::error::Error;
use daybook_rpc::jobs::{Import as ImportTask, Task};
use serde_json::{Value, json};

use crate::args::{Import, ImportFile};
use crate::books;
use crate::failure::{Failure, Placed};
use crate::follow::{self, Ended};
use crate::screen::Screen;

/// Imports or undoes.
pub fn run(named: &Option<PathBuf>, import: &Import, screen: &Screen) -> Result<ExitCode, Failure> {
    match import {
        Import::Sales(file) => read(named, "sales", file, screen),
        Import::Northwind(file) => read(named, "northwind", file, screen),
        Import::Undo { batch } => undo(named, batch, screen),
    }
}

fn undo(named: &Option<PathBuf>, batch: &str, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_writing(named)?;
    let call = json!({ "name": "importing.undo_batch", "args": { "batch": batch } });
    let outcome = desk.ask("execute", call).at(format!("import {batch}"))?;
    screen.value(outcome.get("result").unwrap_or(&Value::Null))?;
    Ok(ExitCode::SUCCESS)
}

fn read(named: &Option<PathBuf>, kind: &str, file: &ImportFile, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_writing(named)?;
    let place = file.file.display().to_string();
    let upload = desk.uploads().adopt(&file.file).at(&place)?;
    let task = ImportTask { file: upload.file, import: kind.to_owned(), mapping: mapping(&file.map)?, dry_run: file.dry_run };
    match follow::run(&desk, Task::Import(task), screen.json)? {
        Ended::Done(result) => report(&result, file, screen),
        Ended::Cancelled => Err(follow::cancelled(place)),
        Ended::Failed(error) => Err(Failure::At(place, error)),
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

fn report(result: &Value, file: &ImportFile, screen: &Screen) -> Result<ExitCode, Failure> {
    if screen.json {
        screen.value(result)?;
        return Ok(ExitCode::SUCCESS);
    }
    screen.value(result)?;
    if file.dry_run {
        screen.say("this was a dry run: nothing was changed")?;
    }
    Ok(ExitCode::SUCCESS)
}
