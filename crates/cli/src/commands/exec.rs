//! `daybook exec`: executes one command.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use daybook_core::shared::error::Error;
use serde_json::{Value, json};

use crate::args::Exec;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Executes the command and prints its answer; with --json the whole outcome.
pub fn run(named: &Option<PathBuf>, exec: &Exec, screen: &Screen) -> Result<ExitCode, Failure> {
    let args = read_json(&exec.args)?;
    let desk = books::for_writing(named)?;
    let outcome = desk.ask("execute", json!({ "name": exec.name, "args": args, "id": exec.id })).at(&exec.name)?;
    if screen.json {
        screen.value(&outcome)?;
    } else {
        screen.value(outcome.get("result").unwrap_or(&Value::Null))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// JSON as typed, from `@FILE`, or from standard input with `-`.
pub fn read_json(given: &str) -> Result<Value, Failure> {
    let (place, text) = match (given, given.strip_prefix('@')) {
        ("-", _) => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).at("standard input")?;
            ("standard input", text)
        }
        (_, Some(file)) => (file, std::fs::read_to_string(file).at(file)?),
        (_, None) => ("arguments", given.to_owned()),
    };
    serde_json::from_str(&text).map_err(|e| Failure::at(place, Error::invalid("rpc.not_json").arg("detail", e)))
}
