//! Open items: what is still to be received or paid of each receivable and payable line, and the
//! allocations that settle them.

use super::model::{Allocation, Entry, OpenItem};
use super::posting::Settlement;
use super::write::Row;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Minor};
use crate::vals;

/// Opens an item for every control-account line of a new entry.
pub(super) fn open(tx: &mut Tx<'_>, entry: &Entry, rows: &[Row]) -> Result<()> {
    let mut items = Vec::new();
    for (line, _) in rows.iter().filter(|(_, by_party)| *by_party) {
        let Some(party) = line.party else { continue };
        let amount = line.debit.minus(line.credit)?;
        items.push(OpenItem {
            entry: line.entry,
            n: line.n,
            party,
            account: line.account,
            date: line.date,
            due_date: line.due_date.unwrap_or(entry.document_date),
            reference: entry.reference.clone(),
            amount,
            open: amount,
            currency: line.currency,
        });
    }
    tx.insert_all(&items)
}

/// Settles the open items of two entries against each other. See [`super::api::settle`].
pub(super) fn settle(tx: &mut Tx<'_>, cx: &mut Context, settlement: &Settlement) -> Result<Minor> {
    if settlement.amount.is_some_and(|amount| amount <= Minor::ZERO) {
        return Err(Error::invalid("settlement.amount").field("amount"));
    }
    if settlement.entry == settlement.against {
        return Err(Error::invalid("settlement.same_entry").field("against"));
    }
    if !tx.holds::<OpenItem>() {
        return Ok(Minor::ZERO);
    }
    let mut left = settlement.amount.unwrap_or(Minor::new(crate::shared::money::MINOR_MAX)?);
    let mut settled = Minor::ZERO;
    let mut others: Vec<OpenItem> = tx.find_all(&["entry"], vals![settlement.against])?;
    for mut item in tx.find_all::<OpenItem>(&["entry"], vals![settlement.entry])? {
        for other in &mut others {
            if !other.fits(&item) {
                continue;
            }
            let amount = item.open.abs().min(other.open.abs()).min(left);
            if amount.is_zero() {
                continue;
            }
            pair(tx, cx, &mut item, other, amount, settlement.date)?;
            settled = settled.plus(amount)?;
            left = left.minus(amount)?;
        }
    }
    if settlement.amount.is_some_and(|amount| settled < amount) {
        return Err(Error::new(Kind::State, "settlement.too_much").arg("open", settled.units()).field("amount"));
    }
    Ok(settled)
}

impl OpenItem {
    /// Whether it may settle `other`: same account, party and currency, opposite sides, as the items
    /// were made.
    fn fits(&self, other: &OpenItem) -> bool {
        let same = self.account == other.account && self.party == other.party && self.currency == other.currency;
        same && (self.amount > Minor::ZERO) != (other.amount > Minor::ZERO)
    }
}

/// Settles `amount` of both items, on `date` but not before either of them.
fn pair(tx: &mut Tx<'_>, cx: &mut Context, item: &mut OpenItem, other: &mut OpenItem, amount: Minor, date: Date) -> Result<()> {
    let date = date.max(item.date).max(other.date);
    {
        let (debit, credit) = if item.amount > Minor::ZERO { (&*item, &*other) } else { (&*other, &*item) };
        let id: Id<Allocation> = cx.id("allocation");
        tx.insert(&Allocation { id, debit_entry: debit.entry, debit_n: debit.n, credit_entry: credit.entry, credit_n: credit.n, amount, date })?;
    }
    reduce(tx, item, amount)?;
    reduce(tx, other, amount)
}

fn reduce(tx: &mut Tx<'_>, item: &mut OpenItem, amount: Minor) -> Result<()> {
    let old = item.clone();
    item.open = if old.open > Minor::ZERO { old.open.minus(amount)? } else { old.open.plus(amount)? };
    tx.update(&old, item)
}
