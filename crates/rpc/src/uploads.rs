//! Files on their way into the books: received from a browser into a private folder, or named by the
//! desktop's own file dialog. Clients hold a handle, never a path.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;
use serde::Serialize;
use tempfile::TempDir;

/// The largest file a browser may send.
pub const UPLOAD_MAX: u64 = 512 * 1024 * 1024;

/// A file that is ready to be read.
#[derive(Clone, Debug, Serialize)]
pub struct Upload {
    /// The handle.
    pub file: String,
    /// What the file is called where it came from.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// The files at hand; they go away with the program.
#[derive(Debug, Default)]
pub struct Uploads(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    folder: Option<TempDir>,
    files: HashMap<String, (PathBuf, String)>,
}

/// A file that is being received; nobody can read it before it is [kept](Uploads::keep).
#[derive(Debug)]
pub struct Incoming {
    /// Where the bytes go.
    pub out: File,
    handle: String,
    path: PathBuf,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Uploads {
    /// Makes room for a file.
    pub fn begin(&self) -> Result<Incoming> {
        let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", "upload").caused_by(e);
        let mut shelf = self.lock();
        let folder = match shelf.folder.take() {
            Some(folder) => folder,
            None => tempfile::Builder::new().prefix("daybook-").tempdir().map_err(failed)?,
        };
        let handle = CommandId::mint().to_string();
        let path = folder.path().join(&handle);
        shelf.folder = Some(folder);
        Ok(Incoming { out: File::create_new(&path).map_err(failed)?, handle, path })
    }
    /// Keeps a file that arrived whole.
    pub fn keep(&self, mut incoming: Incoming, name: &str) -> Result<Upload> {
        let path = std::mem::take(&mut incoming.path);
        let handle = incoming.handle.clone();
        self.enter(handle, path, name)
    }
    /// Keeps bytes that are already here.
    pub fn receive(&self, bytes: &[u8], name: &str) -> Result<Upload> {
        let mut incoming = self.begin()?;
        std::io::Write::write_all(&mut incoming.out, bytes).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", name).caused_by(e))?;
        self.keep(incoming, name)
    }
    /// Takes a file that the person chose on this computer; it is read where it lies.
    pub fn adopt(&self, path: &Path) -> Result<Upload> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.enter(CommandId::mint().to_string(), path.to_owned(), &name)
    }
    /// Where the file of a handle lies, and what it is called.
    pub fn find(&self, handle: &str) -> Result<(PathBuf, String)> {
        let unknown = || Error::new(Kind::NotFound, "upload.unknown").field("file");
        self.lock().files.get(handle).cloned().ok_or_else(unknown)
    }

    fn enter(&self, handle: String, path: PathBuf, name: &str) -> Result<Upload> {
        let found = std::fs::metadata(&path).map_err(|e| Error::new(Kind::Invalid, "upload.unreadable").arg("name", name).caused_by(e))?;
        self.lock().files.insert(handle.clone(), (path, name.to_owned()));
        Ok(Upload { file: handle, name: name.to_owned(), size: found.len() })
    }
    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
