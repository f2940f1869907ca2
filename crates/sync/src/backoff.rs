//! How long to wait after a failure: full jitter, so that a thousand devices do not come back at once.

/// The shortest upper bound, ms.
const BASE_MS: i64 = 1_000;
/// The longest, ms.
const CAP_MS: i64 = 300_000;

/// The wait after `failures` failures in a row, in ms: a random part of a bound that doubles from 1 s
/// to 5 min. `dice` is any number; the same gives the same wait.
pub fn wait_ms(failures: u32, dice: u64) -> i64 {
    let bound = BASE_MS.saturating_mul(1_i64.checked_shl(failures.min(20)).unwrap_or(i64::MAX)).min(CAP_MS);
    let span = u64::try_from(bound).unwrap_or(1).max(1);
    i64::try_from(dice % span).unwrap_or_default().max(BASE_MS / 4)
}
