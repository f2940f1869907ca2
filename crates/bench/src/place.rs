//! Books to measure with, in a folder that goes away.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use daybook_core::app::{App, Call, Clock};
use daybook_core::db::Mode;
use daybook_core::shared::Instant;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Outcome;

/// 2026-01-15 12:00 UTC.
const START_MS: i64 = 1_768_478_400_000;

/// A folder for one measurement.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// A new folder, where `TMPDIR` says.
    pub fn new() -> Outcome<Self> {
        Ok(Place { folder: tempfile::Builder::new().prefix("daybook-bench-").tempdir()? })
    }
    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
    /// Books of a British firm in it.
    pub fn books(&self, name: &str) -> Outcome<App> {
        let app = App::open(&self.file(name), Mode::Create, clock())?;
        app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"}))?;
        Ok(app)
    }
}

/// Opens books that are there.
pub fn open(path: &Path) -> Outcome<App> {
    Ok(App::open(path, Mode::Write, clock())?)
}

/// Executes a command and gives its answer.
pub fn run(app: &App, name: &str, args: Value) -> Outcome<Value> {
    Ok(app.execute(Call::new(name, args))?.result)
}

/// A clock that moves one millisecond at every look, so that every run has the same times.
fn clock() -> Clock {
    let now = AtomicI64::new(START_MS);
    Box::new(move || Instant::from_millis(now.fetch_add(1, Ordering::Relaxed)))
}
