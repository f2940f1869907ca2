//! Where books are kept: one SQLite file, or one schema of a PostgreSQL server.

use crate::db::{Books, Tx};
use crate::shared::error::{Error, Result};

/// The database behind an [`super::App`].
pub enum Storage {
    /// One SQLite file.
    Sqlite(Books),
    /// One schema of a PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(crate::db::PgBooks),
}

impl Storage {
    /// Whether this program may write.
    pub fn writable(&self) -> bool {
        match self {
            Storage::Sqlite(books) => books.writable(),
            #[cfg(feature = "postgres")]
            Storage::Postgres(_) => true,
        }
    }
    /// The books file, when there is one.
    pub fn books(&self) -> Option<&Books> {
        match self {
            Storage::Sqlite(books) => Some(books),
            #[cfg(feature = "postgres")]
            Storage::Postgres(_) => None,
        }
    }
    /// Runs `work` in one write transaction.
    pub fn write<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match self {
            Storage::Sqlite(books) => books.write(work),
            #[cfg(feature = "postgres")]
            Storage::Postgres(books) => books.write(work),
        }
    }
    /// The same for the work of many commands: on PostgreSQL their rows are written together. `work` may run
    /// twice, and must do the same each time.
    pub(crate) fn write_many<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match self {
            Storage::Sqlite(books) => books.write(&mut work),
            #[cfg(feature = "postgres")]
            Storage::Postgres(books) => books.write_behind(work),
        }
    }
    /// Runs `work` in a transaction that is rolled back.
    pub fn rehearse<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match self {
            Storage::Sqlite(books) => books.rehearse(work),
            #[cfg(feature = "postgres")]
            Storage::Postgres(books) => books.rehearse(work),
        }
    }
    /// Runs `work` on a consistent state.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        match self {
            Storage::Sqlite(books) => books.read(work),
            #[cfg(feature = "postgres")]
            Storage::Postgres(books) => books.read(work),
        }
    }
    /// Holds everything but `absent` from now on. Devices only.
    pub(crate) fn leave_out(&self, absent: &crate::db::Absent) -> Result<()> {
        let books = self.books().ok_or_else(|| Error::internal("undo.device_only"))?;
        books.leave_out(absent)
    }
    /// Runs `work` in a transaction in which posted rows may change. Devices only.
    pub(crate) fn replay<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let books = self.books().ok_or_else(|| Error::internal("undo.device_only"))?;
        books.replay(work)
    }
}
