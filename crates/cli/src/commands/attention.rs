//! `daybook attention`: work that the server did not accept, and what people ask each other for.

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
    if let Some((method, body)) = deed(wish) {
        let outcome = ask(method, body)?;
        if wish.discard.is_none() {
            screen.value(&outcome)?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    let items = ask("attention.list", json!({}))?;
    if let Some(command) = &wish.resubmit {
        let outcome = ask("attention.resubmit", json!({ "command": command, "args": args_of(wish, command, &items)? }))?;
        screen.value(&outcome)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (listed, requests) = (list(&items, "items"), list(&items, "requests"));
    let nothing = listed.is_empty() && requests.is_empty();
    if screen.json {
        screen.value(&items)?;
    } else if nothing {
        screen.say("nothing needs you")?;
    } else {
        listed.iter().try_for_each(|item| show(item, screen))?;
        requests.iter().try_for_each(|request| show_request(request, screen))?;
    }
    Ok(if nothing { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The method and the body of what is wished for; none for looking, and for trying one item again, which has to
/// be looked at first.
fn deed(wish: &Attention) -> Option<(&'static str, Value)> {
    let Attention { discard, reason, resubmit, chain, ask, approve, deny, withdraw, .. } = wish;
    match (discard, resubmit, chain) {
        (Some(root), _, true) => return Some(("attention.discard_chain", json!({ "root": root, "remark": reason }))),
        (Some(command), _, false) => return Some(("attention.discard", json!({ "command": command, "remark": reason }))),
        (_, Some(root), true) => return Some(("attention.resubmit_chain", json!({ "root": root }))),
        _ => {}
    }
    let execute = |name: &str, args: Value| ("execute", json!({ "name": name, "args": args }));
    let asked = ask.as_ref().map(|command| ("attention.ask", json!({ "command": command, "reason": reason })));
    let approved = || approve.as_ref().map(|id| execute("approvals.decide", json!({ "id": id, "approve": true })));
    let denied = || deny.as_ref().map(|id| execute("approvals.decide", json!({ "id": id, "approve": false, "remark": reason })));
    let withdrawn = || withdraw.as_ref().map(|id| execute("approvals.withdraw", json!({ "id": id })));
    asked.or_else(approved).or_else(denied).or_else(withdrawn)
}

/// What is said now: what was said before, unless there is something else.
fn args_of(wish: &Attention, command: &str, items: &Value) -> Result<Value, Failure> {
    if let Some(text) = &wish.args {
        return serde_json::from_str(text).map_err(|e| Error::invalid("rpc.not_json").arg("detail", &e).caused_by(e)).at("--args");
    }
    let item = list(items, "items").into_iter().find(|item| text(item, "/command") == command);
    let item = item.ok_or_else(|| Error::new(Kind::NotFound, "attention.not_open").arg("command", command)).at("--resubmit")?;
    Ok(item.get("args").cloned().unwrap_or_default())
}

fn show(item: &Value, screen: &Screen) -> Result<(), Failure> {
    let chained = if text(item, "/root") == text(item, "/command") { "" } else { "  " };
    let (command, name, actor, outcome) = (text(item, "/command"), text(item, "/name"), text(item, "/actor_name"), text(item, "/outcome"));
    screen.say(format!("{chained}{command}  {name} by {actor}, {}: {outcome}", day(item, "recorded_at")))?;
    screen.say(format!("{chained}  {} {}", text(item, "/reason/message"), text(item, "/reason/next")))?;
    let Some(beside) = item.get("beside").filter(|beside| !beside.is_null()) else { return Ok(()) };
    if beside.get("gone") == Some(&Value::Bool(true)) {
        return screen.say(format!("{chained}  it is there no more"));
    }
    if beside.get("other") == Some(&Value::Bool(true)) {
        screen.say(format!("{chained}  another is there already:"))?;
    }
    list(beside, "fields").iter().try_for_each(|field| screen.say(format!("{chained}  {}", compared(field))))
}

fn compared(field: &Value) -> String {
    let (label, now) = (text(field, "/label"), plain(field.get("now")));
    match field.get("tried") {
        Some(_) if field.get("same") == Some(&Value::Bool(true)) => format!("{label}: {now} already"),
        Some(tried) => format!("{label}: {}, now {now}", plain(Some(tried))),
        None => format!("{label}: {now}"),
    }
}

fn show_request(request: &Value, screen: &Screen) -> Result<(), Failure> {
    let (id, asker, label, reason) = (text(request, "/id"), text(request, "/asker_name"), text(request, "/label"), text(request, "/reason"));
    screen.say(format!("{id}  {asker} asks, {}: {label}. {reason}", day(request, "asked_at")))?;
    let said = request.get("args").map(Value::to_string).unwrap_or_default();
    match (text(request, "/state"), request.get("own") == Some(&Value::Bool(true))) {
        ("denied", _) => screen.say(format!("  {} said no: {}", text(request, "/decided_by_name"), text(request, "/remark"))),
        (_, true) => screen.say("  it waits for somebody who may"),
        (_, false) => screen.say(format!("  {said}\n  daybook attention --approve {id}, or --deny {id} --reason WHY")),
    }
}

fn day(of: &Value, name: &str) -> String {
    let at = Instant::from_millis(of.get(name).and_then(Value::as_i64).unwrap_or_default());
    Date::of(at).map(|date| date.to_string()).unwrap_or_default()
}

fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn list(of: &Value, name: &str) -> Vec<Value> {
    of.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The text at a place in a value; empty where there is none.
fn text<'v>(value: &'v Value, place: &str) -> &'v str {
    value.pointer(place).and_then(Value::as_str).unwrap_or_default()
}
