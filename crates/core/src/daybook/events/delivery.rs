//! One event for one subscription: claimed, then done, tried again later, or given up.

use super::subscription::SubscriptionId;
use super::{EventId, event_id};
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Id, Instant};
use crate::vals;

/// Attempts after which a delivery is given up.
pub const TRIES_MAX: i64 = 24;

/// Which delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// For whom.
    pub subscription: SubscriptionId,
    /// The entry of the event.
    pub pos: i64,
    /// Which of its events.
    pub n: i64,
}

/// A delivery in the hands of a worker.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Which one.
    pub key: Key,
    /// The event's id.
    pub event: EventId,
    /// The event's name.
    pub name: String,
    /// The record it is about.
    pub subject: Id<()>,
    /// What its command said of it (JSON).
    pub body: String,
    /// When the command was executed.
    pub recorded_at: Instant,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

/// The subscriptions for which something may be due at `now`, those that wait longest first.
pub fn due(tx: &mut Tx<'_>, now: Instant) -> Result<Vec<SubscriptionId>> {
    let sql = "SELECT subscription, min(next_at) FROM event_delivery WHERE state = 'waiting' AND next_at <= ?1 GROUP BY subscription ORDER BY 2, 1";
    Ok(tx.all::<(SubscriptionId, i64)>(sql, vals![now])?.into_iter().map(|(id, _)| id).collect())
}

/// Takes the delivery of `subscription` that is due longest, until `lease`: nobody else gets it before. The
/// attempt counts from here, so that one that ends its worker is given up some day too.
pub fn claim(tx: &mut Tx<'_>, subscription: SubscriptionId, now: Instant, lease: Instant) -> Result<Option<Delivery>> {
    while let Some((pos, n, attempts)) = oldest_due(tx, subscription, now)? {
        let key = Key { subscription, pos, n };
        if attempts < TRIES_MAX {
            let sql = "UPDATE event_delivery SET attempts = attempts + 1, next_at = ?4, noted_at = ?5 WHERE subscription = ?1 AND pos = ?2 AND n = ?3";
            tx.run(sql, vals![subscription, pos, n, lease, now])?;
            return read(tx, key, attempts + 1).map(Some);
        }
        failed(tx, key, now, None, "The last attempt did not come to an end.")?;
    }
    Ok(None)
}

fn oldest_due(tx: &mut Tx<'_>, subscription: SubscriptionId, now: Instant) -> Result<Option<(i64, i64, i64)>> {
    let sql = "SELECT d.pos, d.n, d.attempts FROM event_delivery d WHERE d.subscription = ?1 AND d.state = 'waiting' AND d.next_at <= ?2 AND NOT EXISTS \
               (SELECT 1 FROM event_delivery o WHERE o.subscription = d.subscription AND o.subject = d.subject AND o.state = 'waiting' \
               AND (o.pos < d.pos OR (o.pos = d.pos AND o.n < d.n))) ORDER BY d.next_at, d.pos, d.n LIMIT 1";
    tx.opt(sql, vals![subscription, now])
}

fn read(tx: &mut Tx<'_>, key: Key, attempt: i64) -> Result<Delivery> {
    type Row = (CommandId, String, Id<()>, String, Instant);
    let sql = "SELECT d.command, e.name, e.subject, e.body, d.recorded_at FROM event e JOIN daybook d ON d.pos = e.pos WHERE e.pos = ?1 AND e.n = ?2";
    let row: Option<Row> = tx.opt(sql, vals![key.pos, key.n])?;
    let missing = || Error::new(Kind::Corrupt, "daybook.chain").arg("pos", key.pos).arg("what", "an event is missing");
    let (command, name, subject, body, recorded_at) = row.ok_or_else(missing)?;
    Ok(Delivery { key, event: event_id(command, key.n), name, subject, body, recorded_at, attempt })
}

/// Notes that a delivery arrived.
pub fn done(tx: &mut Tx<'_>, key: Key, now: Instant) -> Result<()> {
    let sql = "UPDATE event_delivery SET state = 'done', noted_at = ?4, error = '' WHERE subscription = ?1 AND pos = ?2 AND n = ?3";
    tx.run(sql, vals![key.subscription, key.pos, key.n, now]).map(drop)
}

/// Notes that an attempt failed, with the reason in words. It is tried again at `next`; given up without
/// one, or after the last attempt.
pub fn failed(tx: &mut Tx<'_>, key: Key, now: Instant, next: Option<Instant>, reason: &str) -> Result<()> {
    let sql = "UPDATE event_delivery SET state = CASE WHEN ?5 = 1 OR attempts >= ?6 THEN 'dead' ELSE 'waiting' END, next_at = ?7, noted_at = ?4, error = ?8 \
               WHERE subscription = ?1 AND pos = ?2 AND n = ?3 AND state = 'waiting'";
    tx.run(sql, vals![key.subscription, key.pos, key.n, now, next.is_none(), TRIES_MAX, next.unwrap_or(now), reason.to_owned()]).map(drop)
}

/// Tries what was given up anew, from the first attempt on: the event at `place` (position, ordinal) or
/// all, for one subscription or all. Says how many; `event.none_dead` when there is none.
pub fn resend(tx: &mut Tx<'_>, place: Option<(i64, i64)>, subscription: Option<SubscriptionId>, now: Instant) -> Result<usize> {
    let (pos, n) = place.unwrap_or_default();
    let whom = subscription.unwrap_or_else(|| Id::from_bytes([0; 16]));
    let sql = "UPDATE event_delivery SET state = 'waiting', attempts = 0, queued_at = ?1, next_at = ?1, noted_at = ?1 WHERE state = 'dead' \
               AND (?2 = 1 OR (pos = ?3 AND n = ?4)) AND (?5 = 1 OR subscription = ?6)";
    let count = tx.run(sql, vals![now, place.is_none(), pos, n, subscription.is_none(), whom])?;
    if count == 0 { Err(Error::new(Kind::NotFound, "event.none_dead")) } else { Ok(count) }
}
