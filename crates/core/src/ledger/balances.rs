//! Maintained balances: per account and month, per party, account and month. One read and one write
//! per account of a posting, however many lines it has.

use std::collections::BTreeMap;

use super::model::{Account, AccountBalance, PartyBalance};
use super::write::Row;
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::value::Column;
use crate::shared::{Code, Id, Minor};

type Sums<K> = BTreeMap<K, (Minor, Minor)>;

/// Adds the lines of one entry.
pub(super) fn add(tx: &mut Tx<'_>, rows: &[Row]) -> Result<()> {
    let Some((first, _)) = rows.first() else { return Ok(()) };
    let month = Code::new(&first.date.month_text())?;
    let mut accounts: Sums<Id<Account>> = BTreeMap::new();
    let mut parties: Sums<(Id<()>, Id<Account>)> = BTreeMap::new();
    for (line, _) in rows {
        put(&mut accounts, line.account, line.debit, line.credit)?;
        if let Some(party) = line.party {
            put(&mut parties, (party, line.account), line.debit, line.credit)?;
        }
    }
    add_accounts(tx, &month, accounts)?;
    add_parties(tx, &month, parties)
}

fn put<K: Ord>(sums: &mut Sums<K>, key: K, debit: Minor, credit: Minor) -> Result<()> {
    let (debits, credits) = sums.entry(key).or_default();
    *debits = debits.plus(debit)?;
    *credits = credits.plus(credit)?;
    Ok(())
}

fn add_accounts(tx: &mut Tx<'_>, month: &Code, sums: Sums<Id<Account>>) -> Result<()> {
    for (account, (debit, credit)) in sums {
        match tx.find::<AccountBalance>(&[account.to_val(), month.to_val()])? {
            Some(old) => {
                let new = AccountBalance { debit: old.debit.plus(debit)?, credit: old.credit.plus(credit)?, ..old.clone() };
                tx.update(&old, &new)?;
            }
            None => tx.insert(&AccountBalance { account, month: month.clone(), debit, credit })?,
        }
    }
    Ok(())
}

fn add_parties(tx: &mut Tx<'_>, month: &Code, sums: Sums<(Id<()>, Id<Account>)>) -> Result<()> {
    for ((party, account), (debit, credit)) in sums {
        let key = [party.to_val(), account.to_val(), month.to_val()];
        match tx.find::<PartyBalance>(&key)? {
            Some(old) => {
                let new = PartyBalance { debit: old.debit.plus(debit)?, credit: old.credit.plus(credit)?, ..old.clone() };
                tx.update(&old, &new)?;
            }
            None => tx.insert(&PartyBalance { party, account, month: month.clone(), debit, credit })?,
        }
    }
    Ok(())
}
