//! How often somebody may ask: counts per minute, in memory, never shared between tenants.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use daybook_core::shared::error::{Error, Kind, Result};

const WINDOW: Duration = Duration::from_secs(60);
/// With more counts than this, the ones of past minutes are dropped.
const COUNTS_MAX: usize = 10_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Sign-ins with one name at one tenant.
    SignInAccount,
    /// Sign-ins from one address.
    SignInAddress,
    /// Sessions that go on from one address: many devices may share one.
    RefreshAddress,
    /// Calls in one session.
    Call,
}

impl Rule {
    const fn per_minute(self) -> u32 {
        match self {
            Rule::SignInAccount => 5,
            Rule::SignInAddress => 50,
            Rule::RefreshAddress | Rule::Call => 600,
        }
    }
}

/// The counts.
#[derive(Default)]
pub struct Limits(Mutex<HashMap<(Rule, String), Count>>);

struct Count {
    since: Instant,
    taken: u32,
}

impl Limits {
    /// Takes one; `access.too_many` with the seconds to wait when nothing is left this minute.
    pub fn take(&self, rule: Rule, key: String) -> Result<()> {
        let now = Instant::now();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() > COUNTS_MAX {
            counts.retain(|_, count| now.duration_since(count.since) < WINDOW);
        }
        let count = counts.entry((rule, key)).or_insert(Count { since: now, taken: 0 });
        if now.duration_since(count.since) >= WINDOW {
            *count = Count { since: now, taken: 0 };
        }
        if count.taken < rule.per_minute() {
            count.taken += 1;
            return Ok(());
        }
        let wait = WINDOW.saturating_sub(now.duration_since(count.since)).as_secs() + 1;
        Err(Error::new(Kind::Busy, "access.too_many").arg("seconds", wait))
    }
}
