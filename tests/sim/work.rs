//! What people do all day, good and bad, on whatever rows their device has; and what the office does on
//! the server meanwhile.

use daybook_core::app::{App, Call};
use daybook_core::planted;
use daybook_core::shared::error::Kind;
use daybook_core::shared::{Date, Id, Instant};
use serde_json::{Value, json};

use super::device::{Committed, Device};
use super::{Dice, trace};

/// Tries something; what the device refuses at once has not happened.
pub fn something(device: &mut Device, dice: &mut Dice, now_ms: i64, poisoned: bool) {
    let now_ms = now_ms + device.skew_ms;
    let Some((name, args)) = choose(device.app(), dice, now_ms) else { return };
    let call = call(name, args, dice, now_ms, device.n);
    let command = call.id;
    if poisoned {
        planted::poison(command.bytes());
    }
    match device.app().execute(call) {
        Ok(outcome) => {
            trace(|| format!("device {} committed {command} {name}", device.n));
            let paper = paper(device.app(), name, &outcome.result["id"]);
            device.committed.push(Committed { command: command.to_string(), paper });
        }
        Err(error) => assert!(error.kind() != Kind::Internal, "{name}: {error}"),
    }
}

/// Somebody attaches a file: a small one, one of two pieces, or one that others may have too.
pub fn attach(device: &mut Device, dice: &mut Dice, now_ms: i64) {
    let now_ms = now_ms + device.skew_ms;
    let Some(party) = any(device.app(), dice, "party") else { return };
    let (size, mark) = (if dice.chance(30) { 270_000 } else { 60 }, dice.below(40));
    let text = format!("%PDF-1.7 {mark} {}", " ".repeat(size));
    let Ok(file) = device.app().store_file("scan.pdf", None, text.as_bytes()) else { return };
    device.stored.push(file.hash.to_string());
    let call = call("files.attach", json!({"kind": "party", "id": party, "file": file}), dice, now_ms, device.n);
    let command = call.id;
    if device.app().execute(call).is_ok() {
        trace(|| format!("device {} committed {command} files.attach", device.n));
        device.committed.push(Committed { command: command.to_string(), paper: None });
    }
}

/// The office changes something on the server.
pub fn office(server: &App, dice: &mut Dice, now_ms: i64) {
    let Some((name, args)) = decide(server, dice, now_ms) else { return };
    let outcome = server.execute(call(name, args, dice, now_ms, 99));
    trace(|| format!("the office: {name}: {:?}", outcome.as_ref().map(drop)));
    if let Err(error) = outcome {
        assert!(error.kind() != Kind::Internal, "{name}: {error}");
    }
}

/// A call with an id by the dice: a world is the same at every run.
fn call(name: &str, args: Value, dice: &mut Dice, now_ms: i64, machine: usize) -> Call {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&now_ms.to_be_bytes()[2..]);
    bytes[6..14].copy_from_slice(&dice.next().to_be_bytes());
    bytes[14] = u8::try_from(machine).unwrap();
    Call { at: Some(Instant::from_millis(now_ms)), ..Call::new(name, args).with_id(Id::from_bytes(bytes)) }
}

/// What a posted document says, to be compared in the end: the customer has the paper.
fn paper(app: &App, name: &str, id: &Value) -> Option<(String, String)> {
    let posts = ["billing.post_invoice", "billing.post_draft", "billing.reverse_invoice", "billing.credit_invoice"].contains(&name);
    let id = id.as_str().filter(|_| posts)?;
    Some((id.to_owned(), said(app, id)?))
}

/// Everything a document says, if the books have it: its rows, without the day on which the ledger has it. A
/// period that was closed meanwhile moves that day, which is not on the paper.
pub fn said(app: &App, id: &str) -> Option<String> {
    const NOT_ON_PAPER: [&str; 3] = ["accounting_date", "content_hash", "entry"];
    let mut told = match app.query("billing.invoice", json!({"id": id})) {
        Err(error) if error.kind() == Kind::NotFound => return None,
        told => told.expect("a document"),
    };
    told["invoice"].as_object_mut()?.retain(|name, _| !NOT_ON_PAPER.contains(&name.as_str()));
    let rows = ["invoice", "lines", "adjustments", "tax_rows", "parties", "details", "identifiers", "files"];
    Some(rows.map(|name| told[name].to_string()).join("\n"))
}

const POSTED: &str = "SELECT id FROM billing_document WHERE state = 'posted' AND kind = 'invoice' ORDER BY id";
const DRAFTS: &str = "SELECT id FROM billing_document WHERE state = 'draft' ORDER BY id";
const ADJUSTED: &str = "SELECT DISTINCT source_id FROM stock_move WHERE source = 'adjustment' ORDER BY source_id";
const MANUAL: &str = "SELECT id FROM journal_entry WHERE source = 'manual' ORDER BY id";

