//! Taking an entry back by its mirror.

use super::model::{Entry, Journal, JournalCode, Line};
use super::posting::{AccountRef, Posted, PostingLine, Settlement};
use super::write::{Draft, enter};
use super::{api, open_items};
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Minor, Money, Name};
use crate::vals;

/// See [`api::reverse`].
pub(super) fn reverse(tx: &mut Tx<'_>, cx: &mut Context, entry: Id<Entry>, date: Date, text: Name) -> Result<Posted> {
    let (entry, lines) = api::entry(tx, entry)?;
    if let Some(reversal) = api::reversal_of(tx, entry.id)? {
        return Err(Error::new(Kind::State, "entry.reversed").arg("number", entry.number).arg("by", reversal.number).arg("date", reversal.date));
    }
    let journal: Journal = tx.get(vals![entry.journal])?;
    let unknown = || Error::new(Kind::State, "journal.missing").arg("journal", &journal.code);
    let base = crate::identity::api::company(tx)?.currency;
    let draft = Draft {
        journal: JournalCode::from_word(&journal.code).ok_or_else(unknown)?,
        date: date.max(entry.date),
        document_date: date,
        source: entry.source.clone(),
        source_id: entry.source_id,
        reference: entry.reference.clone(),
        text,
        lines: lines.into_iter().map(|line| mirror(line, base)).collect::<Result<_>>()?,
        reverses: Some(entry.id),
        late: false,
    };
    let posted = enter(tx, cx, draft)?;
    open_items::settle(tx, cx, &Settlement { entry: entry.id, against: posted.id, amount: None, date: posted.date })?;
    Ok(posted)
}

/// The same line on the other side.
fn mirror(line: Line, base: crate::shared::Currency) -> Result<PostingLine> {
    let foreign = line.foreign_amount.filter(|_| line.currency != base).map(|amount| Money { amount, currency: line.currency });
    Ok(PostingLine {
        account: AccountRef::Id(line.account),
        amount: line.credit.minus(line.debit)?,
        party: line.party,
        due_date: line.due_date,
        tax: line.tax.map(|code| (code, line.tax_base.unwrap_or(Minor::ZERO).negated())),
        foreign,
        text: line.text,
    })
}
