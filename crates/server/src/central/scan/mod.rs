//! Scans what arrives, one file after another, with clamd. Whatever is not a clear answer leaves a file where
//! it is, in quarantine, and is tried again later and later.

mod clamd;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use daybook_core::app::App;
use daybook_core::files::scan::Verdict;
use daybook_core::shared::Code;
use daybook_core::shared::error::Result;
use tokio::sync::Notify;

pub use self::clamd::Clamd;
use super::Shared;

/// The longest sleep of the scanner.
const LOOK: Duration = Duration::from_secs(5);
/// When a tenant that could not be opened is tried again, ms.
const AGAIN_MS: i64 = 60_000;

/// Which tenants have something to scan, and when.
#[derive(Default)]
pub struct Scans {
    due: Mutex<BTreeMap<String, i64>>,
    woken: Notify,
}

impl Scans {
    /// A tenant has something to scan at `at_ms`.
    pub fn due(&self, tenant: &str, at_ms: i64) {
        let mut due = self.lock();
        let at = due.entry(tenant.to_owned()).or_insert(at_ms);
        *at = at_ms.min(*at);
        self.woken.notify_one();
    }
    /// Takes the tenant that is due first, when it is time.
    fn take(&self, now_ms: i64) -> Option<String> {
        let mut due = self.lock();
        let name = due.iter().filter(|(_, at)| **at <= now_ms).min_by_key(|(_, at)| **at).map(|(name, _)| name.clone())?;
        due.remove(&name);
        Some(name)
    }
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, i64>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Scans until the task is ended; not at all when there is no scanner. A tenant is looked at whenever it is
/// opened, so that nothing is forgotten: neither what an earlier run of the server left, nor what came before
/// there was a scanner.
pub async fn run(central: Shared) {
    let Some(clamd) = central.settings.clamd.clone() else { return };
    let scans = central.tenants.scans();
    loop {
        let now_ms = central.now().millis();
        let Some(name) = scans.take(now_ms) else {
            let _ = tokio::time::timeout(LOOK, scans.woken.notified()).await;
            continue;
        };
        match scan_next(&central, &clamd, &name).await {
            Ok(Some(at_ms)) => scans.due(&name, at_ms),
            Ok(None) => {}
            Err(error) if error.code() == "tenant.unknown" => {}
            Err(error) => {
                tracing::error!(tenant = name, detail = %error, "scan");
                scans.due(&name, now_ms + AGAIN_MS);
            }
        }
    }
}

/// Scans the next file of a tenant; when it has another to scan (ms).
async fn scan_next(central: &Shared, clamd: &Clamd, name: &str) -> Result<Option<i64>> {
    let tenant = central.tenants.get(name).await?;
    let (clamd, named) = (clamd.clone(), name.to_owned());
    tenant
        .run(move |app| {
            if let Some((hash, pieces)) = app.begin_scan()? {
                let verdict = look_into(app, &clamd, &hash, pieces);
                match &verdict {
                    Verdict::Clean => tracing::info!(tenant = named, file = %hash, "clean"),
                    Verdict::Infected(what) => tracing::warn!(tenant = named, file = %hash, what, "infected"),
                    Verdict::Failed(why) => tracing::error!(tenant = named, file = %hash, why, "not scanned"),
                }
                app.note_scan(&hash, &verdict)?;
            }
            app.scan_due_at()
        })
        .await
}

/// What clamd says of content, provided that what it was given is what the hash names.
fn look_into(app: &App, clamd: &Clamd, hash: &Code, pieces: i64) -> Verdict {
    let mut hasher = blake3::Hasher::new();
    let given = (1..=pieces).map(|n| {
        let piece = app.scan_piece(hash, n)?;
        hasher.update(&piece);
        Ok(piece)
    });
    let verdict = clamd.scan(given);
    match verdict {
        Verdict::Clean if hasher.finalize().to_hex().as_str() != hash.as_str() => Verdict::Failed("the content is not what its hash names".to_owned()),
        verdict => verdict,
    }
}
