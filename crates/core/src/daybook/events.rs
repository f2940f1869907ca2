//! Events on their way out: who wants to hear of them ([`Subscription`]), how far each was told
//! ([`Delivery`]), what was given up. Commands put events into the books with what they did, in one
//! transaction; here they are handed to their subscriptions, claimed, and settled. How they travel is
//! the business of a leaf crate.
//!
//! Kernel tables, written outside the record door: a subscription holds a secret, which must be in no
//! envelope, feed, dump or undo journal, and what was delivered is a fact of this machine alone.
//!
//! *At least once*: a claim is a lease. Whoever dies with it leaves the delivery to be claimed again,
//! with the same id. *In order per subject*: of one subject and subscription only the oldest waiting
//! delivery can be claimed; one that was given up stands aside.

mod delivery;
mod overview;
mod spread;
mod subscription;

pub use delivery::{Delivery, Key, TRIES_MAX, claim, done, due, failed, resend};
pub use overview::{Figures, Listed, Waits, figures, forget_done, list, waits};
pub use spread::{any_fresh, spread};
pub use subscription::{Channel, Subscription, SubscriptionId, subscribe, subscription, subscriptions, unsubscribe};

use crate::shared::Id;
use crate::shared::id::CommandId;

/// Marks the ids of events.
#[derive(Debug)]
pub enum EventTag {}
/// The id of an event: made from its command's id and its ordinal, hence the same on every device and
/// server and at every attempt. Receivers know by it what they have seen already.
pub type EventId = Id<EventTag>;

/// The id of the `n`-th event of `command`.
pub fn event_id(command: CommandId, n: i64) -> EventId {
    Id::derived(command, "event", u32::try_from(n).unwrap_or(u32::MAX))
}
