//! What a receiver gets to know of an event.

use daybook_core::daybook::events::{Delivery, EventId};
use daybook_core::shared::{Date, Error, Id, Instant, Result};
use serde_json::{Value, json};

/// An event on its way.
#[derive(Clone, Debug)]
pub struct Message {
    /// The event's id, the same at every attempt.
    pub id: EventId,
    /// Its name: `billing.posted`.
    pub name: String,
    /// The record it is about.
    pub subject: Id<()>,
    /// What its command said of it.
    pub details: Value,
    /// When it happened.
    pub at: Instant,
}

impl Message {
    /// The message of a claimed delivery.
    pub fn of(delivery: &Delivery) -> Self {
        Message {
            id: delivery.event,
            name: delivery.name.clone(),
            subject: delivery.subject,
            details: serde_json::from_str(&delivery.body).unwrap_or_default(),
            at: delivery.recorded_at,
        }
    }
    /// Its JSON: `type`, `timestamp` and `data` as Standard Webhooks name them, and the id.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        let data = json!({ "subject": self.subject, "details": self.details });
        let whole = json!({ "id": self.id, "type": self.name, "timestamp": timestamp(self.at)?, "data": data });
        serde_json::to_vec(&whole).map_err(|e| Error::internal("command.encode").caused_by(e))
    }
}

/// RFC 3339 in UTC with milliseconds.
fn timestamp(at: Instant) -> Result<String> {
    let of_day = at.millis().rem_euclid(86_400_000);
    let (hours, minutes, seconds, millis) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60, of_day % 1000);
    Ok(format!("{}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z", Date::of(at)?))
}
