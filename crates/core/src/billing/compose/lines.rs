//! The lines of a document (BG-25).

use super::head::check_period;
use crate::billing::draft::LineDraft;
use crate::billing::model::{Header, Line};
use crate::billing::price::Priced;
use crate::billing::totals::LineInput;
use crate::catalog::Item;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Id, Minor, Price};

/// ISO 6523 code of GTIN.
const GTIN: &str = "0160";

/// The line of a draft's line: what it says itself, else what its item says.
pub fn line(document: Id<Header>, n: i64, draft: &LineDraft, priced: Priced, net: Minor) -> Result<Line> {
    check_period(draft.period_start, draft.period_end)?;
    let item = priced.item.as_ref();
    let (standard_id, standard_scheme) = standard(draft, item)?;
    let price = without_tax(&priced.input, priced.input.price)?;
    let (gross_price, price_discount) = gross(&priced, price)?;
    Ok(Line {
        document,
        n,
        item: item.map(|item| item.id),
        item_code: own(&draft.item_code, item.map(|item| &item.code)),
        buyer_code: draft.buyer_code.clone(),
        standard_id,
        standard_scheme,
        origin: origin(draft, item)?,
        name: priced.name,
        description: priced.description,
        note: draft.note.clone(),
        object_id: draft.object_id.clone(),
        object_scheme: draft.object_scheme.clone(),
        quantity: priced.quantity,
        unit: priced.unit,
        base_quantity: priced.base_quantity,
        price,
        price_base: priced.input.price_base,
        gross_price,
        price_discount,
        entered_price: priced.input.price,
        includes_tax: priced.input.includes_tax,
        price_row: priced.price_row,
        net,
        tax: priced.tax.tax,
        tax_code: priced.tax.code,
        tax_category: priced.tax.category,
        tax_rate: priced.tax.rate,
        order_line: draft.order_line.clone(),
        accounting: draft.accounting.clone(),
        period_start: draft.period_start,
        period_end: draft.period_end,
        revenue_account: priced.revenue_account,
    })
}

fn own(said: &Code, otherwise: Option<&Code>) -> Code {
    if said.is_empty() { otherwise.cloned().unwrap_or_default() } else { said.clone() }
}

/// The standard number with its scheme (BT-157), which it needs (BR-64).
fn standard(draft: &LineDraft, item: Option<&Item>) -> Result<(Code, Code)> {
    let number = own(&draft.standard_id, item.map(|item| &item.standard_id));
    if number.is_empty() {
        return Ok((number, Code::default()));
    }
    crate::identity::api::iso6523(&draft.standard_scheme)
        .map_err(|_| Error::invalid("party.scheme").arg("value", &draft.standard_scheme).field("standard_scheme"))?;
    let scheme = if draft.standard_scheme.is_empty() { Code::new(GTIN)? } else { draft.standard_scheme.clone() };
    Ok((number, scheme))
}

fn origin(draft: &LineDraft, item: Option<&Item>) -> Result<Code> {
    if draft.origin.is_empty() {
        return Ok(item.map(|item| item.origin_country.clone()).unwrap_or_default());
    }
    crate::identity::api::country(&draft.origin).map_err(|_| Error::invalid("country.unknown").arg("value", &draft.origin).field("origin"))
}

/// A price as typed, or what is left of a price with VAT.
fn without_tax(input: &LineInput, price: Price) -> Result<Price> {
    if input.includes_tax { price.times_ratio(100_000_000, 100_000_000 + input.tax.rate.micros()) } else { Ok(price) }
}

/// Gross price and discount without VAT: net price = gross price − discount (BT-146 = BT-148 − BT-147).
fn gross(priced: &Priced, net: Price) -> Result<(Option<Price>, Option<Price>)> {
    let Some(gross) = priced.gross_price else { return Ok((None, None)) };
    let gross = without_tax(&priced.input, gross)?;
    let discount = gross.minus(net)?;
    Ok((Some(gross), (!discount.is_zero()).then_some(discount)))
}
