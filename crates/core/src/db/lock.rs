//! The advisory lock beside the books: one program writes at a time, a second one is told so.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::shared::error::{Error, Kind, Result};

/// Held as long as the books are open for writing; the system releases it when the process ends.
#[derive(Debug)]
pub struct BooksLock {
    _file: File,
}

impl BooksLock {
    /// Takes the lock of `books`; `books.locked` with the holder's process id when it is taken.
    pub fn take(books: &Path) -> Result<Self> {
        let path = beside(books, "lock");
        let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(e);
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                return Err(Error::new(Kind::Busy, "books.locked").arg("holder", holder.trim()).arg("books", books.display()));
            }
            Err(TryLockError::Error(e)) => return Err(failed(e)),
        }
        file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).map_err(failed)?;
        writeln!(file, "{}", std::process::id()).map_err(failed)?;
        Ok(BooksLock { _file: file })
    }
}

/// `firm.books` → `firm.books.head`.
pub(super) fn beside(books: &Path, suffix: &str) -> PathBuf {
    let mut name = books.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}
