//! `daybook dump`: every row in a canonical form.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::args::Dump;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Writes the dump, or its hash.
pub fn run(named: &Option<PathBuf>, dump: &Dump, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_reading(named)?;
    if dump.hash || screen.json {
        let hash = desk.with(|app| app.dump_hash()).at(desk.path().display())?;
        if screen.json {
            screen.value(&json!({ "hash": hash }))?
        } else {
            screen.say(hash)?
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut reader_gone = Ok(());
    let outcome = desk.with(|app| {
        app.read(|tx, _| {
            let mut dumped = Ok(());
            reader_gone = screen.write(|mut out| {
                dumped = daybook_core::app::dump(tx, &mut out);
                Ok(())
            });
            dumped
        })
    });
    reader_gone?;
    outcome.at(desk.path().display())?;
    Ok(ExitCode::SUCCESS)
}
