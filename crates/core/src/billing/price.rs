//! From a typed line to a priced one: item, unit, price, VAT.

use std::collections::HashMap;
use std::sync::Arc;

use super::draft::{AdjustmentDraft, LineDraft};
use super::totals::{Adjustment, LineInput, TaxKey};
use crate::catalog::{Item, ItemCategory, PriceRow};
use crate::db::Tx;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Currency, Date, Id, Minor, Name, Note, Price, Quantity};
use crate::tax::{Determined, Determiner, ItemKind, Question, Side, TaxClass};

/// What all lines of a document share.
pub struct Pricer {
    /// Rules and rates.
    pub taxes: Arc<Determiner>,
    /// Country of the company.
    pub company_country: Code,
    /// Where the goods go, or where the buyer is.
    pub country: Code,
    /// Whether the buyer has a VAT identifier of another member state.
    pub foreign_vat_id: bool,
    /// The tax date.
    pub date: Date,
    /// The document's currency.
    pub currency: Currency,
    /// The buyer's price list.
    pub price_list: Option<Id<crate::catalog::PriceList>>,
    items: HashMap<Id<Item>, Item>,
    revenue_accounts: HashMap<Id<ItemCategory>, Code>,
}

/// A priced line.
pub struct Priced {
    /// The item, if it is one.
    pub item: Option<Item>,
    /// Name.
    pub name: Name,
    /// Description.
    pub description: Note,
    /// Quantity in `unit`.
    pub quantity: Quantity,
    /// Unit.
    pub unit: Code,
    /// Quantity in the item's base unit.
    pub base_quantity: Quantity,
    /// What the totals need.
    pub input: LineInput,
    /// Its VAT.
    pub tax: Determined,
    /// The price before discount, as typed.
    pub gross_price: Option<Price>,
    /// The price-list row it came from.
    pub price_row: Option<Id<PriceRow>>,
    /// The revenue account of its category; empty for the usual one.
    pub revenue_account: Code,
}

impl Pricer {
    /// A pricer with no item read yet.
    pub fn new(taxes: Arc<Determiner>, company_country: Code, country: Code, foreign_vat_id: bool, date: Date, currency: Currency) -> Self {
        Pricer { taxes, company_country, country, foreign_vat_id, date, currency, price_list: None, items: HashMap::new(), revenue_accounts: HashMap::new() }
    }

    /// Prices one line.
    pub fn price(&mut self, tx: &mut Tx<'_>, line: &LineDraft) -> Result<Priced> {
        let item = line.item.map(|id| self.item(tx, id)).transpose()?;
        let quantity = line.quantity.unwrap_or(Quantity::ONE);
        if quantity.is_zero() {
            return Err(Error::invalid("line.no_quantity").field("quantity"));
        }
        let unit = unit_of(line, item.as_ref())?;
        let base_quantity = match &item {
            Some(item) if item.base_unit != unit => crate::catalog::api::to_base(tx, item, &unit, quantity).map_err(|e| e.field("unit"))?,
            _ => quantity,
        };
        let tax = self.tax(line, item.as_ref())?;
        let (price, includes_tax, price_row) = self.unit_price(tx, line, item.as_ref(), &unit, quantity)?;
        let name = if line.name.is_empty() { item.as_ref().map(|item| item.name.clone()).unwrap_or_default() } else { line.name.clone() };
        let description =
            if line.description.is_empty() { item.as_ref().map(|item| item.description.clone()).unwrap_or_default() } else { line.description.clone() };
        let (name, description) = named(name, description)?;
        let input = LineInput {
            quantity,
            price,
            price_base: line.price_base.unwrap_or(Quantity::ONE),
            adjustments: adjustments(line)?,
            tax: TaxKey { category: tax.category, rate: tax.rate },
            includes_tax,
        };
        let revenue_account = self.revenue_account(tx, item.as_ref())?;
        let gross_price = gross_price(line, price)?;
        Ok(Priced { revenue_account, gross_price, item, name, description, quantity, unit, base_quantity, input, tax, price_row })
    }

    /// The tax a code names, or the standard one for what is not an item.
    pub fn tax_by_code(&self, code: &str) -> Result<Determined> {
        let unknown = || Error::invalid("tax.unknown").arg("code", code).field("tax");
        let tax = self.taxes.by_code(code).ok_or_else(unknown)?;
        self.taxes.tax_on(tax.id, Side::Sales, self.date)
    }

    fn tax(&self, line: &LineDraft, item: Option<&Item>) -> Result<Determined> {
        if let Some(code) = &line.tax {
            return self.tax_by_code(code);
        }
        self.taxes.determine(&Question {
            company_country: &self.company_country,
            party_country: &self.country,
            party_has_vat_id: self.foreign_vat_id,
            item_class: item.map_or(TaxClass::Standard, |item| item.tax_class),
            item_kind: item.map_or(ItemKind::Service, |item| item.kind),
            side: Side::Sales,
            date: self.date,
        })
    }

