//! Balances of all accounts between two days, from the monthly aggregates and the lines of the months
//! that a day cuts.

use crate::db::Tx;
use crate::ledger::{Account, AccountKind};
use crate::shared::error::Result;
use crate::shared::value::{Cells, FromRow, Val, take};
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
    let values = [cut(from)?, cut(to.plus_days(1)?)?].concat();
    tx.all(include_str!("sql/balances.sql"), &values)
}

/// Everything before `date`, as the months before `.0` and the lines of the days `.1 <= day < .2`,
/// added or taken off (`.3`): whichever part of the month that `date` cuts is shorter.
fn cut(date: Date) -> Result<Vec<Val>> {
    let (start, next) = (date.month_start(), date.month_end().plus_days(1)?);
    let parts: &[Val] = if date.day() <= 16 { vals![start.month_text(), start, date, 1_i64] } else { vals![next.month_text(), date, next, -1_i64] };
    Ok(parts.to_vec())
}

impl FromRow for Balance {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        Ok(Balance {
            account: take(cells)?,
            code: take(cells)?,
            name: take(cells)?,
            kind: take(cells)?,
            opening: take(cells)?,
            debit: take(cells)?,
            credit: take(cells)?,
        })
    }
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
