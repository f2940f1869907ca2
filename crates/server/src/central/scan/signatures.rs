//! Which signatures clamd has, and how fast what they have not seen is looked into again.

use std::time::{Duration, Instant};

use super::Clamd;
use crate::central::tenants::blocking;

/// How often clamd is asked, ms.
const ASK_MS: i64 = 10 * 60_000;
/// How often it is asked while it does not answer, ms.
const ASK_AGAIN_MS: i64 = 60_000;
/// After a file was scanned again, the scanner rests so many times as long: four fifths of clamd's time are for
/// what arrives.
const REST: u32 = 4;
/// The shortest rest.
const REST_MIN: Duration = Duration::from_millis(200);

/// What clamd said last of itself.
#[derive(Default)]
pub struct Signatures {
    said: String,
    ask_at_ms: i64,
    rest_until: Option<Instant>,
}

impl Signatures {
    /// The version of clamd and its signatures; empty while that is not known.
    pub fn said(&self) -> String {
        self.said.clone()
    }
    /// Asks clamd when it is time; whether it has other signatures than before.
    pub async fn ask(&mut self, clamd: &Clamd, now_ms: i64) -> bool {
        if now_ms < self.ask_at_ms {
            return false;
        }
        let clamd = clamd.clone();
        match blocking(move || Ok(clamd.version())).await.unwrap_or_else(|e| Err(e.to_string())) {
            Ok(said) => {
                self.ask_at_ms = now_ms + ASK_MS;
                let other = said != self.said;
                if other {
                    tracing::info!(signatures = said, "scanner");
                }
                self.said = said;
                other
            }
            Err(why) => {
                tracing::error!(why, "scanner");
                self.ask_at_ms = now_ms + ASK_AGAIN_MS;
                false
            }
        }
    }
    /// Whether a clean file may be looked into again now.
    pub fn may_scan_again(&self) -> bool {
        !self.said.is_empty() && self.rest_ms() == 0
    }
    /// Rests after a scan that took so long.
    pub fn rest(&mut self, took: Duration) {
        self.rest_until = Some(Instant::now() + (took * REST).max(REST_MIN));
    }
    /// For how long it rests yet, in ms.
    pub fn rest_ms(&self) -> i64 {
        let rest = self.rest_until.map(|until| until.saturating_duration_since(Instant::now())).unwrap_or_default();
        i64::try_from(rest.as_millis()).unwrap_or(i64::MAX)
    }
}
