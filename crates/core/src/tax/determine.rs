//! Which tax applies, at which rate: rules and rates in memory, read once for many lines.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{Category, ItemKind, Side, Tax, TaxClass, TaxRate, TaxRule, Zone};
use crate::db::Tx;
use crate::identity::country;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Date, Id, Name, Rate};

/// What the tax of a line depends on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Country of the company.
    pub company_country: &'a str,
    /// Country of the other party: the one goods go to, or where a service's customer belongs.
    pub party_country: &'a str,
    /// Whether the party has a VAT identifier of another member state
    /// ([`crate::parties::api::foreign_eu_vat_id`]).
    pub party_has_vat_id: bool,
    /// The item's class.
    pub item_class: TaxClass,
    /// Goods or service.
    pub item_kind: ItemKind,
    /// Sale or purchase.
    pub side: Side,
    /// Tax date: delivery date where known, document date otherwise.
    pub date: Date,
}

/// The tax of a line.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Determined {
    /// The tax.
    pub tax: Id<Tax>,
    /// Its code.
    pub code: Code,
    /// EN 16931 category.
    pub category: Category,
    /// Percent on that date.
    pub rate: Rate,
    /// First day of that rate: with `tax` the key of its row, for [`super::api::mark_rate_used`].
    pub rate_from: Date,
    /// Exemption reason code (BT-121); empty when there is none.
    pub exemption_code: Code,
    /// Exemption reason (BT-120); empty when there is none.
    pub exemption_text: Name,
    /// Name.
    pub name: Name,
    /// Role of the account to post it to, on the asked side.
    pub account: Code,
    /// Whether the buyer accounts for it: it is not paid to the supplier, but posted to output and
    /// input tax alike.
    pub self_assessed: bool,
}

/// All rules, taxes and rates.
#[derive(Debug)]
pub struct Determiner {
    rules: Vec<TaxRule>,
    taxes: HashMap<Id<Tax>, (Tax, Vec<TaxRate>)>,
}

impl Determiner {
    /// Reads rules and rates when they are not known yet; answers questions of any number of lines.
    pub fn load(tx: &mut Tx<'_>) -> Result<Arc<Self>> {
        tx.known(&["tax", "tax_rate", "tax_rule"], Self::read)
    }

    fn read(tx: &mut Tx<'_>) -> Result<Self> {
        let mut taxes: HashMap<Id<Tax>, (Tax, Vec<TaxRate>)> = HashMap::new();
        for tax in tx.find_all::<Tax>(&[], &[])? {
            taxes.insert(tax.id, (tax, Vec::new()));
        }
        for rate in tx.find_all::<TaxRate>(&[], &[])? {
            if let Some((_, rates)) = taxes.get_mut(&rate.tax) {
                rates.push(rate);
            }
        }
        for (_, rates) in taxes.values_mut() {
            rates.sort_by_key(|rate| rate.valid_from);
        }
        Ok(Determiner { rules: tx.find_all(&[], &[])?, taxes })
    }

    /// The tax that applies. `tax.no_rule` when the books have no rule that fits, `tax.no_rate` when
    /// its tax has no rate on that date.
    pub fn determine(&self, question: &Question<'_>) -> Result<Determined> {
        let zone = zone(question.company_country, question.party_country, question.date)?;
        let no_rule = || Error::new(Kind::State, "tax.no_rule").arg("date", question.date);
        let rule = self.rules.iter().find(|rule| fits(rule, question, zone)).ok_or_else(no_rule)?;
        let tax = match question.side {
            Side::Sales => rule.sales,
            Side::Purchases => rule.purchases,
        };
        self.tax_on(tax, question.side, question.date)
    }

    /// A tax chosen by hand, as it is on `date`. `tax.wrong_side` when it may not stand on such
    /// documents.
    pub fn tax_on(&self, tax: Id<Tax>, side: Side, date: Date) -> Result<Determined> {
        let (tax, rates) = self.taxes.get(&tax).ok_or_else(|| Error::new(Kind::NotFound, "tax.unknown").field("tax"))?;
        if !tax.direction.covers(side) {
            return Err(Error::invalid("tax.wrong_side").arg("name", &tax.name).field("tax"));
        }
        let rate = current(rates, date).ok_or_else(|| Error::new(Kind::State, "tax.no_rate").arg("name", &tax.name).arg("date", date).field("tax"))?;
        let account = if side == Side::Sales { &tax.sales_account } else { &tax.purchase_account };
        Ok(Determined {
            tax: tax.id,
            code: tax.code.clone(),
            category: tax.category,
            rate: rate.rate,
            rate_from: rate.valid_from,
            exemption_code: tax.exemption_code.clone(),
            exemption_text: tax.exemption_text.clone(),
            name: tax.name.clone(),
            account: account.clone(),
            self_assessed: side == Side::Purchases && tax.category.may_be_self_assessed() && !rate.rate.is_zero(),
        })
    }

    /// The tax with this code.
    pub fn by_code(&self, code: &str) -> Option<&Tax> {
        self.taxes.values().map(|(tax, _)| tax).find(|tax| tax.code.as_str() == code)
    }

    /// The rate of a tax that is in force on `date`, if it has one.
    pub(super) fn row_on(&self, tax: Id<Tax>, date: Date) -> Option<&TaxRate> {
        self.taxes.get(&tax).and_then(|(_, rates)| current(rates, date))
    }

    /// The percentage of a tax on `date`, if it has one.
    pub fn rate_on(&self, tax: Id<Tax>, date: Date) -> Option<Rate> {
        self.row_on(tax, date).map(|rate| rate.rate)
    }
}

/// The rate in force: the newest that has begun, unless its last day is over.
pub(super) fn current(rates: &[TaxRate], date: Date) -> Option<&TaxRate> {
    let begun = rates.iter().rev().find(|rate| rate.valid_from <= date)?;
    begun.valid_to.is_none_or(|to| date <= to).then_some(begun)
}

fn fits(rule: &TaxRule, question: &Question<'_>, zone: Zone) -> bool {
    rule.item_class.is_none_or(|class| class == question.item_class)
        && rule.item_kind.is_none_or(|kind| kind == question.item_kind)
        && rule.zone.is_none_or(|wanted| wanted == zone)
        && rule.vat_id.is_none_or(|wanted| wanted == question.party_has_vat_id)
        && rule.valid_from.is_none_or(|from| from <= question.date)
        && rule.valid_to.is_none_or(|to| question.date <= to)
}

/// Where `party` is, seen from `company`, on `date`.
pub fn zone(company: &str, party: &str, date: Date) -> Result<Zone> {
    let known = |code: &str| country::all().get(code).ok_or_else(|| Error::invalid("country.unknown").arg("value", code).field("country"));
    let (home, there) = (known(company)?, known(party)?);
    Ok(match () {
        () if home.same_territory(there) => Zone::Domestic,
        () if there.in_eu(date) => Zone::Eu,
        () => Zone::World,
    })
}
