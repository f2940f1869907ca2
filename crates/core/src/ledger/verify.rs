//! The proof of the ledger: every maintained figure is what its sources say.

use super::model::Entry;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};

/// Each check with its error code. The SQL finds the first row that does not fit, as (where, what).
const CHECKS: &[(&str, &str)] = &[
    ("verify.entry_balance", include_str!("sql/verify_entry_balance.sql")),
    ("verify.entry_numbers", include_str!("sql/verify_entry_numbers.sql")),
    ("verify.line_date", include_str!("sql/verify_line_date.sql")),
    ("verify.account_balance", include_str!("sql/verify_account_balance.sql")),
    ("verify.party_balance", include_str!("sql/verify_party_balance.sql")),
    ("verify.sub_ledger", include_str!("sql/verify_sub_ledger.sql")),
    ("verify.open_item", include_str!("sql/verify_open_item.sql")),
];

/// Recomputes the ledger: entries balance, numbers are dense from 1, balances equal Σ lines, the
/// sub-ledgers equal their control accounts, open items equal lines less allocations. The error (kind
/// corrupt) names the first row that does not fit. Returns how many entries were checked: none where the
/// books do not hold the ledger.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    if !tx.holds::<Entry>() {
        return Ok(0);
    }
    for (code, sql) in CHECKS {
        if let Some((place, what)) = tx.opt::<(String, String)>(sql, &[])? {
            return Err(Error::new(Kind::Corrupt, code).arg("where", place).arg("what", what));
        }
    }
    tx.one("SELECT count(*) FROM journal_entry", &[])
}
