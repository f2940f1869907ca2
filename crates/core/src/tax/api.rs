//! What later modules ask of tax.

use super::determine::{Determined, Determiner, Question, current};
use super::model::{Tax, TaxRate};
use super::services::install;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Rate};
use crate::vals;

pub use super::determine::zone;

/// Copies the tax pack of `country` into the books; `tax.installed` when they have taxes already.
/// Answers how many taxes there are now.
pub fn install_pack(tx: &mut Tx<'_>, cx: &mut Context, country: &str) -> Result<i64> {
    install(tx, cx, country)
}

/// The tax of one line. For many lines load a [`Determiner`] once.
pub fn determine(tx: &mut Tx<'_>, question: &Question<'_>) -> Result<Determined> {
    Determiner::load(tx)?.determine(question)
}

/// The percentage of a tax on `date`; `tax.no_rate` when it has none.
pub fn rate_on(tx: &mut Tx<'_>, tax: Id<Tax>, date: Date) -> Result<Rate> {
    let rates: Vec<TaxRate> = tx.find_all(&["tax"], vals![tax])?;
    let missing = || Error::new(Kind::State, "tax.no_rate").arg("name", tax).arg("date", date).field("tax");
    current(&rates, date).map(|rate| rate.rate).ok_or_else(missing)
}

/// The tax.
pub fn tax(tx: &mut Tx<'_>, id: Id<Tax>) -> Result<Tax> {
    tx.get(vals![id])
}

/// The tax with this code.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Tax>> {
    Ok(tx.find_all(&["code"], vals![code.to_owned()])?.into_iter().next())
}

/// Makes the rate that began on `rate_from` final: a posted document stands on it.
pub fn mark_rate_used(tx: &mut Tx<'_>, tax: Id<Tax>, rate_from: Date) -> Result<()> {
    let old: TaxRate = tx.get(vals![tax, rate_from])?;
    tx.update(&old, &TaxRate { used: true, ..old.clone() })
}

/// Makes the rate of `tax` that is in force on `date` final; does nothing when it is final already.
pub fn mark_rate_used_on(tx: &mut Tx<'_>, tax: Id<Tax>, date: Date) -> Result<()> {
    match Determiner::load(tx)?.row_on(tax, date) {
        Some(rate) if !rate.used => tx.update(rate, &TaxRate { used: true, ..rate.clone() }),
        _ => Ok(()),
    }
}