    fn unit_price(
        &self,
        tx: &mut Tx<'_>,
        line: &LineDraft,
        item: Option<&Item>,
        unit: &Code,
        quantity: Quantity,
    ) -> Result<(Price, bool, Option<Id<PriceRow>>)> {
        if let Some(price) = line.unit_price {
            if price < Price::ZERO {
                return Err(Error::invalid("line.negative_price").field("unit_price"));
            }
            return Ok((price, line.price_includes_tax.unwrap_or(false), None));
        }
        if let Some(gross) = line.gross_price {
            let price = gross.minus(line.price_discount.unwrap_or_default())?;
            return Ok((price, line.price_includes_tax.unwrap_or(false), None));
        }
        let Some(item) = item else {
            return Err(Error::invalid("line.no_price").field("unit_price"));
        };
        let found = crate::catalog::api::price_for(tx, item, self.price_list, unit, quantity, self.date, self.currency)?;
        Ok((found.price, found.includes_tax, found.row))
    }

    fn revenue_account(&mut self, tx: &mut Tx<'_>, item: Option<&Item>) -> Result<Code> {
        let Some(category) = item.and_then(|item| item.category) else {
            return Ok(Code::default());
        };
        if let Some(account) = self.revenue_accounts.get(&category) {
            return Ok(account.clone());
        }
        let account = crate::catalog::api::category(tx, category)?.revenue_account;
        self.revenue_accounts.insert(category, account.clone());
        Ok(account)
    }

    fn item(&mut self, tx: &mut Tx<'_>, id: Id<Item>) -> Result<Item> {
        if let Some(item) = self.items.get(&id) {
            return Ok(item.clone());
        }
        let item = crate::catalog::api::item(tx, id).map_err(|e| e.field("item"))?;
        self.items.insert(id, item.clone());
        Ok(item)
    }
}

/// A line without a name takes its description's first line; without either it is refused.
fn named(name: Name, description: Note) -> Result<(Name, Note)> {
    if !name.is_empty() {
        return Ok((name, description));
    }
    let (first, rest) = description.split_once('\n').unwrap_or((&description, ""));
    let name = Name::fitted(first);
    name.required("description")?;
    Ok((name, Note::fitted(rest)))
}

fn unit_of(line: &LineDraft, item: Option<&Item>) -> Result<Code> {
    if let Some(unit) = &line.unit {
        return Ok(unit.clone());
    }
    match item {
        Some(item) => Ok(item.sales_unit.clone().unwrap_or_else(|| item.base_unit.clone())),
        None => Code::new("C62"),
    }
}

/// The price before discount (BT-148): not below zero (BR-28), not below the price, and less by just the
/// discount where that is given too (BT-146 = BT-148 − BT-147).
fn gross_price(line: &LineDraft, price: Price) -> Result<Option<Price>> {
    let wrong = |field: &str| Error::invalid("line.gross_price").field(field);
    let Some(gross) = line.gross_price else {
        let discount = line.price_discount.filter(|discount| !discount.is_zero());
        return discount.map(|discount| if discount < Price::ZERO { Err(wrong("price_discount")) } else { price.plus(discount) }).transpose();
    };
    if price < Price::ZERO || gross < price || line.price_discount.is_some_and(|discount| gross.minus(discount).ok() != Some(price)) {
        return Err(wrong(if line.price_discount.is_some() { "price_discount" } else { "gross_price" }));
    }
    Ok(Some(gross))
}

/// The allowances and charges of a line, in the order they are kept.
fn adjustments(line: &LineDraft) -> Result<Vec<Adjustment>> {
    let mut all = Vec::new();
    if let Some(percent) = line.allowance_percent.filter(|percent| !percent.is_zero()) {
        all.push(Adjustment { charge: false, amount: Minor::ZERO, percent: Some(percent) });
    }
    for (list, charge) in [(&line.allowances, false), (&line.charges, true)] {
        for (place, draft) in list.iter().enumerate() {
            all.push(adjustment(draft, charge).map_err(|e| e.within(format!("{}[{place}]", if charge { "charges" } else { "allowances" })))?);
        }
    }
    Ok(all)
}

/// An allowance or charge as the totals need it: exactly one of amount and percentage, neither below zero;
/// a base goes with a percentage only.
pub fn adjustment(draft: &AdjustmentDraft, charge: bool) -> Result<Adjustment> {
    match (draft.amount, draft.percent, draft.base) {
        (Some(_), None, Some(_)) => Err(Error::invalid("adjustment.base").field("base")),
        (Some(amount), None, None) if amount >= Minor::ZERO => Ok(Adjustment { charge, amount, percent: None }),
        (None, Some(percent), Some(base)) if !percent.is_negative() => Ok(Adjustment { charge, amount: base.percent(percent)?, percent: None }),
        (None, Some(percent), None) if !percent.is_negative() => Ok(Adjustment { charge, amount: Minor::ZERO, percent: Some(percent) }),
        _ => Err(Error::invalid("adjustment.one_of").field("amount")),
    }
}
