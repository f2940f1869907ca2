//! The only code that names rusqlite or postgres: connections, transactions, the record door,
//! migrations. Everything above sees [`Tx`].

mod absent;
mod aside;
#[cfg(feature = "postgres")]
mod behind;
mod changes;
mod door;
mod head;
mod links;
mod list;
mod lock;
mod memo;
mod migrate;
#[cfg(feature = "postgres")]
mod notices;
#[cfg(feature = "postgres")]
mod pg;
#[cfg(feature = "postgres")]
mod pg_books;
#[cfg(feature = "postgres")]
mod pg_catalog;
#[cfg(feature = "postgres")]
mod pg_tx;
#[cfg(feature = "postgres")]
mod pool;
mod portable;
mod shape;
pub mod spelling;
mod sqlite;
mod stmt;
mod table_copy;
mod tx;
mod words;

pub use absent::Absent;
pub use changes::{Change, ChangeLog, UndoStep, decode_row, decode_undo, encode_row, encode_undo, row_digest, row_hash, row_hash_of};
pub use head::HeadFile;
pub use list::{Count, Cursor, Filter, ListQuery, Page, Sum, count, list, list_near, show_value, sums, verify_search};
pub use lock::BooksLock;
pub use migrate::{Migration, newest_known, schema_of};
#[cfg(feature = "postgres")]
pub use notices::Notices;
#[cfg(feature = "postgres")]
pub use pg_books::PgBooks;
#[cfg(feature = "postgres")]
pub use pool::{PgPool, PoolUse};
pub use portable::Dialect;
pub(crate) use shape::Shape;
pub use sqlite::{Books, Mode, copy_verified};
pub(crate) use table_copy::TableCopy;
pub use tx::Tx;
