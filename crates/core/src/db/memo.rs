//! What has been read already and may be used again: the company, the rules of tax, the journals.
//! A change of one of the tables it came from drops it, and so does a savepoint or a rollback.
//!
//! On SQLite it outlives the transaction: books have one writer, and every row passes its door. On
//! PostgreSQL others write too, so it ends with the transaction.

use std::any::{Any, TypeId};
use std::sync::Arc;

/// What was read so far, each with the tables it came from.
#[derive(Default)]
pub struct Memo(Vec<Known>);

struct Known {
    kind: TypeId,
    tables: &'static [&'static str],
    value: Arc<dyn Any + Send + Sync>,
}

impl Memo {
    /// The value of type `T` that was read from `tables`.
    pub fn get<T: Send + Sync + 'static>(&self, tables: &'static [&'static str]) -> Option<Arc<T>> {
        let known = self.0.iter().find(|known| known.kind == TypeId::of::<T>() && known.tables == tables)?;
        Arc::clone(&known.value).downcast().ok()
    }
    /// Keeps a value.
    pub fn keep<T: Send + Sync + 'static>(&mut self, tables: &'static [&'static str], value: Arc<T>) {
        self.0.push(Known { kind: TypeId::of::<T>(), tables, value });
    }
    /// Drops what came from `table`: a row of it changed.
    pub fn forget(&mut self, table: &str) {
        self.0.retain(|known| !known.tables.contains(&table));
    }
    /// Drops everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
