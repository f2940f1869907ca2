//! `daybook backup`: a verified copy of the books.

use std::path::PathBuf;
use std::process::ExitCode;

use daybook_core::shared::error::{Error, Kind};
use serde_json::json;

use crate::args::Backup;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Writes the copy; the books may be in use meanwhile.
pub fn run(named: &Option<PathBuf>, backup: &Backup, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_reading(named)?;
    let missing = || Error::new(Kind::State, "backup.server");
    desk.with(|app| app.storage().books().ok_or_else(missing)?.backup(&backup.out)).at(backup.out.display())?;
    let size = std::fs::metadata(&backup.out).at(backup.out.display())?.len();
    if screen.json {
        screen.value(&json!({ "backup": backup.out, "bytes": size }))?;
    } else {
        screen.say(format!("{}: verified copy, {size} bytes", backup.out.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
