//! Takes back an entry written by hand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EntryPosted;
use super::post_entry::MANUAL;
use crate::db::Tx;
use crate::ledger::api;
use crate::ledger::model::Entry;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Name, Permission};
use crate::vals;

/// Takes back an entry written by hand, by its mirror. What a document made is taken back with the
/// document.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ReverseEntry {
    /// The entry.
    pub id: Id<Entry>,
    /// Date of the mirror; today when absent.
    pub date: Option<Date>,
    /// Why.
    pub reason: Name,
}

impl Command for ReverseEntry {
    const NAME: &'static str = "ledger.reverse_entry";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::Fact;
    type Output = EntryPosted;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<EntryPosted> {
        self.reason.required("reason")?;
        let entry: Entry = tx.get(vals![self.id])?;
        let reversal = api::reversal_of(tx, self.id)?;
        check_reversible(&entry, reversal.as_ref())?;
        let date = self.date.map_or_else(|| cx.today(), Ok)?;
        if date < entry.date {
            return Err(Error::invalid("entry.reversal_earlier").arg("date", entry.date).field("date"));
        }
        let posted = api::reverse(tx, cx, self.id, date, self.reason)?;
        EntryPosted::of(&posted)
    }
}

/// Why an entry may not be taken back by hand, if so.
pub fn check_reversible(entry: &Entry, reversal: Option<&Entry>) -> Result<()> {
    if entry.source.as_str() != MANUAL {
        return Err(Error::new(Kind::State, "entry.of_document").arg("source", &entry.source).arg("reference", &entry.reference));
    }
    match reversal {
        Some(by) => Err(Error::new(Kind::State, "entry.reversed").arg("number", entry.number).arg("by", by.number).arg("date", by.date)),
        None => Ok(()),
    }
}
