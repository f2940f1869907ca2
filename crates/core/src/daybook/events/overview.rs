//! How deliveries stand: as people see them, and as figures for metrics.

use serde::Serialize;

use super::subscription::{Channel, SubscriptionId};
use super::{EventId, event_id};
use crate::db::Tx;
use crate::shared::Instant;
use crate::shared::error::Result;
use crate::shared::value::{Cells, FromRow, take};
use crate::vals;

/// A delivery as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// The entry of the event.
    pub pos: i64,
    /// Which of its events.
    pub n: i64,
    /// The event's id.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// For whom.
    pub subscription: SubscriptionId,
    /// How it travels.
    pub channel: Channel,
    /// `waiting`, `done` or `dead`.
    pub state: String,
    /// Attempts so far.
    pub attempts: i64,
    /// When it is tried next, if it waits.
    pub next_at: Instant,
    /// The last change.
    pub noted_at: Instant,
    /// Why the last attempt failed.
    pub error: String,
}

impl FromRow for Listed {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        let (pos, n) = (take(cells)?, take(cells)?);
        Ok(Listed {
            pos,
            n,
            event: event_id(take(cells)?, n),
            name: take(cells)?,
            subscription: take(cells)?,
            channel: take(cells)?,
            state: take(cells)?,
            attempts: take(cells)?,
            next_at: take(cells)?,
            noted_at: take(cells)?,
            error: take(cells)?,
        })
    }
}

/// The newest deliveries, `most` at most; with `only_dead` those that were given up.
pub fn list(tx: &mut Tx<'_>, only_dead: bool, most: i64) -> Result<Vec<Listed>> {
    let sql = "SELECT v.pos, v.n, d.command, e.name, v.subscription, s.channel, v.state, v.attempts, v.next_at, v.noted_at, v.error FROM event_delivery v \
               JOIN event e ON e.pos = v.pos AND e.n = v.n JOIN daybook d ON d.pos = v.pos JOIN event_subscription s ON s.id = v.subscription \
               WHERE ?1 = 0 OR v.state = 'dead' ORDER BY v.pos DESC, v.n DESC, v.subscription LIMIT ?2";
    tx.all(sql, vals![only_dead, most])
}

/// How deliveries stand, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Events that were not handed to their subscriptions yet.
    pub fresh: i64,
    /// Deliveries that wait for their first or another attempt.
    pub waiting: i64,
    /// Of those, how many failed at least once.
    pub failing: i64,
    /// Deliveries that arrived and are still remembered.
    pub done: i64,
    /// Deliveries that were given up.
    pub dead: i64,
    /// For how long the oldest of the waiting has waited, in milliseconds.
    pub lag_ms: i64,
}

/// How deliveries stand at `now`.
pub fn figures(tx: &mut Tx<'_>, now: Instant) -> Result<Figures> {
    let mut figures = Figures { fresh: tx.one("SELECT count(*) FROM event WHERE state = 'waiting'", &[])?, ..Figures::default() };
    let counts: Vec<(String, i64)> = tx.all("SELECT state, count(*) FROM event_delivery GROUP BY state", &[])?;
    for (state, count) in counts {
        match state.as_str() {
            "waiting" => figures.waiting = count,
            "done" => figures.done = count,
            _ => figures.dead = count,
        }
    }
    figures.failing = tx.one("SELECT count(*) FROM event_delivery WHERE state = 'waiting' AND error <> ''", &[])?;
    let oldest: Option<i64> = tx.one("SELECT min(queued_at) FROM event_delivery WHERE state = 'waiting'", &[])?;
    figures.lag_ms = oldest.map_or(0, |oldest| (now.millis() - oldest).max(0));
    Ok(figures)
}

/// What waits to leave the books, found without counting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// Whether an event was not handed to its subscriptions yet.
    pub fresh: bool,
    /// When the next delivery is due.
    pub next_at: Option<Instant>,
    /// Since when the oldest event or delivery waits.
    pub oldest_at: Option<Instant>,
    /// Deliveries that were given up.
    pub dead: i64,
}

/// What waits to leave the books.
pub fn waits(tx: &mut Tx<'_>) -> Result<Waits> {
    let fresh: Option<(Instant,)> =
        tx.opt("SELECT d.recorded_at FROM event e JOIN daybook d ON d.pos = e.pos WHERE e.state = 'waiting' ORDER BY e.pos, e.n LIMIT 1", &[])?;
    let next_at = tx.one("SELECT min(next_at) FROM event_delivery WHERE state = 'waiting'", &[])?;
    let queued_at: Option<Instant> = tx.one("SELECT min(queued_at) FROM event_delivery WHERE state = 'waiting'", &[])?;
    let fresh_at = fresh.map(|(at,)| at);
    let oldest_at = fresh_at.into_iter().chain(queued_at).min();
    let dead = tx.one("SELECT count(*) FROM event_delivery WHERE state = 'dead'", &[])?;
    Ok(Waits { fresh: fresh_at.is_some(), next_at, oldest_at, dead })
}

/// Forgets deliveries that arrived before `before`.
pub fn forget_done(tx: &mut Tx<'_>, before: Instant) -> Result<()> {
    tx.run("DELETE FROM event_delivery WHERE state = 'done' AND noted_at < ?1", vals![before]).map(drop)
}
