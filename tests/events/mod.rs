//! Events: what happens after the commit. Receivers on this machine stand for the world outside.

mod addresses;
#[cfg(feature = "nats")]
mod brokers;
mod kernel;
mod letters;
pub mod receivers;
mod webhooks;
mod worker;

use daybook_core::daybook::events::{Channel, Subscription};
use daybook_core::shared::Instant;
use daybook_events::{Settings, Turn, administer, turn};
use serde_json::json;

use crate::billing::{customer, item};
use crate::support::{START_MS, TestBooks};

/// A moment, in seconds after the tests' clock began and well after everything they did.
fn at(seconds: i64) -> Instant {
    Instant::from_millis(START_MS + 3_600_000 + seconds * 1000)
}

/// Posts invoices of one bolt to a customer called `name`; gives their numbers.
fn post(books: &TestBooks, name: &str, count: usize) -> Vec<String> {
    let (party, bolt) = (customer(books, name, "GB"), item(books, &format!("BOLT {name}"), "10.00"));
    let draft = json!({"party": party, "lines": [{"item": bolt, "quantity": "1"}]});
    let number = |posted: serde_json::Value| posted["number"].as_str().unwrap().to_owned();
    (0..count).map(|_| number(books.run("billing.post_invoice", json!({"draft": draft})))).collect()
}

fn subscribe(books: &TestBooks, settings: &Settings, channel: Channel, names: &str, target: &str) -> Subscription {
    administer::subscribe(&books.app, books.app.actor(), settings, channel, names, target).unwrap()
}

fn deliver(books: &TestBooks, settings: &Settings, seconds: i64) -> Turn {
    turn(&books.app, settings, at(seconds)).unwrap()
}

/// State, attempts and reason of every delivery, oldest event first.
fn standing(books: &TestBooks) -> Vec<(String, i64, String)> {
    let mut all = administer::list(&books.app, books.app.actor(), false, 1000).unwrap();
    all.reverse();
    all.into_iter().map(|listed| (listed.state, listed.attempts, listed.error)).collect()
}
