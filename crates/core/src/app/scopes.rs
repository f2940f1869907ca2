//! Scopes: which rows a device may hold. A scope is a permission to read; a device holds those of the people
//! who work on it, and gives up what nobody on it may read any more.

use std::collections::BTreeSet;

use super::{App, records, register};
use crate::daybook::state::{self, Followed};
use crate::daybook::{log, outbox, rebase};
use crate::db::{Absent, Books, Tx};
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};

/// Says in the device's state whether the file must be written anew.
const SCRUB: &str = "scrub";

/// The tables that books with `scopes` do not hold. Books that follow no server have no scopes: they hold
/// everything.
pub(super) fn absent_without(scopes: &[String]) -> Absent {
    if scopes.is_empty() {
        return Absent::default();
    }
    let absent = records().filter(|record| !record.view && !scopes.iter().any(|scope| scope == record.scope()));
    Absent::of(absent.map(|record| record.table), records().filter(|record| record.view).map(|record| record.table))
}

/// The error of a device that could hold nothing at all.
pub(super) fn no_scopes() -> Error {
    Error::new(Kind::State, "sync.no_scopes")
}

/// Whether both name the same scopes.
pub(super) fn same(one: &[String], other: &[String]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}

impl App {
    /// The scopes of a device on which `users` work: what any of them may read. None for people who left.
    pub fn scopes_of(&self, users: &[UserId]) -> Result<Vec<String>> {
        self.storage.read(|tx| App::scopes_within(tx, users))
    }
    /// The same within a transaction.
    pub fn scopes_within(tx: &mut Tx<'_>, users: &[UserId]) -> Result<Vec<String>> {
        let mut scopes = BTreeSet::new();
        for id in users {
            if let Some(user) = crate::identity::api::user(tx, *id)?.filter(|user| !user.archived) {
                scopes.extend(user.role.scopes().map(str::to_owned));
            }
        }
        Ok(scopes.into_iter().collect())
    }
    /// Every scope there is.
    pub fn all_scopes() -> Vec<String> {
        let scopes: BTreeSet<String> = records().map(|record| record.scope().to_owned()).collect();
        scopes.into_iter().collect()
    }

    /// Gives up what this device holds beyond `allowed`, in one transaction: the confirmed rows go, what is
    /// pending stays and is run again on what is left, and nothing of the rows remains in the file. Answers
    /// how many rows went. `sync.no_scopes` when nothing would be left: a mistake of the server must not
    /// empty a device.
    pub fn hold_only(&self, allowed: &[String]) -> Result<i64> {
        let followed = self.followed()?;
        let (kept, lost): (Vec<String>, Vec<String>) = followed.scopes.iter().cloned().partition(|scope| allowed.contains(scope));
        if kept.is_empty() {
            return Err(no_scopes());
        }
        if lost.is_empty() {
            return self.scrub().map(|()| 0);
        }
        let (before, after) = (absent_without(&followed.scopes), absent_without(&kept));
        self.storage.leave_out(&after)?;
        let given_up = self.storage.replay(|tx| {
            tx.leave_out(&before);
            let rows = give_up(tx, &lost)?;
            tx.leave_out(&after);
            Followed { scopes: kept, ..followed }.write(tx)?;
            scrub_later(tx)?;
            outbox::pending(tx)?.iter().try_for_each(|pending| self.run_pending(tx, pending))?;
            tx.take_log();
            Ok(rows)
        });
        self.storage.leave_out(if given_up.is_ok() { &after } else { &before })?;
        let rows = given_up?;
        self.scrub()?;
        self.announce(records().map(|record| record.table.to_owned()).collect());
        Ok(rows)
    }
    /// Writes the file anew after something was given up; again where that was cut short.
    fn scrub(&self) -> Result<()> {
        if !self.storage.read(is_unscrubbed)? {
            return Ok(());
        }
        self.storage.books().map_or(Ok(()), Books::scrub)?;
        self.storage.write(|tx| state::set(tx, SCRUB, "done"))
    }
    /// Whether this device may hold scopes that it does not have.
    pub(super) fn lacks(&self, allowed: &[String]) -> Result<bool> {
        let held = self.followed()?.scopes;
        Ok(allowed.iter().any(|scope| !held.contains(scope)))
    }
}

/// Has the file written anew at the next greeting: something in it was given up.
pub(super) fn scrub_later(tx: &mut Tx<'_>) -> Result<()> {
    state::set(tx, SCRUB, "due")
}

/// Whether that is still to be done.
pub(super) fn is_unscrubbed(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(state::get(tx, SCRUB)?.as_deref() == Some("due"))
}

/// Takes back what is pending and removes the rows of `scopes`; answers how many were removed.
fn give_up(tx: &mut Tx<'_>, scopes: &[String]) -> Result<i64> {
    for pending in outbox::pending(tx)?.iter().rev() {
        rebase::undo(tx, pending.pos, |table| register().record(table).ok())?;
    }
    let mut rows = 0;
    for record in records().filter(|record| !record.view && scopes.iter().any(|scope| scope == record.scope())) {
        let removed = tx.run(&format!("DELETE FROM {}", record.table), &[])?;
        rows += i64::try_from(removed).unwrap_or(i64::MAX);
    }
    tx.forget_links();
    scopes.iter().try_for_each(|scope| log::forget_digest(tx, scope))?;
    Ok(rows)
}
