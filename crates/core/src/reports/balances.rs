//! Balances of all accounts between two days, from the monthly aggregates and the lines of the months
//! that a day cuts.

use crate::db::Tx;
use crate::ledger::{Account, AccountKind};
use crate::shared::error::Result;
use crate::shared::{Code, Date, Id, Minor, Name};
use crate::vals;

/// An account with what it took before and within a time.
pub struct Balance {
    /// The account.
    pub account: Id<Account>,
    /// Its number.
    pub code: Code,
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: AccountKind,
    /// Debit − credit before.
    pub opening: Minor,
    /// Σ debit within.
    pub debit: Minor,
    /// Σ credit within.
    pub credit: Minor,
}

impl Balance {
    /// Debit − credit within.
    pub fn movement(&self) -> Result<Minor> {
        self.debit.minus(self.credit)
    }
    /// Debit − credit at the end.
    pub fn closing(&self) -> Result<Minor> {
        self.opening.plus(self.movement()?)
    }
}

/// The balances of every account that has any line up to `to` (inclusive), by number; `from` divides
/// opening from movement.
pub fn balances(tx: &mut Tx<'_>, from: Date, to: Date) -> Result<Vec<Balance>> {
    let end = to.plus_days(1)?;
    let values = vals![from.month_text(), end.month_text(), from.month_start(), from, end.month_start(), end];
    let rows: Vec<(Id<Account>, Code, Name, AccountKind, Minor, Minor, Minor)> = tx.all(include_str!("sql/balances.sql"), values)?;
    let balance = |(account, code, name, kind, opening, debit, credit)| Balance { account, code, name, kind, opening, debit, credit };
    Ok(rows.into_iter().map(balance).collect())
}

/// Debit − credit before `date` of one account, or of one account and party.
pub fn before(tx: &mut Tx<'_>, date: Date, account: Option<Id<()>>, party: Option<Id<()>>) -> Result<Minor> {
    let (month, start) = (date.month_text(), date.month_start());
    match (account, party) {
        (Some(account), None) => tx.one(include_str!("sql/account_before.sql"), vals![account, month, start, date]),
        (_, Some(party)) => tx.one(include_str!("sql/party_before.sql"), vals![party, month, start, date]),
        (None, None) => Ok(Minor::ZERO),
    }
}
