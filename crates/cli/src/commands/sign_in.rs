//! `daybook sign-in`: the person of this device signs in again.

use std::path::PathBuf;
use std::process::ExitCode;

use daybook_rpc::{Access, Desk, Guard};
use serde_json::json;

use super::connect::{password, read_secret};
use crate::args::SignIn;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Signs in; books that were locked open again.
pub fn run(named: &Option<PathBuf>, given: &SignIn, screen: &Screen) -> Result<ExitCode, Failure> {
    let path = books::path(named)?;
    let password = password(given.password_file.as_deref(), screen).at("--password-file")?;
    let new_password = given.new_password_file.as_deref().map(read_secret).transpose().at("--new-password-file")?;
    let desk = Desk::at(&path, Access::Write, Guard::of_system());
    desk.ask("sync.sign_in", json!({ "password": password, "new_password": new_password })).at(path.display())?;
    if screen.json {
        screen.value(&json!({ "signed_in": true }))?
    } else {
        screen.say(format!("{}: signed in", path.display()))?
    }
    Ok(ExitCode::SUCCESS)
}
