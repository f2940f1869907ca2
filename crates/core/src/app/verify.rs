//! The proof of the books: what must hold, recomputed from the rows themselves.

use serde::Serialize;

use super::App;
use crate::daybook::chain;
use crate::daybook::state::Part;
use crate::db::verify_search;
use crate::shared::error::{Error, Kind, Result};

/// What was proved, with counts.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// Entries of the daybook, each linked to the one before it.
    pub daybook_entries: i64,
    /// Legal numbers, gapless and linked.
    pub numbers: i64,
    /// Posted documents whose content, totals and number agree.
    pub documents: i64,
    /// Journal entries that balance; balances, open items and sub-ledgers that equal their sources. None
    /// where the books do not hold the ledger.
    pub journal_entries: i64,
    /// Stock levels that equal their moves.
    pub stock_levels: i64,
    /// Rows of the copies that search reads, which say what their records say. None on PostgreSQL, which has no copies.
    pub searched: i64,
    /// Files whose content has the hash it is named by.
    pub files: i64,
    /// Files that something here has and whose content is elsewhere: never in books without a server.
    pub files_elsewhere: i64,
}

impl App {
    /// Proves the books. The error (kind `corrupt`) names the first row that does not fit.
    pub fn verify(&self) -> Result<Proof> {
        if self.lost() > 0 {
            return Err(Error::new(Kind::Corrupt, "daybook.lost").arg("count", self.lost()));
        }
        let complete = self.device().part == Part::Alone;
        self.storage.read(|tx| {
            if complete {
                crate::files::api::verify_complete(tx)?;
            }
            Ok(Proof {
                daybook_entries: chain::verify(tx)?,
                numbers: crate::numbering::api::verify(tx)?,
                documents: crate::billing::api::verify(tx)?,
                journal_entries: crate::ledger::api::verify(tx)?,
                stock_levels: stock_equals_ledger(tx)?,
                searched: super::records().map(|record| verify_search(tx, record)).sum::<Result<i64>>()?,
                files: crate::files::api::verify(tx)?,
                files_elsewhere: crate::files::api::count_elsewhere(tx)?,
            })
        })
    }
}

/// Levels equal moves, and the value of stock, where the books hold it, equals the inventory account.
fn stock_equals_ledger(tx: &mut crate::db::Tx<'_>) -> Result<i64> {
    let levels = crate::inventory::api::verify(tx)?;
    if crate::identity::api::find_company(tx)?.is_none() || !tx.holds::<crate::inventory::ItemCost>() {
        return Ok(levels);
    }
    let stock = crate::inventory::api::value(tx)?;
    let ledger = crate::inventory::api::ledger_value(tx)?;
    if stock != ledger {
        return Err(Error::new(Kind::Corrupt, "verify.stock_value").arg("stock", stock.units()).arg("ledger", ledger.units()));
    }
    Ok(levels)
}
