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
    /// Pieces of files in one session: they do not use up its calls.
    Piece,
}

/// How many a minute.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Sign-ins with one name at one tenant.
    pub sign_ins_account: u32,
    /// Sign-ins from one address.
    pub sign_ins_address: u32,
    /// Calls in one session, and sessions that go on from one address.
    pub calls: u32,
    /// Pieces of files in one session.
    pub pieces: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Rates { sign_ins_account: 5, sign_ins_address: 50, calls: 600, pieces: 2_400 }
    }
}

impl Rates {
    const fn per_minute(&self, rule: Rule) -> u32 {
        match rule {
            Rule::SignInAccount => self.sign_ins_account,
            Rule::SignInAddress => self.sign_ins_address,
            Rule::RefreshAddress | Rule::Call => self.calls,
            Rule::Piece => self.pieces,
        }
    }
}

/// The counts.
#[derive(Default)]
pub struct Limits {
    rates: Rates,
    counts: Mutex<HashMap<(Rule, String), Count>>,
}

struct Count {
    since: Instant,
    taken: u32,
}

impl Limits {
    /// Nothing taken yet.
    pub fn new(rates: Rates) -> Self {
        Limits { rates, counts: Mutex::default() }
    }
    /// Takes one; `access.too_many` with the seconds to wait when nothing is left this minute.
    pub fn take(&self, rule: Rule, key: String) -> Result<()> {
        let now = Instant::now();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() > COUNTS_MAX {
            counts.retain(|_, count| now.duration_since(count.since) < WINDOW);
        }
        let count = counts.entry((rule, key)).or_insert(Count { since: now, taken: 0 });
        if now.duration_since(count.since) >= WINDOW {
            *count = Count { since: now, taken: 0 };
        }
        if count.taken < self.rates.per_minute(rule) {
            count.taken += 1;
            return Ok(());
        }
        let wait = WINDOW.saturating_sub(now.duration_since(count.since)).as_secs() + 1;
        Err(Error::new(Kind::Busy, "access.too_many").arg("seconds", wait))
    }
}
