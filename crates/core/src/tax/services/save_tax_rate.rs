//! Adds a rate of a tax from a date on, or corrects one that no document stands on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Permission, Rate};
use crate::tax::model::{Category, Direction, Tax, TaxRate};
use crate::vals;

/// Adds the rate of a tax from a date on. A rate that a posted document stands on is not rewritten: a
/// change of the law is a new rate with its date.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SaveTaxRate {
    /// The tax.
    pub tax: Id<Tax>,
    /// First day.
    pub valid_from: Date,
    /// Last day, where no other rate follows.
    pub valid_to: Option<Date>,
    /// Percent.
    pub rate: Rate,
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The tax.
    pub tax: Id<Tax>,
}

impl Command for SaveTaxRate {
    const NAME: &'static str = "tax.save_tax_rate";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Saved> {
        let tax: Tax = tx.get(vals![self.tax])?;
        self.check(&tax)?;
        let old: Option<TaxRate> = tx.find(vals![self.tax, self.valid_from])?;
        let used = old.as_ref().is_some_and(|old| old.used);
        let new = TaxRate { tax: self.tax, valid_from: self.valid_from, valid_to: self.valid_to, rate: self.rate, used };
        match old {
            None => tx.insert(&new)?,
            Some(old) if used && old.rate != new.rate => {
                return Err(Error::new(Kind::State, "tax.rate_used").arg("name", tax.name).arg("date", self.valid_from).field("rate"));
            }
            Some(old) => tx.update(&old, &new)?,
        }
        Ok(Saved { tax: self.tax })
    }
}

impl SaveTaxRate {
    /// 0 to 100 percent; zero for the categories that bear no tax (EN 16931 BR-Z-05, BR-E-05 and
    /// their like), unless the buyer accounts for it.
    fn check(&self, tax: &Tax) -> Result<()> {
        if self.rate.is_negative() || self.rate > Rate::whole(100)? {
            return Err(Error::invalid("tax.rate_range").arg("value", self.rate).field("rate"));
        }
        let self_assessed = tax.direction == Direction::Purchases && tax.category.may_be_self_assessed();
        if !self.rate.is_zero() && tax.category != Category::Standard && !self_assessed {
            return Err(Error::invalid("tax.rate_zero").arg("name", &tax.name).arg("category", tax.category).field("rate"));
        }
        if self.valid_to.is_some_and(|to| to < self.valid_from) {
            return Err(Error::invalid("date.order").arg("from", self.valid_from).field("valid_to"));
        }
        Ok(())
    }
}
