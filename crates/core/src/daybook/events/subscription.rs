//! Who wants to hear of which events, and how.

use std::fmt;

use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::{Cells, FromRow, take};
use crate::shared::{Id, Instant};
use crate::{choice, vals};

/// Marks the ids of subscriptions.
#[derive(Debug)]
pub enum SubscriptionTag {}
/// The id of a subscription.
pub type SubscriptionId = Id<SubscriptionTag>;

choice! {
    /// How events travel.
    pub enum Channel {
        /// As e-mail.
        Mail = "mail",
        /// As a signed HTTP request.
        Webhook = "webhook",
        /// As a message to a RabbitMQ exchange.
        RabbitMq = "rabbitmq",
        /// As a message to a NATS stream.
        Nats = "nats",
    }
}

/// Somebody who wants to hear of events.
#[derive(Clone)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// How they travel.
    pub channel: Channel,
    /// Which: names (`billing.posted`), groups (`billing.*`), or all (`*`), with spaces between.
    pub names: String,
    /// Where to: an address of the channel.
    pub target: String,
    /// What signs webhooks; empty for other channels.
    pub secret: String,
    /// Hears of events of entries after this position.
    pub since: i64,
    /// When it was made.
    pub created_at: Instant,
}

/// Without the secret: what is printed for a log must not tell it.
impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("id", &self.id).field("channel", &self.channel).field("names", &self.names).finish_non_exhaustive()
    }
}

impl Subscription {
    /// Whether it wants events of this name.
    pub fn wants(&self, name: &str) -> bool {
        self.names.split(' ').any(|pattern| match pattern.strip_suffix('*') {
            Some(group) => name.starts_with(group),
            None => name == pattern,
        })
    }
}

impl FromRow for Subscription {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        Ok(Subscription {
            id: take(cells)?,
            channel: take(cells)?,
            names: take(cells)?,
            target: take(cells)?,
            secret: take(cells)?,
            since: take(cells)?,
            created_at: take(cells)?,
        })
    }
}

const COLUMNS: &str = "id, channel, names, target, secret, since, created_at";

/// Keeps a new subscription. `event.names` when a pattern is none.
pub fn subscribe(tx: &mut Tx<'_>, new: &Subscription) -> Result<()> {
    if let Some(bad) = new.names.split(' ').find(|pattern| !is_pattern(pattern)) {
        return Err(Error::invalid("event.names").arg("value", bad).field("names"));
    }
    let sql = format!("INSERT INTO event_subscription ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    tx.run(&sql, vals![new.id, new.channel, new.names, new.target, new.secret, new.since, new.created_at]).map(drop)
}

/// `billing.posted`, `billing.*` or `*`.
fn is_pattern(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let parts: Vec<&str> = text.split('.').collect();
    match parts.as_slice() {
        ["*"] => true,
        [module, "*"] => word(module),
        [module, what] => word(module) && word(what),
        _ => false,
    }
}

/// All subscriptions, oldest first.
pub fn subscriptions(tx: &mut Tx<'_>) -> Result<Vec<Subscription>> {
    tx.all(&format!("SELECT {COLUMNS} FROM event_subscription ORDER BY created_at, id"), &[])
}

/// The subscription with this id; `event.no_subscription` when there is none.
pub fn subscription(tx: &mut Tx<'_>, id: SubscriptionId) -> Result<Subscription> {
    let found = tx.opt(&format!("SELECT {COLUMNS} FROM event_subscription WHERE id = ?1"), vals![id])?;
    found.ok_or_else(|| Error::new(Kind::NotFound, "event.no_subscription").arg("id", id))
}

/// Ends a subscription and what still waits for it. `event.no_subscription` when there is none.
pub fn unsubscribe(tx: &mut Tx<'_>, id: SubscriptionId) -> Result<()> {
    subscription(tx, id)?;
    tx.run("DELETE FROM event_delivery WHERE subscription = ?1", vals![id])?;
    tx.run("DELETE FROM event_subscription WHERE id = ?1", vals![id]).map(drop)
}
