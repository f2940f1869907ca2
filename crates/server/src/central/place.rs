//! Where tenants are kept: a file each in a folder, or a schema each on a PostgreSQL server. The list of
//! tenants is the folder, or the schemas; there is no other.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use daybook_core::app::App;
use daybook_core::db::{Books, BooksLock, Mode, PgBooks, PgPool, Tx};
use daybook_core::shared::Instant;
use daybook_core::shared::error::{Error, Kind, Result};

use super::private;

/// The time, shared by all tenants.
pub type Timer = Arc<dyn Fn() -> Instant + Send + Sync>;

const ENDING: &str = "books";
/// Files that may stand beside books and belong to them.
const BESIDE: &[&str] = &["", "-wal", "-shm", ".head", ".lock"];

/// Where tenants are kept.
#[derive(Clone)]
pub enum Place {
    /// `<folder>/<name>.books`.
    Files(PathBuf),
    /// Schemas `daybook_<name>`.
    Postgres(Arc<PgPool>),
}

impl Place {
    /// Files in the folder `tenants` of `data`, which is made when it is missing.
    pub fn files(data: &Path) -> Result<Self> {
        let folder = data.join("tenants");
        private::folder(&folder)?;
        Ok(Place::Files(folder))
    }
    /// The names of all tenants, sorted.
    pub fn list(&self) -> Result<Vec<String>> {
        let folder = match self {
            Place::Files(folder) => folder,
            Place::Postgres(pool) => return pool.tenants(),
        };
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(|e| failed(folder, e))? {
            let path = entry.map_err(|e| failed(folder, e))?.path();
            let named = path.file_stem().and_then(|stem| stem.to_str()).filter(|_| path.extension().is_some_and(|ending| ending == ENDING));
            names.extend(named.filter(|name| check_name(name).is_ok()).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }
    /// Whether there is such a tenant; what is no name names none.
    pub fn has(&self, name: &str) -> Result<bool> {
        if check_name(name).is_err() {
            return Ok(false);
        }
        match self {
            Place::Files(folder) => Ok(file(folder, name).is_file()),
            Place::Postgres(pool) => pool.has_tenant(name),
        }
    }
    /// Opens the books of a tenant, brought up to date.
    pub fn open(&self, name: &str, timer: &Timer) -> Result<App> {
        self.must_have(name)?;
        let timer = Arc::clone(timer);
        let clock = Box::new(move || timer());
        match self {
            Place::Files(folder) => App::open(&file(folder, name), Mode::Write, clock),
            Place::Postgres(pool) => App::open_postgres(Arc::clone(pool), name, clock),
        }
    }
    /// Makes a place for a tenant and opens it, empty.
    pub fn add(&self, name: &str, timer: &Timer) -> Result<App> {
        check_name(name)?;
        if self.has(name)? {
            return Err(Error::new(Kind::Conflict, "tenant.exists").arg("tenant", name));
        }
        match self {
            Place::Files(folder) => {
                let timer = Arc::clone(timer);
                App::open(&file(folder, name), Mode::Create, Box::new(move || timer()))
            }
            Place::Postgres(pool) => pool.add_tenant(name).and_then(|()| self.open(name, timer)),
        }
        .and_then(|app| app.become_server().map(|()| app))
    }
    /// Writes what no program keeps in memory (who may come in), beside a server that may have the books
    /// open.
    pub fn write_beside<T>(&self, name: &str, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.must_have(name)?;
        match self {
            Place::Files(folder) => Books::write_beside(&file(folder, name), work),
            Place::Postgres(pool) => PgBooks::open(Arc::clone(pool), name)?.write(work),
        }
    }
    /// Reads beside a server that may have the books open.
    pub fn read_beside<T>(&self, name: &str, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.must_have(name)?;
        match self {
            Place::Files(folder) => Books::open(&file(folder, name), Mode::Read)?.read(work),
            Place::Postgres(pool) => PgBooks::open(Arc::clone(pool), name)?.read(work),
        }
    }
    /// Deletes a tenant with all its books. Files that a server has open are left alone.
    pub fn drop(&self, name: &str) -> Result<()> {
        self.must_have(name)?;
        let folder = match self {
            Place::Files(folder) => folder,
            Place::Postgres(pool) => return pool.drop_tenant(name),
        };
        let books = file(folder, name);
        let lock = BooksLock::take(&books)?;
        for tail in BESIDE {
            let mut path = books.clone().into_os_string();
            path.push(tail);
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(Path::new(&path), e)),
                _ => {}
            }
        }
        drop(lock);
        Ok(())
    }
    /// Whether tenants can be served now.
    pub fn check_ready(&self) -> Result<()> {
        match self {
            Place::Files(folder) => fs::read_dir(folder).map(drop).map_err(|e| failed(folder, e)),
            Place::Postgres(pool) => pool.ping(),
        }
    }

    fn must_have(&self, name: &str) -> Result<()> {
        if self.has(name)? { Ok(()) } else { Err(unknown()) }
    }
}

/// The same for every name that is not there.
pub fn unknown() -> Error {
    Error::new(Kind::NotFound, "tenant.unknown")
}

/// `tenant.name` unless it is 2 to 40 small letters, digits and dashes, a letter first.
pub fn check_name(name: &str) -> Result<()> {
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if plain && begins && (2..=40).contains(&name.len()) { Ok(()) } else { Err(Error::invalid("tenant.name").arg("tenant", name)) }
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{ENDING}"))
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(error)
}
