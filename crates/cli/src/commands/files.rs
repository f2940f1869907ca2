//! `daybook files`: attached files, and how to get at them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use daybook_core::app::{App, system_clock};
use daybook_core::db::Mode;
use daybook_core::files::api::check_size;
use daybook_core::files::lane::Standing;
use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_rpc::{Guard, write_whole};
use daybook_sync::http::HttpRoad;
use serde_json::json;

use crate::args::Files;
use crate::books;
use crate::commands::sync;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;
use crate::table::{self, Column};

/// Does what was asked for.
pub fn run(named: &Option<PathBuf>, files: &Files, screen: &Screen) -> Result<ExitCode, Failure> {
    match files {
        Files::Attach { kind, id, file } => attach(named, kind, id, file, screen)?,
        Files::List => list(named, screen)?,
        Files::Get { hash, output } => get(named, hash, output, screen)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Keeps the content of a file and attaches it.
fn attach(named: &Option<PathBuf>, kind: &str, id: &str, file: &Path, screen: &Screen) -> Result<(), Failure> {
    let place = file.display().to_string();
    let unreadable = |e: std::io::Error| Error::new(Kind::NotFound, "file.missing").arg("what", &place).caused_by(e);
    let size = std::fs::metadata(file).map_err(unreadable).at(&place)?.len();
    check_size(usize::try_from(size).unwrap_or(usize::MAX)).at(&place)?;
    let bytes = std::fs::read(file).map_err(unreadable).at(&place)?;
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let desk = books::for_writing(named)?;
    let stored = desk.with(|app| app.store_file(name, None, &bytes)).at(&place)?;
    let args = json!({ "kind": kind, "id": id, "file": stored });
    let outcome = desk.ask("execute", json!({ "name": "files.attach", "args": args })).at(&place)?;
    if screen.json { screen.value(&outcome) } else { screen.say(format!("{}: {} bytes, {}", stored.name, stored.size, stored.hash)) }
}

fn list(named: &Option<PathBuf>, screen: &Screen) -> Result<(), Failure> {
    let desk = books::for_reading(named)?;
    let all = desk.with(App::file_standings).at("files")?;
    if screen.json {
        return screen.value(&desk.ask("files.list", json!({})).at("files")?);
    }
    let rows: Vec<Vec<String>> = all.iter().map(cells).collect();
    screen.write(|out| {
        let mut columns: Vec<Column> = ["hash", "name", "bytes", "state"].map(Column::whole).into_iter().collect();
        columns.push(Column::new("reason", false));
        table::write(out, &columns, &rows)
    })
}

fn cells(file: &Standing) -> Vec<String> {
    let reason = file.reason.as_ref().and_then(|reason| reason.get("message")?.as_str()).unwrap_or_default();
    let short = file.hash.as_str().get(..16).unwrap_or_default();
    vec![short.to_owned(), file.name.clone(), file.size.to_string(), file.word().to_owned(), reason.to_owned()]
}

/// Writes the content; where it is elsewhere, the device syncs first.
fn get(named: &Option<PathBuf>, hash: &str, output: &Path, screen: &Screen) -> Result<(), Failure> {
    let path = books::path(named)?;
    let bytes = content(&path, hash).at(hash)?;
    if output.exists() {
        return Err(Failure::at(output.display(), Error::new(Kind::Conflict, "file.exists").arg("file", output.display())));
    }
    write_whole(output, &bytes).at(output.display())?;
    screen.say(format!("{}: {} bytes", output.display(), bytes.len()))
}

fn content(books: &Path, begins: &str) -> CoreResult<Vec<u8>> {
    let app = Guard::of_system().open(books, Mode::Write, system_clock())?;
    let mut found = app.file_standings()?.into_iter().filter(|file| file.hash.as_str().starts_with(begins));
    let only = found.next().filter(|_| !begins.is_empty() && found.next().is_none());
    let hash = only.ok_or_else(|| Error::new(Kind::NotFound, "file.unknown").arg("hash", begins).field("hash"))?.hash;
    match app.read_file(hash.as_str()) {
        Err(error) if error.code() == "file.not_here" => app.want_file(hash.as_str())?,
        outcome => return outcome,
    }
    drop(app);
    sync::once(books, &mut HttpRoad::open(books)?)?;
    let app = Guard::of_system().open(books, Mode::Write, system_clock())?;
    let standing = app.file_standings()?.into_iter().find(|file| file.hash == hash);
    let told = standing.and_then(|file| file.reason).and_then(|reason| Error::from_json(&reason));
    app.read_file(hash.as_str()).map_err(|error| told.unwrap_or(error))
}
