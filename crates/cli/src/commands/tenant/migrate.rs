//! `daybook tenant migrate`: after a new version, before people come.

use daybook_core::shared::error::{Error, Kind};
use daybook_server::central::Place;
use serde_json::{Value, json};

use crate::commands::central::timer;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Opens one tenant after the other, which brings it up to date. One that cannot be opened does not stop
/// the others; run again, only what is left is done.
pub fn run(place: &Place, screen: &Screen) -> Result<(), Failure> {
    let mut troubles = 0_usize;
    let mut all: Vec<Value> = Vec::new();
    for name in place.list().at("tenants")? {
        let trouble = place.open(&name, &timer()).err().map(|e| e.message());
        troubles += usize::from(trouble.is_some());
        if !screen.json {
            screen.say(format!("{name:<24}{}", trouble.as_deref().unwrap_or("up to date")))?;
        }
        all.push(json!({ "tenant": name, "trouble": trouble }));
    }
    if screen.json {
        screen.value(&json!({ "tenants": all }))?;
    }
    if troubles == 0 { Ok(()) } else { Err(Failure::at("tenants", Error::new(Kind::State, "tenant.migrate").arg("count", troubles))) }
}
