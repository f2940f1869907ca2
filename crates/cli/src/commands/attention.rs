//! `daybook attention`: work that the server did not accept.

use std::path::PathBuf;
use std::process::ExitCode;

use daybook_core::shared::error::{Error, Kind};
use daybook_core::shared::{Date, Instant};
use serde_json::{Value, json};

use crate::args::Attention;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Shows the items, or deals with one.
pub fn run(named: &Option<PathBuf>, wish: &Attention, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_writing(named)?;
    let place = desk.path().display().to_string();
    let ask = |method: &str, body: Value| desk.ask(method, body).at(&place);
    if let Some(command) = &wish.discard {
        ask("attention.discard", json!({ "command": command, "remark": wish.reason }))?;
    }
    let items = ask("attention.list", json!({}))?;
    let empty = Vec::new();
    let listed = items["items"].as_array().unwrap_or(&empty);
    if let Some(command) = &wish.resubmit {
        let item = listed.iter().find(|item| item["command"] == **command);
        let item = item.ok_or_else(|| Error::new(Kind::NotFound, "attention.not_open").arg("command", command)).at("--resubmit")?;
        let args = match &wish.args {
            Some(text) => serde_json::from_str(text).map_err(|e| Error::invalid("rpc.not_json").arg("detail", &e).caused_by(e)).at("--args")?,
            None => item["args"].clone(),
        };
        let outcome = ask("attention.resubmit", json!({ "command": command, "args": args }))?;
        screen.value(&outcome)?;
        return Ok(ExitCode::SUCCESS);
    }
    if screen.json {
        screen.value(&items)?;
    } else {
        listed.iter().try_for_each(|item| show(item, screen))?;
    }
    Ok(if listed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn show(item: &Value, screen: &Screen) -> Result<(), Failure> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let at = Date::of(Instant::from_millis(item["recorded_at"].as_i64().unwrap_or_default())).map(|date| date.to_string()).unwrap_or_default();
    let chained = if item["root"] == item["command"] { "" } else { "  " };
    screen.say(format!("{chained}{}  {} by {}, {}: {}", text(&item["command"]), text(&item["name"]), text(&item["actor_name"]), at, text(&item["outcome"])))?;
    screen.say(format!("{chained}  {} {}", text(&item["reason"]["message"]), text(&item["reason"]["next"])))
}
