//! The lane of one subscription: claims, sends, settles, until nothing is due.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant as Moment};

use daybook_core::daybook::events::{self, Delivery, Subscription, SubscriptionId};
use daybook_core::shared::{Error, Instant, Kind, Result};

use super::Worker;
use crate::{Books, Message, backoff, outlet};

/// How long a claim holds, in milliseconds: longer than any attempt takes.
const LEASE_MS: i64 = 5 * 60_000;
/// After so many failures in a row the receiver is left alone until the next turn.
const FAILURES_MAX: usize = 3;
/// The longest a lane is served before others that wait for a place.
const SERVED_MAX: Duration = Duration::from_secs(30);

impl<B: Books> Worker<'_, B> {
    /// Delivers what is due for `subscription`.
    pub(super) fn serve(&self, subscription: SubscriptionId) {
        let (began, mut failures) = (Moment::now(), 0);
        while failures < FAILURES_MAX && began.elapsed() < SERVED_MAX && !self.stop.is_asked() {
            match self.one(subscription) {
                Ok(Some(true)) => failures = 0,
                Ok(Some(false)) => failures += 1,
                Ok(None) => return,
                Err(error) if error.kind() == Kind::NotFound => return,
                Err(error) => {
                    tracing::warn!(%subscription, code = error.code(), "events wait: {}", error.message());
                    return;
                }
            }
        }
    }

    /// One attempt; whether it arrived. `None` when nothing is due.
    fn one(&self, id: SubscriptionId) -> Result<Option<bool>> {
        if self.books.pause()? {
            return Ok(None);
        }
        let now = self.now()?;
        let lease = Instant::from_millis(now.millis() + LEASE_MS);
        let claimed = self.books.with(|app| {
            app.storage().write(|tx| {
                let subscription = events::subscription(tx, id)?;
                Ok(events::claim(tx, id, now, lease)?.map(|delivery| (subscription, delivery)))
            })
        })?;
        let Some((subscription, delivery)) = claimed else { return Ok(None) };
        let outcome = self.attempt(&subscription, &delivery, now);
        self.settle(&delivery, outcome).map(Some)
    }

    /// Sends; a panic on the way is a failure like others.
    fn attempt(&self, subscription: &Subscription, delivery: &Delivery, now: Instant) -> Result<()> {
        let send = || outlet::send(&self.books, self.settings, subscription, &Message::of(delivery), now);
        catch_unwind(AssertUnwindSafe(send)).unwrap_or_else(|_| Err(Error::internal("command.panicked").arg("detail", subscription.channel)))
    }

    fn settle(&self, delivery: &Delivery, outcome: Result<()>) -> Result<bool> {
        let (now, key) = (self.now()?, delivery.key);
        let Err(error) = outcome else {
            self.delivered.fetch_add(1, Ordering::Relaxed);
            self.books.with(|app| app.storage().write(|tx| events::done(tx, key, now)))?;
            return Ok(true);
        };
        self.failed.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(event = %delivery.event, subscription = %key.subscription, attempt = delivery.attempt, code = error.code(), "not delivered");
        let dice = getrandom::u64().unwrap_or(u64::MAX / 2);
        let wait = backoff::wait_ms(delivery.attempt, dice);
        let next = outlet::may_pass(&error).then(|| Instant::from_millis(now.millis() + wait));
        self.books.with(|app| app.storage().write(|tx| events::failed(tx, key, now, next, &error.message())))?;
        Ok(false)
    }
}
