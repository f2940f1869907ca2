//! Keeps the exchange rate of a day, or corrects it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::ledger::model::ExchangeRate;
use crate::ledger::rates::of_day;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Currency, Date, Id, Name, Permission, Rate};
use crate::vals;

crate::save_args! {
    /// Keeps the exchange rate of a currency on a day. One that is kept for that day already is corrected;
    /// documents that took it keep what they took.
    pub struct SaveExchangeRate of ExchangeRate {
        source: Name,
    } choose {
        currency: Currency,
        valid_on: Date,
        rate: Rate,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct SavedRate {
    /// The rate.
    pub id: Id<ExchangeRate>,
}

impl Command for SaveExchangeRate {
    const NAME: &'static str = "ledger.save_exchange_rate";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::Decision;
    type Output = SavedRate;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<SavedRate> {
        let old = self.old(tx)?;
        let mut new = match &old {
            Some(old) => old.clone(),
            None => self.fresh(cx)?,
        };
        self.put(&mut new);
        check(tx, &new)?;
        match &old {
            Some(old) => tx.update(old, &new)?,
            None => tx.insert(&new)?,
        }
        Ok(SavedRate { id: new.id })
    }
}

impl SaveExchangeRate {
    /// The rate that is changed: the one named, else the one of that day.
    fn old(&self, tx: &mut Tx<'_>) -> Result<Option<ExchangeRate>> {
        match (self.id, self.currency, self.valid_on) {
            (Some(id), ..) => tx.get(vals![id]).map(Some),
            (None, Some(currency), Some(date)) => of_day(tx, currency, date),
            _ => Ok(None),
        }
    }
    fn fresh(&self, cx: &mut Context) -> Result<ExchangeRate> {
        let missing = |field: &str| Error::invalid("text.required").field(field);
        Ok(ExchangeRate {
            id: cx.id("exchange_rate"),
            currency: self.currency.ok_or_else(|| missing("currency"))?,
            valid_on: self.valid_on.map_or_else(|| cx.today(), Ok)?,
            rate: self.rate.ok_or_else(|| missing("rate"))?,
            source: Name::default(),
        })
    }
}

fn check(tx: &mut Tx<'_>, new: &ExchangeRate) -> Result<()> {
    if new.rate <= Rate::ZERO {
        return Err(Error::invalid("rate.not_positive").arg("value", new.rate).field("rate"));
    }
    if new.currency == crate::identity::api::company(tx)?.currency {
        return Err(Error::invalid("rate.base").arg("currency", new.currency).field("currency"));
    }
    match of_day(tx, new.currency, new.valid_on)? {
        Some(other) if other.id != new.id => {
            Err(Error::new(Kind::Conflict, "rate.exists").arg("currency", new.currency).arg("date", new.valid_on).field("valid_on"))
        }
        _ => Ok(()),
    }
}
