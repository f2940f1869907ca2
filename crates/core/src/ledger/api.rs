//! The one door to the ledger. Siblings hand in a [`Posting`]; the ledger finds period and accounts,
//! checks the balance, numbers and writes. Nothing else writes journal rows.

pub use super::accounts::Accounts;
pub use super::model::{Account, AccountKind, Entry, JournalCode, Line, OpenItem, Role};
pub use super::posting::{AccountRef, Posted, Posting, PostingLine, Settlement, credit, debit};
pub use super::rates::rate_on;
pub use super::verify::verify;

use crate::db::Tx;
use crate::shared::{Context, Date, Id, Minor, Name, Result};
use crate::vals;

/// Enters a posting. Where the books do not hold the ledger, it is checked and gets its id and date, but
/// no number and no rows: the server enters it. Errors: `entry.empty`, `entry.unbalanced` (naming the difference),
/// `entry.party_required`, `account.*`, and `period.closed`, unless the posting is late or a redo:
/// then the accounting date moves to the first open day and the event `ledger.period_moved` says so.
pub fn post(tx: &mut Tx<'_>, cx: &mut Context, posting: Posting) -> Result<Posted> {
    super::write::post(tx, cx, posting)
}

/// Takes an entry back: enters its mirror on `date` (but not before the entry's own date), and lets
/// the open items of the two settle each other. `entry.reversed` when it is taken back already.
pub fn reverse(tx: &mut Tx<'_>, cx: &mut Context, entry: Id<Entry>, date: Date, text: Name) -> Result<Posted> {
    super::reverse::reverse(tx, cx, entry, date, text)
}

/// Lets the open items of two entries settle each other, as far as account, party and currency
/// agree; answers how much was settled, nothing where the books do not hold the ledger.
/// `settlement.too_much` when less than `amount` is open.
pub fn settle(tx: &mut Tx<'_>, cx: &mut Context, settlement: &Settlement) -> Result<Minor> {
    super::open_items::settle(tx, cx, settlement)
}

/// The account with a role; `account.role_missing` when the chart has none.
pub fn account_of(tx: &mut Tx<'_>, role: Role) -> Result<Account> {
    let found: Vec<Account> = tx.find_all(&["role"], vals![role])?;
    found.into_iter().next().ok_or_else(|| super::accounts::missing(&AccountRef::Role(role)))
}

/// The open items of an entry; debit positive.
pub fn open_items(tx: &mut Tx<'_>, entry: Id<Entry>) -> Result<Vec<OpenItem>> {
    tx.find_all(&["entry"], vals![entry])
}

/// What is still open of an entry: positive = to be received, negative = to be paid; none where the
/// books do not hold the ledger.
pub fn open_amount(tx: &mut Tx<'_>, entry: Id<Entry>) -> Result<Option<Minor>> {
    if !tx.holds::<OpenItem>() {
        return Ok(None);
    }
    Minor::sum(open_items(tx, entry)?.into_iter().map(|item| item.open)).map(Some)
}

/// An entry with its lines; `record.not_found` when there is none.
pub fn entry(tx: &mut Tx<'_>, id: Id<Entry>) -> Result<(Entry, Vec<Line>)> {
    Ok((tx.get(vals![id])?, tx.find_all(&["entry"], vals![id])?))
}

/// The entry that takes `entry` back, if there is one.
pub fn reversal_of(tx: &mut Tx<'_>, entry: Id<Entry>) -> Result<Option<Entry>> {
    let found: Vec<Entry> = tx.find_all(&["reverses"], vals![entry])?;
    Ok(found.into_iter().next())
}

/// The first day on or after `date` on which `journal` may be posted to.
pub fn first_open_day(tx: &mut Tx<'_>, cx: &Context, journal: JournalCode, date: Date, taxed: bool) -> Result<Date> {
    super::periods::first_open_day(tx, cx.now, journal, taxed, date).map(|(day, _)| day)
}

/// `period.closed` when `journal` may not be posted to on `date`; an exception when what would be posted
/// has happened already.
pub fn check_open(tx: &mut Tx<'_>, cx: &mut Context, journal: JournalCode, date: Date) -> Result<()> {
    super::periods::check_open(tx, cx, journal, date)
}