fn choose(app: &App, dice: &mut Dice, now_ms: i64) -> Option<(&'static str, Value)> {
    let salt = dice.below(100_000);
    let quantity = (1 + dice.below(40)).to_string();
    Some(match dice.below(26) {
        // The same code on two devices: one of them is refused.
        0 => ("parties.save_party", json!({"code": format!("N{}", dice.below(12)), "name": format!("New {salt}"), "country": "GB", "is_customer": true})),
        1 => ("parties.save_party", json!({"name": format!("Nobody {salt}"), "country": "GB", "is_customer": true})),
        2 => ("parties.save_party", json!({"id": any(app, dice, "party")?, "name": format!("Renamed {salt}"), "country": "GB", "is_customer": true})),
        3 => (
            "catalog.save_item",
            json!({"code": format!("S{}", dice.below(20)), "name": format!("Item {salt}"), "sales_price": "3.75", "purchase_price": format!("{}.5", dice.below(9))}),
        ),
        4 => ("inventory.receive", json!({"lines": [{"item": any(app, dice, "item")?, "quantity": quantity, "unit_cost": "1.30"}]})),
        5 | 6 => ("inventory.adjust", json!({"item": any(app, dice, "item")?, "quantity": format!("-{quantity}"), "reason": "Rust"})),
        7 => ("inventory.reverse_adjustment", json!({"id": some(app, dice, ADJUSTED)?, "reason": "Found"})),
        8..=12 => ("billing.post_invoice", json!({"draft": draft(app, dice)?})),
        13 => ("billing.save_draft", json!({"draft": draft(app, dice)?})),
        14 => ("billing.post_draft", json!({"id": some(app, dice, DRAFTS)?})),
        15 => ("billing.discard_draft", json!({"id": some(app, dice, DRAFTS)?})),
        16 => ("billing.reverse_invoice", json!({"id": some(app, dice, POSTED)?, "reason": "Twice"})),
        17 | 18 => ("billing.credit_invoice", json!({"id": some(app, dice, POSTED)?, "reason": "Broken", "lines": [{"line": 1, "quantity": "1"}]})),
        19 => ("ledger.post_entry", journal(dice, now_ms)),
        20 => ("ledger.reverse_entry", json!({"id": some(app, dice, MANUAL)?, "reason": "Wrong"})),
        21 => ("catalog.save_price", price(app, dice)?),
        22 => ("parties.merge_parties", json!({"loser": any(app, dice, "party")?, "winner": any(app, dice, "party")?})),
        23 => ("history.undo", json!({"step": step(app, "undo")?})),
        24 => ("history.redo", json!({"step": step(app, "redo")?})),
        _ => ("parties.archive_party", json!({"id": any(app, dice, "party")?})),
    })
}

/// What the person may undo, or do again, next.
fn step(app: &App, way: &str) -> Option<Value> {
    let steps = app.query("history.steps", json!({})).ok()?;
    steps[way].get(0).map(|step| step["step"].clone())
}

fn decide(app: &App, dice: &mut Dice, now_ms: i64) -> Option<(&'static str, Value)> {
    let through = day(now_ms - 86_400_000 * (1 + dice.below(10)));
    Some(match dice.below(9) {
        0 | 1 => ("identity.save_user", staff(app, dice)?),
        2 | 3 => ("ledger.close_period", json!({"through": through, "reason": "Closed"})),
        4 => ("ledger.reopen_period", json!({"until": now_ms + 3_600_000, "reason": "A late bill"})),
        5 => ("parties.archive_party", json!({"id": any(app, dice, "party")?})),
        6 => ("parties.merge_parties", json!({"loser": any(app, dice, "party")?, "winner": any(app, dice, "party")?})),
        7 => ("catalog.archive_item", json!({"id": any(app, dice, "item")?})),
        _ => ("catalog.save_price", price(app, dice)?),
    })
}

/// Somebody gets another role, leaves or comes back.
fn staff(app: &App, dice: &mut Dice) -> Option<Value> {
    let rows: Vec<(Id<()>, String)> =
        app.read(|tx, _| tx.all("SELECT id, name FROM app_user WHERE name IN ('Ann', 'Bob') ORDER BY name", &[])).expect("people");
    let (id, name) = dice.one(&rows)?;
    let role = dice.one(&["accountant", "sales", "warehouse", "auditor", "admin"])?;
    Some(json!({"id": id.to_string(), "name": name, "role": role, "archived": dice.chance(25)}))
}

fn price(app: &App, dice: &mut Dice) -> Option<Value> {
    let cents = 100 + dice.below(400);
    let price = format!("{}.{:02}", cents / 100, cents % 100);
    Some(json!({"id": any(app, dice, "price")?, "valid_from": "2011-01-01", "price": price}))
}

fn journal(dice: &mut Dice, now_ms: i64) -> Value {
    let amount = 1 + dice.below(900);
    let lines = json!([{"account": "1230", "debit": amount}, {"account": "1200", "credit": amount}]);
    json!({"date": day(now_ms), "text": "Cash from the bank", "lines": lines})
}

fn draft(app: &App, dice: &mut Dice) -> Option<Value> {
    let lines: Vec<Value> =
        (0..1 + dice.below(3)).filter_map(|_| Some(json!({"item": any(app, dice, "item")?, "quantity": (1 + dice.below(9)).to_string()}))).collect();
    Some(json!({"party": any(app, dice, "party")?, "lines": lines}))
}

fn day(ms: i64) -> String {
    Date::of(Instant::from_millis(ms)).expect("a day").to_string()
}

fn any(app: &App, dice: &mut Dice, table: &str) -> Option<String> {
    some(app, dice, &format!("SELECT id FROM {table} ORDER BY id"))
}

/// One of the rows that a device has; none of tables that it may not hold.
fn some(app: &App, dice: &mut Dice, sql: &str) -> Option<String> {
    let ids: Vec<(Id<()>,)> = match app.read(|tx, _| tx.all(sql, &[])) {
        Err(error) if error.code() == "scope.absent" => Vec::new(),
        ids => ids.expect("ids"),
    };
    dice.one(&ids).map(|(id,)| id.to_string())
}
