//! `daybook tenant export`: the canonical dump of one tenant.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::Path;

use daybook_core::shared::error::{Error, Kind};
use daybook_server::central::Place;
use serde_json::json;

use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Writes the dump of one consistent state to a new file; an unfinished one does not stay.
pub fn run(place: &Place, name: &str, out: &Path, screen: &Screen) -> Result<(), Failure> {
    let failed = |e: std::io::Error| {
        let there = e.kind() == std::io::ErrorKind::AlreadyExists;
        let error = if there {
            Error::new(Kind::Conflict, "file.exists").arg("file", out.display())
        } else {
            Error::new(Kind::Storage, "disk.failed").arg("what", out.display())
        };
        error.caused_by(e)
    };
    let file = OpenOptions::new().write(true).create_new(true).open(out).map_err(failed).at(out.display())?;
    let mut writer = BufWriter::new(file);
    let dumped = place.read_beside(name, |tx| daybook_core::app::dump(tx, &mut writer));
    let outcome = dumped.and_then(|()| writer.flush().map_err(failed)).and_then(|()| writer.get_ref().sync_all().map_err(failed));
    if outcome.is_err() {
        let _ = std::fs::remove_file(out);
    }
    outcome.at(name)?;
    if screen.json { screen.value(&json!({ "tenant": name, "file": out })) } else { screen.say(format!("{name}: written to {}", out.display())) }
}
