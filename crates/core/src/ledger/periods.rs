//! Closed and locked periods: which day a posting lands on.

use super::model::{Area, Entry, JournalCode, PeriodLock};
use super::write::Draft;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Instant};

impl PeriodLock {
    /// Whether it holds at `now`: a timed reopening lifts it.
    pub(super) fn holds(&self, now: Instant) -> bool {
        !matches!((self.reopen_from, self.reopen_until), (Some(from), Some(until)) if from <= now && now < until)
    }
}

impl JournalCode {
    /// The area whose periods apply, beside [`Area::All`].
    const fn area(self) -> Area {
        match self {
            JournalCode::Sales => Area::Sales,
            JournalCode::Purchases => Area::Purchases,
            JournalCode::Stock => Area::Stock,
            JournalCode::Bank | JournalCode::General | JournalCode::Opening => Area::All,
        }
    }
}

/// The accounting date of a draft. In a closed period: `period.closed`, unless the draft is late or
/// a redo; then the first open day, with the event `ledger.period_moved`.
pub(super) fn accounting_date(tx: &mut Tx<'_>, cx: &mut Context, draft: &Draft, entry: Id<Entry>, taxed: bool) -> Result<Date> {
    let (day, lock) = first_open_day(tx, cx.now, draft.journal, taxed, draft.date)?;
    let Some(lock) = lock else { return Ok(day) };
    if !draft.late {
        cx.stop_unless_done(closed(draft.date, &lock, day))?;
    }
    let body = serde_json::json!({"from": draft.date, "to": day, "area": lock.area, "reference": draft.reference});
    cx.emit("ledger.period_moved", entry, body);
    Ok(day)
}

/// See [`super::api::check_open`].
pub(super) fn check_open(tx: &mut Tx<'_>, cx: &mut Context, journal: JournalCode, date: Date) -> Result<()> {
    match first_open_day(tx, cx.now, journal, false, date)? {
        (day, Some(lock)) => cx.stop_unless_done(closed(date, &lock, day)),
        (_, None) => Ok(()),
    }
}

fn closed(date: Date, lock: &PeriodLock, first_open: Date) -> Error {
    let closed = Error::new(Kind::Closed, "period.closed").arg("date", date).arg("area", lock.area);
    closed.arg("through", lock.locked_through).arg("first_open", first_open).field("date")
}

/// The first day from `date` on that no lock holds, and the lock that closes `date` longest.
pub(super) fn first_open_day(tx: &mut Tx<'_>, now: Instant, journal: JournalCode, taxed: bool, date: Date) -> Result<(Date, Option<PeriodLock>)> {
    let locks = tx.whole::<PeriodLock>()?;
    let applies = |area: Area| area == Area::All || area == journal.area() || (taxed && area == Area::Tax);
    let holding = locks.iter().filter(|lock| applies(lock.area) && lock.locked_through >= date && lock.holds(now));
    match holding.max_by_key(|lock| lock.locked_through) {
        Some(lock) => Ok((lock.locked_through.plus_days(1)?, Some(lock.clone()))),
        None => Ok((date, None)),
    }
}
