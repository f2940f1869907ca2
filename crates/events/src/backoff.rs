//! How long a failed delivery waits: full jitter under a doubling ceiling, so that many that failed
//! together do not come back together.

/// The ceiling after the first failure, in milliseconds.
const FIRST_MS: i64 = 10_000;
/// The highest ceiling: one hour, in milliseconds.
pub const CEILING_MAX_MS: i64 = 3_600_000;

/// The longest wait after the `attempt`-th attempt (from 1), in milliseconds.
pub fn ceiling_ms(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or_default().min(20);
    FIRST_MS.checked_shl(doublings).unwrap_or(CEILING_MAX_MS).min(CEILING_MAX_MS)
}

/// How long to wait after the `attempt`-th attempt, in milliseconds: `dice` decides between nothing and
/// the ceiling.
pub fn wait_ms(attempt: i64, dice: u64) -> i64 {
    let faces = u64::try_from(ceiling_ms(attempt)).unwrap_or_default().saturating_add(1);
    i64::try_from(dice % faces).unwrap_or(CEILING_MAX_MS)
}
