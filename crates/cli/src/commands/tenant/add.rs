//! `daybook tenant add`.

use std::path::Path;

use daybook_server::central::{NewTenant, Place, provision};
use serde_json::json;

use crate::args::AddTenant;
use crate::commands::central::timer;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Makes the tenant and says how its owner comes in.
pub fn run(place: &Place, add: &AddTenant, screen: &Screen) -> Result<(), Failure> {
    let password = add.password_file.as_deref().map(first_line).transpose()?;
    let facts = |name: &String| json!({ "name": name, "country": add.country, "currency": add.currency, "chart": add.chart, "owner": add.owner });
    let new = NewTenant { name: add.name.clone(), company: add.company.as_ref().map(facts), owner_email: add.owner_email.clone(), password };
    let one_time = provision(place, &timer(), new).at(&add.name)?;
    if screen.json {
        return screen.value(&json!({ "tenant": add.name, "email": add.owner_email, "password": one_time }));
    }
    screen.say(format!("{}: made", add.name))?;
    match one_time {
        Some(password) => screen.say(format!("{} signs in with the one-time password {password}", add.owner_email)),
        None => screen.say(format!("{} signs in with the given password", add.owner_email)),
    }
}

fn first_line(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file).at(file.display())?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
