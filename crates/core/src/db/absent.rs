//! What books do not hold. A device holds the tables of its scopes; the others are there, empty. What a
//! command writes into those goes nowhere, because the server runs the same command and writes it. Reading
//! one is an error, so that nobody takes an empty table for a figure of zero: SQLite itself refuses, when
//! it prepares the statement.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::stmt::sqlite_error;
use crate::shared::error::Result;

/// The tables that books do not hold; none for books that are complete in themselves and for servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absent(Option<Arc<Names>>);

#[derive(Debug, PartialEq, Eq)]
struct Names {
    tables: BTreeSet<&'static str>,
    views: BTreeSet<&'static str>,
}

impl Absent {
    /// These tables. `views` are those that may read them: they say themselves what they cannot know.
    pub fn of(tables: impl IntoIterator<Item = &'static str>, views: impl IntoIterator<Item = &'static str>) -> Self {
        let names = Names { tables: tables.into_iter().collect(), views: views.into_iter().collect() };
        Absent(if names.tables.is_empty() { None } else { Some(Arc::new(names)) })
    }
    /// Whether `table` is one of them.
    pub fn has(&self, table: &str) -> bool {
        self.0.as_ref().is_some_and(|names| names.tables.contains(table))
    }
    /// Whether everything is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
    /// Whether `table` may not be read by `view`, or by the statement itself.
    fn hides(&self, table: &str, view: Option<&str>) -> bool {
        let shown = |names: &Names| view.is_some_and(|view| names.views.contains(view));
        self.0.as_ref().is_some_and(|names| names.tables.contains(table) && !shown(names))
    }
}

/// Stands before every connection of a books file: what is absent at present.
#[derive(Clone, Default)]
pub(super) struct Gate(Arc<RwLock<Absent>>);

impl Gate {
    pub(super) fn absent(&self) -> Absent {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Statements that were prepared before must be prepared anew: the caller drops them.
    pub(super) fn set(&self, absent: Absent) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = absent;
    }
    /// Lets `conn` read nothing that is absent.
    pub(super) fn guard(&self, conn: &mut Connection) -> Result<()> {
        let gate = self.clone();
        conn.authorizer(Some(move |context: AuthContext<'_>| gate.judge(&context))).map_err(sqlite_error)
    }

    fn judge(&self, context: &AuthContext<'_>) -> Authorization {
        match context.action {
            AuthAction::Read { table_name, .. } if self.absent().hides(table_name, context.accessor) => Authorization::Deny,
            _ => Authorization::Allow,
        }
    }
}
