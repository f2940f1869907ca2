//! `daybook commands`, `daybook queries`: what the program can do, as it declares itself.

use std::process::ExitCode;

use serde_json::Value;

use crate::failure::Failure;
use crate::screen::Screen;
use crate::table::{self, Column};

/// The commands.
pub fn commands(screen: &Screen) -> Result<ExitCode, Failure> {
    print(screen, "commands", &["name", "needs", "class"])
}

/// The queries.
pub fn queries(screen: &Screen) -> Result<ExitCode, Failure> {
    print(screen, "queries", &["name", "needs"])
}

/// Everything, as JSON.
pub fn all(screen: &Screen) -> Result<ExitCode, Failure> {
    screen.value(&daybook_rpc::register())?;
    Ok(ExitCode::SUCCESS)
}

fn print(screen: &Screen, part: &str, facts: &[&str]) -> Result<ExitCode, Failure> {
    let register = daybook_rpc::register();
    let entries = register.get(part).cloned().unwrap_or_default();
    if screen.json {
        screen.value(&entries)?;
        return Ok(ExitCode::SUCCESS);
    }
    let columns: Vec<Column> = facts.iter().chain(&["what it does"]).map(|head| Column::whole(head)).collect();
    let rows: Vec<Vec<String>> = entries.as_array().into_iter().flatten().map(|entry| row(entry, facts)).collect();
    screen.write(|out| table::write(out, &columns, &rows))?;
    Ok(ExitCode::SUCCESS)
}

fn row(entry: &Value, facts: &[&str]) -> Vec<String> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let first_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
    facts.iter().map(|fact| text(entry.get(*fact))).chain([first_line(text(entry.pointer("/schema/description")))]).collect()
}
