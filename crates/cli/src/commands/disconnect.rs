//! `daybook disconnect`: this device signs out of its server.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_sync::http::HttpRoad;
use serde_json::{Value, json};

use crate::args::Disconnect;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Signs out and locks the books. Nothing that was not sent is dropped.
pub fn run(named: &Option<PathBuf>, wish: &Disconnect, screen: &Screen) -> Result<ExitCode, Failure> {
    let path = books::path(named)?;
    if wish.send {
        let mut road = HttpRoad::open(&path).at(path.display())?;
        super::sync::once(&path, &mut road).at(path.display())?;
    }
    let desk = books::for_writing(named)?;
    if let Some(file) = &wish.export {
        let copy = desk.ask("sync.unsent_text", json!({})).at(path.display())?;
        write_new(file, copy.get("text").and_then(Value::as_str).unwrap_or_default()).at(file.display())?;
    }
    let keep = wish.keep || wish.export.is_some();
    let outcome = desk.ask("sync.sign_out", json!({ "keep": keep })).at(path.display())?;
    if screen.json {
        screen.value(&outcome)?;
        return Ok(ExitCode::SUCCESS);
    }
    let pending = outcome.get("pending").and_then(Value::as_i64).unwrap_or_default();
    screen.say(format!("{}: signed out and locked, {pending} not sent; daybook sign-in opens it", path.display()))?;
    if outcome.get("ended") == Some(&Value::Bool(false)) {
        screen.warn("the server could not be told: its session ends by itself, or is ended by who administers the firm");
    }
    Ok(ExitCode::SUCCESS)
}

fn write_new(file: &Path, text: &str) -> CoreResult<()> {
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", file.display()).caused_by(e);
    if file.exists() {
        return Err(Error::new(Kind::Conflict, "file.exists").arg("file", file.display()));
    }
    let mut target = OpenOptions::new().write(true).create_new(true).open(file).map_err(failed)?;
    target.write_all(text.as_bytes()).and_then(|()| target.sync_all()).map_err(failed)
}
