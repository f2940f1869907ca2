//! PDF files on their way to the system's viewer: in a private folder that goes away with the program.

use std::sync::{Mutex, PoisonError};

use daybook_core::shared::error::{Error, Kind, Result};
use tempfile::TempDir;

/// The private folder, made when the first document is shown.
#[derive(Default)]
pub struct Papers(Mutex<Option<TempDir>>);

impl Papers {
    /// Writes `bytes` under a safe form of `name` and opens them.
    pub fn show(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", "PDF").caused_by(e);
        let mut folder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = match folder.take() {
            Some(folder) => folder,
            None => tempfile::Builder::new().prefix("daybook-").tempdir().map_err(failed)?,
        };
        let path = made.path().join(file_name(name));
        *folder = Some(made);
        drop(folder);
        daybook_rpc::write_whole(&path, bytes)?;
        let opened = tauri_plugin_opener::open_path(&path, None::<&str>);
        opened.map_err(|e| Error::new(Kind::State, "window.no_viewer").arg("file", path.display()).caused_by(e))
    }
}

/// Letters, digits, points, dashes and blanks survive; the ending is `.pdf`.
fn file_name(name: &str) -> String {
    let stem = name.strip_suffix(".pdf").unwrap_or(name);
    let safe: String = stem.chars().map(|c| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { '-' }).take(80).collect();
    let safe = safe.trim_matches(['.', ' ']);
    format!("{}.pdf", if safe.is_empty() { "document" } else { safe })
}
