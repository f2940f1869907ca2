//! Which exchange rate a document of a day takes.

use super::model::ExchangeRate;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Currency, Date, Rate};
use crate::vals;

/// Base currency for one unit of `currency` on `date`: the newest rate kept on or before that day; one for
/// the base currency itself. `rate.missing` when there is none.
pub fn rate_on(tx: &mut Tx<'_>, currency: Currency, date: Date) -> Result<Rate> {
    let base = crate::identity::api::company(tx)?.currency;
    if currency == base {
        return Ok(Rate::ONE);
    }
    let row: Option<(Rate,)> = tx.opt(include_str!("sql/rate_on.sql"), vals![currency, date])?;
    let missing = || Error::new(Kind::State, "rate.missing").arg("currency", currency).arg("date", date).arg("base", base);
    row.map(|(rate,)| rate).ok_or_else(missing)
}

/// The rate kept for exactly this day, if there is one.
pub fn of_day(tx: &mut Tx<'_>, currency: Currency, date: Date) -> Result<Option<ExchangeRate>> {
    Ok(tx.find_all(&["currency", "valid_on"], vals![currency, date])?.into_iter().next())
}
