//! `daybook init`: sets up the books of a firm, or the sample company.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind};
use daybook_rpc::{Access, Desk, fill_sample, sample_books};
use serde_json::{Value, json};

use crate::args::Init;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Sets up the books.
pub fn run(named: &Option<PathBuf>, init: &Init, screen: &Screen) -> Result<ExitCode, Failure> {
    let path = if init.sample && named.is_none() { sample_books().at("books")? } else { books::path(named)? };
    let desk = books::desk(&path, Access::Write).at(path.display())?;
    if desk.has_company().at(path.display())? {
        return Err(Failure::at(path.display(), Error::new(Kind::Conflict, "books.exists").arg("books", path.display())));
    }
    let made = if init.sample { fill_sample(&desk) } else { create(&desk, init) };
    made.at(path.display())?;
    let status = desk.ask("status", json!({})).at(path.display())?;
    if screen.json {
        screen.value(&status)?;
        return Ok(ExitCode::SUCCESS);
    }
    let fact = |name: &str| status.pointer(&format!("/company/{name}")).and_then(Value::as_str).unwrap_or_default().to_owned();
    screen.say(format!("{}: books of {} ({}, {})", path.display(), fact("name"), fact("country"), fact("currency")))?;
    Ok(ExitCode::SUCCESS)
}

fn create(desk: &Arc<Desk>, init: &Init) -> daybook_core::shared::Result<()> {
    let args = json!({ "name": init.name, "country": init.country, "currency": init.currency, "chart": init.chart });
    desk.ask("execute", json!({ "name": "identity.create_company", "args": args })).map(drop)
}
