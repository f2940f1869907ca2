//! The copies of a tenant that are kept for the devices to come: what each is of, and which of them can be handed
//! out again. A device that gets one follows the log from there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use daybook_core::app::{App, Snapshot};
use daybook_core::shared::error::Result;
use serde::{Deserialize, Serialize};

/// How many copies of a tenant are kept.
const KEPT: usize = 4;
/// A copy is handed out again until so many entries came after it …
const BEHIND: i64 = 1_000;
/// … or one for so many of its rows: following them takes less time than a new copy.
const ROWS_PER_ENTRY: i64 = 20;

/// A packed copy, and what it is of. Its bytes lie beside this under their hash.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Copy {
    /// BLAKE3 of its bytes, in hexadecimal.
    pub hash: String,
    /// How many bytes it has.
    pub size: u64,
    /// The scopes it holds.
    scopes: Vec<String>,
    /// The version of its schema.
    schema: i64,
    /// The position of the log at which it was made.
    pos: i64,
    /// The chain hash of the log there.
    chain: Vec<u8>,
    /// How many rows it has.
    rows: i64,
}

impl Copy {
    /// A copy of the books of `app` as `snapshot` says.
    pub fn new(hash: String, size: u64, app: &App, snapshot: Snapshot, scopes: &[String]) -> Self {
        Copy { hash, size, scopes: scopes.to_vec(), schema: app.schema(), pos: snapshot.pos, chain: snapshot.chain, rows: snapshot.rows }
    }
    /// Whether a device with `scopes` can begin with it: it is of the log that there is, and not too far behind.
    fn serves(&self, app: &App, scopes: &[String]) -> Result<bool> {
        if self.scopes != scopes || self.schema != app.schema() {
            return Ok(false);
        }
        let behind = app.entries_since(self.pos, &self.chain)?;
        Ok(behind.is_some_and(|behind| behind <= BEHIND.max(self.rows / ROWS_PER_ENTRY)))
    }
}

/// The newest copy in `folder` that a device with `scopes` can begin with. It counts as new from now on, so that it
/// stays while it is sent.
pub fn find(folder: &Path, app: &App, scopes: &[String]) -> Result<Option<Copy>> {
    for path in newest_first(folder).unwrap_or_default() {
        let copy = fs::read(about(&path)).ok().and_then(|bytes| serde_json::from_slice::<Copy>(&bytes).ok());
        let Some(copy) = copy else { continue };
        if copy.serves(app, scopes)? && File::open(&path).and_then(|file| file.set_modified(SystemTime::now())).is_ok() {
            return Ok(Some(copy));
        }
    }
    Ok(None)
}

/// Keeps the copy whose packed bytes lie at `packed`, and forgets the oldest of those that are too many.
pub fn keep(folder: &Path, packed: &Path, copy: &Copy) -> io::Result<()> {
    let path = folder.join(&copy.hash);
    fs::write(about(&path), serde_json::to_vec(copy)?)?;
    fs::rename(packed, &path)?;
    for old in newest_first(folder)?.iter().skip(KEPT) {
        fs::remove_file(old)?;
        let _ = fs::remove_file(about(old));
    }
    Ok(())
}

/// Deletes the copies in `folder`, where there are any: their tenant is dropped.
pub fn forget(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Waits until nobody else makes a copy in `folder`, in any process; it is so until the answer is dropped.
pub fn turn(folder: &Path) -> io::Result<File> {
    let turn = File::create(folder.join("turn"))?;
    turn.lock()?;
    Ok(turn)
}

/// The packed copies in `folder`.
fn newest_first(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_hash(&entry.file_name().to_string_lossy()) {
            found.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    found.sort();
    Ok(found.into_iter().rev().map(|(_, path)| path).collect())
}

/// Whether a name is the hash of packed bytes.
pub fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where it stands what the copy at `path` is of.
fn about(path: &Path) -> PathBuf {
    path.with_extension("json")
}
