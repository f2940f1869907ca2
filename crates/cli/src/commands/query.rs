//! `daybook query`: answers one query.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::exec::read_json;
use crate::args::Query;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Answers the query.
pub fn run(named: &Option<PathBuf>, query: &Query, screen: &Screen) -> Result<ExitCode, Failure> {
    let args = read_json(&query.args)?;
    let desk = books::for_reading(named)?;
    let answer = desk.ask("query", json!({ "name": query.name, "args": args })).at(&query.name)?;
    screen.value(&answer)?;
    Ok(ExitCode::SUCCESS)
}
