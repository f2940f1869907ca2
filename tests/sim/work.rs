//! What people do all day, good and bad, on whatever rows their device has.

use daybook_core::app::{App, Call};
use daybook_core::shared::{Id, Instant};
use serde_json::{Value, json};

use super::Dice;
use super::device::{Committed, Device};
use super::template::template;

/// Tries something; what the device refuses at once has not happened.
pub fn something(device: &mut Device, dice: &mut Dice, now_ms: i64) {
    let Some((name, args)) = choose(device, dice) else { return };
    let mut call = Call::new(name, args);
    call.at = Some(Instant::from_millis(now_ms));
    call.actor = Some(template().seats[device.n].actor(name));
    // Ids by the dice: a world is the same at every run.
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&now_ms.to_be_bytes()[2..]);
    bytes[6..14].copy_from_slice(&dice.next().to_be_bytes());
    bytes[14] = u8::try_from(device.n).unwrap();
    call.id = Id::from_bytes(bytes);
    let id = call.id.to_string();
    match device.app().execute(call) {
        Ok(outcome) => {
            super::trace(|| format!("device {} committed {id} {name}", device.n));
            device.committed.push(Committed { command: id, paper: paper(device, name, &outcome.result["id"]) });
        }
        Err(error) => assert!(error.kind() != daybook_core::shared::error::Kind::Internal, "{name}: {error}"),
    }
}

/// What a posted document says, to be compared in the end: the customer has the paper.
fn paper(device: &Device, name: &str, id: &Value) -> Option<(String, String)> {
    let posts = ["billing.post_invoice", "billing.post_draft", "billing.reverse_invoice"].contains(&name);
    let id = id.as_str().filter(|_| posts)?;
    Some((id.to_owned(), content_hash(device.app(), id)?))
}

/// The hash of everything a document says, if the books have it.
pub fn content_hash(app: &App, id: &str) -> Option<String> {
    let id: Id<()> = Id::parse(id).expect("an id");
    let row: Option<(String,)> =
        app.read(|tx, _| tx.opt("SELECT content_hash FROM billing_document WHERE id = ?1", daybook_core::vals![id])).expect("documents");
    row.map(|(hash,)| hash)
}

fn choose(device: &mut Device, dice: &mut Dice) -> Option<(&'static str, Value)> {
    let salt = device.salt();
    let quantity = (1 + dice.below(40)).to_string();
    Some(match dice.below(14) {
        // The same code on two devices: one of them is refused.
        0 => ("parties.save_party", json!({"code": format!("N{}", dice.below(12)), "name": format!("New {salt}"), "country": "GB", "is_customer": true})),
        1 => ("parties.save_party", json!({"name": format!("Nobody {salt}"), "country": "GB", "is_customer": true})),
        2 => ("parties.save_party", json!({"id": any(device, dice, "party")?, "name": format!("Renamed {salt}"), "country": "GB", "is_customer": true})),
        3 => ("catalog.save_item", json!({"code": format!("S{}", dice.below(20)), "name": format!("Item {salt}"), "price": "3.75"})),
        4 => ("inventory.receive", json!({"lines": [{"item": any(device, dice, "item")?, "quantity": quantity, "unit_cost": "1.30"}]})),
        5 => ("inventory.adjust", json!({"item": any(device, dice, "item")?, "quantity": format!("-{quantity}"), "reason": "Rust"})),
        6..=9 => ("billing.post_invoice", json!({"draft": draft(device, dice)?})),
        10 => ("billing.save_draft", json!({"draft": draft(device, dice)?})),
        11 => ("billing.post_draft", json!({"id": some(device, dice, "SELECT id FROM billing_document WHERE state = 'draft' ORDER BY id")?})),
        12 => (
            "billing.reverse_invoice",
            json!({"id": some(device, dice, "SELECT id FROM billing_document WHERE state = 'posted' AND kind = 'invoice' ORDER BY id")?, "reason": "Twice"}),
        ),
        _ => ("parties.archive_party", json!({"id": any(device, dice, "party")?})),
    })
}

fn draft(device: &Device, dice: &mut Dice) -> Option<Value> {
    let lines: Vec<Value> =
        (0..1 + dice.below(3)).filter_map(|_| Some(json!({"item": any(device, dice, "item")?, "quantity": (1 + dice.below(9)).to_string()}))).collect();
    Some(json!({"party": any(device, dice, "party")?, "lines": lines}))
}

fn any(device: &Device, dice: &mut Dice, table: &str) -> Option<String> {
    some(device, dice, &format!("SELECT id FROM {table} ORDER BY id"))
}

fn some(device: &Device, dice: &mut Dice, sql: &str) -> Option<String> {
    let ids: Vec<(Id<()>,)> = device.app().read(|tx, _| tx.all(sql, &[])).expect("ids");
    dice.one(&ids).map(|(id,)| id.to_string())
}
