//! Questions about the ledger.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::accounts::Accounts;
use super::model::{Area, Entry, Journal, PeriodLock};
use super::posting::AccountRef;
use super::{api, services};
use crate::db::Tx;
use crate::shared::error::{Error, Result};
use crate::shared::{Context, Date, Id, Instant, Permission, Query};
use crate::vals;

/// One entry with its lines, what took it back, and whether it may be taken back.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ShowEntry {
    /// The entry.
    pub id: Id<Entry>,
}

impl Query for ShowEntry {
    const NAME: &'static str = "ledger.entry";
    const NEEDS: Permission = Permission::SeeLedger;
    type Output = Value;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Value> {
        let (entry, lines) = api::entry(tx, self.id)?;
        let journal: Journal = tx.get(vals![entry.journal])?;
        let reversal = api::reversal_of(tx, self.id)?;
        let accounts = Accounts::chart(tx)?;
        let mut shown = Vec::with_capacity(lines.len());
        for line in &lines {
            let account = accounts.get(&AccountRef::Id(line.account))?;
            let mut row = serde_json::to_value(line).map_err(|e| Error::internal("record.json").caused_by(e))?;
            if let Some(row) = row.as_object_mut() {
                row.insert("account_code".to_owned(), account.code.as_str().into());
                row.insert("account_name".to_owned(), account.name.as_str().into());
            }
            shown.push(row);
        }
        let (mut can, mut why_not) = (Vec::new(), BTreeMap::new());
        match services::check_reversible(&entry, reversal.as_ref()) {
            Ok(()) => can.push("ledger.reverse_entry"),
            Err(error) => drop(why_not.insert("ledger.reverse_entry", error.to_json())),
        }
        let reversed_by = reversal.map(|reversal| reversal.id);
        Ok(json!({"entry": entry, "journal": journal.code, "lines": shown, "reversed_by": reversed_by, "can": can, "why_not": why_not}))
    }
}

/// The months between two days with their state per area; the last twelve when nothing is said.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Periods {
    /// A day in the first month.
    pub from: Option<Date>,
    /// A day in the last month.
    pub to: Option<Date>,
}

/// At most this many months are listed.
const MONTHS_MAX: usize = 240;

impl Query for Periods {
    const NAME: &'static str = "ledger.periods";
    const NEEDS: Permission = Permission::Read;
    type Output = Vec<Value>;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Vec<Value>> {
        let last = self.to.map_or_else(|| cx.today(), Ok)?.month_start();
        let mut month = match self.from {
            Some(from) => from.month_start(),
            None => last.plus_days(-330)?.month_start(),
        };
        let locks: Vec<PeriodLock> = tx.find_all(&[], &[])?;
        let mut months = Vec::new();
        while month <= last && months.len() < MONTHS_MAX {
            let states: BTreeMap<&str, &str> =
                Area::WORDS.iter().filter_map(|word| Some((*word, state(&locks, Area::from_word(word)?, month, cx.now)))).collect();
            months.push(json!({"month": month.month_text(), "from": month, "to": month.month_end(), "state": states.get("all"), "areas": states}));
            month = month.month_end().plus_days(1)?;
        }
        Ok(months)
    }
}

/// `locked`, `closed` or `open`: what a whole month is for one area.
fn state(locks: &[PeriodLock], area: Area, month: Date, now: Instant) -> &'static str {
    let closes = |lock: &&PeriodLock| (lock.area == area || lock.area == Area::All) && lock.locked_through >= month.month_end() && lock.holds(now);
    match locks.iter().filter(closes).map(|lock| lock.hard).max() {
        Some(true) => "locked",
        Some(false) => "closed",
        None => "open",
    }
}
