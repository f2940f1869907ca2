//! Scans what arrives, one file after another, with clamd. Whatever is not a clear answer leaves a file where
//! it is, in quarantine, and is tried again later and later. What is clean is looked into again when clamd has
//! other signatures, one file after another, in the time that nothing else wants.

mod clamd;
mod signatures;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use daybook_core::app::App;
use daybook_core::files::scan::Verdict;
use daybook_core::shared::Code;
use daybook_core::shared::error::Result;
use tokio::sync::Notify;

pub use self::clamd::Clamd;
use self::signatures::Signatures;
use super::Shared;
use super::tenants::blocking;

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
/// there was a scanner. All tenants are looked at when clamd has other signatures.
pub async fn run(central: Shared) {
    let Some(clamd) = central.settings.clamd.clone() else { return };
    let scans = central.tenants.scans();
    let mut signatures = Signatures::default();
    loop {
        let now_ms = central.now().millis();
        if signatures.ask(&clamd, now_ms).await {
            all_due(&central).await;
        }
        let Some(name) = scans.take(now_ms) else {
            let _ = tokio::time::timeout(LOOK, scans.woken.notified()).await;
            continue;
        };
        match scan_next(&central, &clamd, &mut signatures, &name).await {
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

/// Every tenant may have clean files that are to be looked into again.
async fn all_due(central: &Shared) {
    let tenants = Arc::clone(&central.tenants);
    match blocking(move || tenants.place().list()).await {
        Ok(names) => names.iter().for_each(|name| central.tenants.scans().due(name, 0)),
        Err(error) => tracing::error!(detail = %error, "scan"),
    }
}

/// Scans the next file of a tenant: one in quarantine, or else a clean one that other signatures have seen,
/// when it is time for that. Answers when it has another to scan (ms).
async fn scan_next(central: &Shared, clamd: &Clamd, signatures: &mut Signatures, name: &str) -> Result<Option<i64>> {
    let tenant = central.tenants.get(name).await?;
    let begun = Instant::now();
    let (desk, again) = (Desk { clamd: clamd.clone(), tenant: name.to_owned(), signatures: signatures.said() }, signatures.may_scan_again());
    let (scanned_again, mut due) = tenant.run(move |app| desk.next(app, again)).await?;
    if scanned_again {
        signatures.rest(begun.elapsed());
    }
    if let (Some(clean), now_ms) = (due.clean, central.now().millis()) {
        due.quarantine = Some(due.quarantine.unwrap_or(i64::MAX).min(clean.max(now_ms + signatures.rest_ms())));
    }
    Ok(due.quarantine)
}

/// When a tenant has something to scan (ms).
struct Due {
    /// In quarantine.
    quarantine: Option<i64>,
    /// Clean, as other signatures see it.
    clean: Option<i64>,
}

/// Who looks into the files of a tenant.
struct Desk {
    clamd: Clamd,
    tenant: String,
    /// Which signatures clamd has; empty while that is not known.
    signatures: String,
}

impl Desk {
    /// Looks into the next file; says whether it was a clean one, and when others are due.
    fn next(&self, app: &App, again: bool) -> Result<(bool, Due)> {
        let mut scanned_again = false;
        if let Some((hash, pieces)) = app.begin_scan()? {
            app.note_scan(&hash, &self.look_into(app, &hash, pieces), &self.signatures)?;
        } else if again && let Some((hash, pieces)) = app.begin_scan_again(&self.signatures)? {
            scanned_again = true;
            app.note_scan_again(&hash, &self.look_into(app, &hash, pieces), &self.signatures)?;
        }
        let clean = if self.signatures.is_empty() { None } else { app.scan_again_due_at(&self.signatures)? };
        Ok((scanned_again, Due { quarantine: app.scan_due_at()?, clean }))
    }
    /// What clamd says of content, told in the log.
    fn look_into(&self, app: &App, hash: &Code, pieces: i64) -> Verdict {
        let verdict = look_into(app, &self.clamd, hash, pieces);
        match &verdict {
            Verdict::Clean => tracing::info!(tenant = self.tenant, file = %hash, "clean"),
            Verdict::Infected(what) => tracing::warn!(tenant = self.tenant, file = %hash, what, "infected"),
            Verdict::Failed(why) => tracing::error!(tenant = self.tenant, file = %hash, why, "not scanned"),
        }
        verdict
    }
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
