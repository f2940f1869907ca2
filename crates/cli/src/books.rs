//! Opening the books a subcommand works on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind};
use daybook_rpc::{Access, Desk, default_books};

use crate::failure::{Failure, Placed};

/// The file that is meant.
pub fn path(named: &Option<PathBuf>) -> Result<PathBuf, Failure> {
    match named {
        Some(path) => Ok(path.clone()),
        None => default_books().at("books"),
    }
}

/// Books to write to; they must exist.
pub fn for_writing(named: &Option<PathBuf>) -> Result<Arc<Desk>, Failure> {
    let path = path(named)?;
    let desk = Desk::open(&path, Access::Write).at(path.display())?;
    if desk.is_open().at(path.display())? { Ok(desk) } else { Err(missing(&path)) }
}

/// Books to look at; another program may have them open. Books of an older program are brought up to
/// date first, which needs the lock.
pub fn for_reading(named: &Option<PathBuf>) -> Result<Arc<Desk>, Failure> {
    let path = path(named)?;
    if !path.exists() {
        return Err(missing(&path));
    }
    match Desk::open(&path, Access::Read) {
        Err(error) if error.code() == "books.older" => Desk::open(&path, Access::Write).at(path.display()),
        outcome => outcome.at(path.display()),
    }
}

fn missing(path: &Path) -> Failure {
    Failure::at(path.display(), Error::new(Kind::NotFound, "books.missing").arg("books", path.display()))
}
