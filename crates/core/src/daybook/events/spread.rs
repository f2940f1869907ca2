//! Handing new events to their subscriptions.

use super::subscription::{Channel, Subscription, subscriptions};
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::value::{Cells, FromRow, take};
use crate::shared::{Id, Instant};
use crate::vals;

/// An event that was not handed on yet, with what its entry says of when and how.
struct Fresh {
    pos: i64,
    n: i64,
    name: String,
    subject: Id<()>,
    recorded_at: Instant,
    batch: Option<Id<()>>,
}

impl FromRow for Fresh {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        Ok(Fresh { pos: take(cells)?, n: take(cells)?, name: take(cells)?, subject: take(cells)?, recorded_at: take(cells)?, batch: take(cells)? })
    }
}

/// Whether an event waits to be handed on.
pub fn any_fresh(tx: &mut Tx<'_>) -> Result<bool> {
    let first: Option<(i64,)> = tx.opt("SELECT pos FROM event WHERE state = 'waiting' ORDER BY pos, n LIMIT 1", &[])?;
    Ok(first.is_some())
}

/// Hands the oldest events that wait, `most` at most, to the subscriptions that want them. Says how many
/// events it looked at: fewer than `most` means that none waits any more.
pub fn spread(tx: &mut Tx<'_>, now: Instant, most: i64) -> Result<usize> {
    let wanted = subscriptions(tx)?;
    if wanted.is_empty() {
        tx.run("UPDATE event SET state = 'done' WHERE state = 'waiting'", &[])?;
        return Ok(0);
    }
    let sql = "SELECT e.pos, e.n, e.name, e.subject, d.recorded_at, d.batch FROM event e JOIN daybook d ON d.pos = e.pos \
               WHERE e.state = 'waiting' ORDER BY e.pos, e.n LIMIT ?1";
    let fresh: Vec<Fresh> = tx.all(sql, vals![most])?;
    for event in &fresh {
        for subscription in wanted.iter().filter(|subscription| hears(subscription, event)) {
            let sql = "INSERT INTO event_delivery (subscription, pos, n, subject, state, attempts, queued_at, next_at, noted_at, error) \
                       VALUES (?1, ?2, ?3, ?4, 'waiting', 0, ?5, ?5, ?5, '')";
            tx.run(sql, vals![subscription.id, event.pos, event.n, event.subject, now])?;
        }
        tx.run("UPDATE event SET state = 'done' WHERE pos = ?1 AND n = ?2", vals![event.pos, event.n])?;
    }
    Ok(fresh.len())
}

/// Programs hear of everything that enters the books after they subscribed. People are written to only
/// of what was done after that, by somebody: not of documents that an import brought, nor of the past
/// of books that came whole.
fn hears(subscription: &Subscription, event: &Fresh) -> bool {
    let told = event.pos > subscription.since && subscription.wants(&event.name);
    let by_somebody_now = event.batch.is_none() && event.recorded_at >= subscription.created_at;
    told && (subscription.channel != Channel::Mail || by_somebody_now)
}
