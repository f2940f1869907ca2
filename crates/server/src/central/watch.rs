//! How the tenants stand: what waits to go out, and how far their devices are behind. Noted by whoever looks at
//! the books anyway, at most a minute old, and told as figures over all tenants.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use daybook_core::daybook::events::Waits;
use daybook_core::daybook::{
    log,
    reached::{self, Reached},
};
use daybook_core::db::Tx;
use daybook_core::shared::Instant;
use daybook_core::shared::error::Result;

/// What waits longer than this is late, in milliseconds.
const LATE_MS: i64 = 5 * 60_000;
/// A device that has not asked for so long is not counted, in milliseconds: 30 days, after which it has to
/// sign in anew.
const GONE_MS: i64 = 30 * 24 * 3_600_000;
/// A device that lacks more entries than this is behind.
const BEHIND: i64 = 1_000;

/// How one tenant stood at the last look.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    oldest_at: Option<Instant>,
    dead: i64,
    lag: i64,
    devices: u64,
    behind: u64,
}

/// How the tenants stood at the last look.
#[derive(Debug, Default)]
pub struct Watch(Mutex<BTreeMap<String, Standing>>);

impl Watch {
    /// Notes how `name` stands.
    pub fn note(&self, tx: &mut Tx<'_>, name: &str, waits: &Waits, now: Instant) -> Result<()> {
        let head = log::head(tx)?;
        let reached = reached::since(tx, Instant::from_millis(now.millis() - GONE_MS))?;
        let lags = || reached.iter().map(|Reached { pulled, .. }| (head - pulled).max(0));
        let standing = Standing {
            oldest_at: waits.oldest_at,
            dead: waits.dead,
            lag: lags().max().unwrap_or_default(),
            devices: count(lags().count()),
            behind: count(lags().filter(|lag| *lag > BEHIND).count()),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), standing);
        Ok(())
    }
    /// Forgets tenants that are none of `names`.
    pub fn keep_to(&self, names: &[String]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|name, _| names.contains(name));
    }
    /// The figures at `now`, over all tenants.
    pub fn figures(&self, now: Instant) -> Vec<(&'static str, u64)> {
        let all: Vec<Standing> = self.0.lock().unwrap_or_else(PoisonError::into_inner).values().copied().collect();
        let ages = || all.iter().filter_map(|standing| standing.oldest_at).map(|at| (now.millis() - at.millis()).max(0));
        let positive = |value: i64| u64::try_from(value).unwrap_or_default();
        vec![
            ("event_oldest_seconds", positive(ages().max().unwrap_or_default() / 1000)),
            ("event_late_tenants", count(ages().filter(|age| *age > LATE_MS).count())),
            ("event_given_up", positive(all.iter().map(|standing| standing.dead).sum())),
            ("feed_lag_entries", positive(all.iter().map(|standing| standing.lag).max().unwrap_or_default())),
            ("feed_devices", all.iter().map(|standing| standing.devices).sum()),
            ("feed_behind_devices", all.iter().map(|standing| standing.behind).sum()),
        ]
    }
}

fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}
