//! Which tables a fixed statement reads, by the names in it: what is kept from the database for a while must be
//! written before a statement looks.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::migrate::Migration;
use super::portable::Dialect;

/// Stands among the names of a statement behind which may be any table: it reads a view or an index of words.
const ANY: &str = " any";

/// The names in a statement.
pub(super) struct Words(HashSet<String>);

/// Ends of the names of what search reads (migration 36): it is made of rows of other tables.
const SEARCHES: [&str; 4] = ["_search", "_fts", "_cut", "_found"];

static WORDS: RwLock<Option<HashMap<String, Arc<Words>>>> = RwLock::new(None);

impl Words {
    /// The names in `sql`.
    pub fn of(sql: &str) -> Arc<Words> {
        if let Some(words) = WORDS.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|known| known.get(sql)) {
            return Arc::clone(words);
        }
        let words = Arc::new(Words::read(sql));
        WORDS.write().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().insert(sql.to_owned(), Arc::clone(&words));
        words
    }
    fn read(sql: &str) -> Words {
        // Both databases have the same views.
        let views: Vec<&str> = Migration::all(Dialect::Sqlite).iter().flat_map(|migration| migration.views()).collect();
        let mut words: HashSet<String> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect();
        if words.iter().any(|word| views.contains(&word.as_str()) || SEARCHES.iter().any(|end| word.ends_with(end))) {
            words.insert(ANY.to_owned());
        }
        Words(words)
    }
    /// Whether the statement may read `table`.
    pub fn name(&self, table: &str) -> bool {
        self.0.contains(table) || self.0.contains(ANY)
    }
}
