//! Entry numbers: dense from 1 per journal and fiscal year.

use super::model::{Entry, EntrySeries, Journal};
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::{Code, Context, Date, Id};
use crate::vals;

/// The label of the fiscal year that `date` lies in: `2010`, or `2010/11` when years do not begin in
/// January (`first_month` 1 to 12).
pub(super) fn fiscal_year(date: Date, first_month: i64) -> Result<Code> {
    let year = i64::from(date.year());
    if first_month == 1 {
        return Code::new(&format!("{year:04}"));
    }
    let begins = if i64::from(date.month()) >= first_month { year } else { year - 1 };
    Code::new(&format!("{begins:04}/{:02}", (begins + 1).rem_euclid(100)))
}

/// Takes the next number. A redo gets the number of the first execution as long as its series stands
/// where it stood; when other entries came in between, or the period moved, it gets the next one and
/// the event `ledger.entry_renumbered` says so: the document's own number is the legal one. What was first
/// executed on a device that does not hold the ledger has no number yet.
pub(super) fn take(tx: &mut Tx<'_>, cx: &mut Context, journal: Id<Journal>, date: Date, first_month: i64, entry: Id<Entry>) -> Result<(Code, i64)> {
    let year = fiscal_year(date, first_month)?;
    let series: Option<EntrySeries> = tx.find(vals![journal, year])?;
    let next = series.as_ref().map_or(1, |series| series.last + 1);
    let written = format!("{year} {next}");
    let key = format!("entry:{entry}");
    let numbered = !cx.redo || cx.has_consumed(&key);
    let first = if numbered { cx.consume(&key, || Ok(written.clone()))? } else { written.clone() };
    if first != written {
        cx.emit("ledger.entry_renumbered", entry, serde_json::json!({"from": first, "to": written}));
    }
    match series {
        Some(old) => tx.update(&old, &EntrySeries { last: next, ..old.clone() })?,
        None => tx.insert(&EntrySeries { journal, year: year.clone(), last: next })?,
    }
    Ok((year, next))
}
