//! Actions on accounts, periods and entries, one file each.

mod archive_account;
mod close_period;
mod install_chart;
mod post_entry;
mod reopen_period;
mod reverse_entry;
mod save_account;
mod save_exchange_rate;

pub use archive_account::ArchiveAccount;
pub use close_period::ClosePeriod;
pub use install_chart::InstallChart;
pub use post_entry::PostEntry;
pub use reopen_period::ReopenPeriod;
pub use reverse_entry::{ReverseEntry, check_reversible};
pub use save_account::SaveAccount;
pub use save_exchange_rate::SaveExchangeRate;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Account, Entry};
use super::posting::Posted;
use crate::db::Tx;
use crate::shared::{Code, Date, Id, Result};
use crate::vals;

/// Which account was saved.
#[derive(Serialize, JsonSchema)]
pub struct SavedAccount {
    /// The account.
    pub id: Id<Account>,
}

/// What was entered.
#[derive(Serialize, JsonSchema)]
pub struct EntryPosted {
    /// The entry.
    pub id: Id<Entry>,
    /// Journal code.
    pub journal: Code,
    /// Its number in journal and fiscal year; none where the books do not hold the ledger.
    pub number: Option<i64>,
    /// The accounting date it got.
    pub date: Date,
}

impl EntryPosted {
    fn of(posted: &Posted) -> Result<Self> {
        Ok(EntryPosted { id: posted.id, journal: Code::new(posted.journal.word())?, number: posted.number, date: posted.date })
    }
}

/// Whether an account has ever taken a line.
fn is_used(tx: &mut Tx<'_>, account: Id<Account>) -> Result<bool> {
    let row: Option<(i64,)> = tx.opt("SELECT 1 FROM account_balance WHERE account = ?1 LIMIT 1", vals![account])?;
    Ok(row.is_some())
}
