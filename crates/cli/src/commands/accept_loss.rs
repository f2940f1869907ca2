//! `daybook accept-loss`: books that lost entries take new ones again.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Accepts the loss and says how large it was.
pub fn run(named: &Option<PathBuf>, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_writing(named)?;
    let lost = desk.accept_loss().at(desk.path().display())?;
    if screen.json {
        screen.value(&json!({ "lost": lost }))?;
    } else {
        screen.say(format!("{}: {lost} entries are accepted as lost", desk.path().display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
