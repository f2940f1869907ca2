//! Opening the books a subcommand works on.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind};
use daybook_rpc::{Access, Desk, Guard, default_books};

use crate::failure::{Failure, Placed};

/// A desk for as long as a subcommand works; then the books are put away, with what stands beside them.
pub struct Open(Arc<Desk>);

impl Deref for Open {
    type Target = Arc<Desk>;
    fn deref(&self) -> &Arc<Desk> {
        &self.0
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// A desk at the books at `path`, which need not be there yet.
pub fn desk(path: &Path, access: Access) -> Result<Open, Error> {
    Desk::open(path, access, Guard::of_system()).map(Open)
}

/// The file that is meant.
pub fn path(named: &Option<PathBuf>) -> Result<PathBuf, Failure> {
    match named {
        Some(path) => Ok(path.clone()),
        None => default_books().at("books"),
    }
}

/// Books to write to; they must exist.
pub fn for_writing(named: &Option<PathBuf>) -> Result<Open, Failure> {
    let path = path(named)?;
    let open = desk(&path, Access::Write).at(path.display())?;
    if open.is_open().at(path.display())? { Ok(open) } else { Err(missing(&path)) }
}

/// Books to look at; another program may have them open. Books of an older program are brought up to
/// date first, which needs the lock.
pub fn for_reading(named: &Option<PathBuf>) -> Result<Open, Failure> {
    let path = path(named)?;
    if !path.exists() {
        return Err(missing(&path));
    }
    match desk(&path, Access::Read) {
        Err(error) if error.code() == "books.older" => desk(&path, Access::Write).at(path.display()),
        outcome => outcome.at(path.display()),
    }
}

fn missing(path: &Path) -> Failure {
    Failure::at(path.display(), Error::new(Kind::NotFound, "books.missing").arg("books", path.display()))
}
