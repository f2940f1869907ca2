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
    let listed = items.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(command) = &wish.resubmit {
        let item = listed.iter().find(|item| text(item, "/command") == *command);
        let item = item.ok_or_else(|| Error::new(Kind::NotFound, "attention.not_open").arg("command", command)).at("--resubmit")?;
        let args = match &wish.args {
            Some(text) => serde_json::from_str(text).map_err(|e| Error::invalid("rpc.not_json").arg("detail", &e).caused_by(e)).at("--args")?,
            None => item.get("args").cloned().unwrap_or_default(),
        };
        let outcome = ask("attention.resubmit", json!({ "command": command, "args": args }))?;
        screen.value(&outcome)?;
        return Ok(ExitCode::SUCCESS);
    }
    if screen.json {
        screen.value(&items)?;
    } else if listed.is_empty() {
        screen.say("nothing needs you")?;
    } else {
        listed.iter().try_for_each(|item| show(item, screen))?;
    }
    Ok(if listed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn show(item: &Value, screen: &Screen) -> Result<(), Failure> {
    let at = Instant::from_millis(item.get("recorded_at").and_then(Value::as_i64).unwrap_or_default());
    let day = Date::of(at).map(|date| date.to_string()).unwrap_or_default();
    let chained = if text(item, "/root") == text(item, "/command") { "" } else { "  " };
    let (command, name, actor, outcome) = (text(item, "/command"), text(item, "/name"), text(item, "/actor_name"), text(item, "/outcome"));
    screen.say(format!("{chained}{command}  {name} by {actor}, {day}: {outcome}"))?;
    screen.say(format!("{chained}  {} {}", text(item, "/reason/message"), text(item, "/reason/next")))
}

/// The text at a place in a value; empty where there is none.
fn text<'v>(value: &'v Value, place: &str) -> &'v str {
    value.pointer(place).and_then(Value::as_str).unwrap_or_default()
}
