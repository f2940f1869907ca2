//! The totals of a document, by EN 16931: one function for quote, order, invoice, bill, credit note and
//! quick sale. Pure: figures in, figures out.
//!
//! 1. line net (BT-131) = round(quantity × price ÷ price base) − allowances + charges, each rounded;
//! 2. document allowances and charges carry their own VAT category and rate;
//! 3. VAT (BT-117) = round(base × rate) once per category and rate, or per line where a country wants it;
//! 4. payable (BT-115) = net + VAT − prepaid + rounding.
//!
//! A price may include VAT. Then the gross is the anchor: per category and rate, net = round(gross ÷
//! (1 + rate)) and VAT = gross − net, spread over the lines by largest remainder.

use std::collections::BTreeMap;

use crate::identity::TaxRounding;
use crate::shared::error::{Error, Result};
use crate::shared::{Minor, Price, Quantity, Rate};
use crate::tax::Category;

/// What VAT is computed on: one row of BG-23.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct TaxKey {
    /// VAT category (BT-118).
    pub category: Category,
    /// VAT rate in percent (BT-119).
    pub rate: Rate,
}

/// An allowance (BG-27, BG-20) or a charge (BG-28, BG-21).
#[derive(Clone, Copy, Debug)]
pub struct Adjustment {
    /// Whether it adds.
    pub charge: bool,
    /// The amount, when fixed (BT-136/141).
    pub amount: Minor,
    /// The percentage it came from (BT-138/143), then the amount is computed.
    pub percent: Option<Rate>,
}

/// One line, as priced.
#[derive(Clone, Debug)]
pub struct LineInput {
    /// Invoiced quantity (BT-129).
    pub quantity: Quantity,
    /// Price (BT-146), or the price with VAT.
    pub price: Price,
    /// How many units the price is for (BT-149).
    pub price_base: Quantity,
    /// Allowances and charges of the line.
    pub adjustments: Vec<Adjustment>,
    /// Its VAT.
    pub tax: TaxKey,
    /// Whether the price includes VAT.
    pub includes_tax: bool,
}

/// Everything the totals follow from.
#[derive(Clone, Debug)]
pub struct Input {
    /// The lines.
    pub lines: Vec<LineInput>,
    /// Allowances and charges of the document, with their VAT.
    pub adjustments: Vec<(Adjustment, TaxKey)>,
    /// Already paid (BT-113).
    pub prepaid: Minor,
    /// Rounding of what is to be paid (BT-114).
    pub rounding: Minor,
    /// Minor-unit digits of the currency.
    pub digits: u32,
    /// Where VAT is rounded.
    pub tax_rounding: TaxRounding,
}

/// A row of the VAT breakdown (BG-23).
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct TaxRow {
    /// Category and rate.
    #[serde(flatten)]
    pub key: TaxKey,
    /// Taxable base (BT-116).
    pub base: Minor,
    /// VAT (BT-117).
    pub tax: Minor,
}

/// The totals of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineTotal {
    /// Net (BT-131).
    pub net: Minor,
    /// Quantity × price, before allowances and charges: what percentages are of (BT-137, BT-142).
    pub goods: Minor,
    /// Its allowances and charges, in order, computed.
    pub adjustments: Vec<Minor>,
}

/// All totals (BG-22), the VAT breakdown, and the lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    /// Per line.
    pub lines: Vec<LineTotal>,
    /// The document's allowances and charges, computed.
    pub adjustments: Vec<Minor>,
    /// Σ of line nets (BT-106).
    pub lines_net: Minor,
    /// Σ of document allowances (BT-107).
    pub allowances: Minor,
    /// Σ of document charges (BT-108).
    pub charges: Minor,
    /// Net (BT-109).
    pub net: Minor,
    /// VAT (BT-110).
    pub tax: Minor,
    /// Gross (BT-112).
    pub gross: Minor,
    /// Already paid (BT-113).
    pub prepaid: Minor,
    /// Rounding (BT-114).
    pub rounding: Minor,
    /// To be paid (BT-115).
    pub payable: Minor,
    /// The VAT breakdown, by category and rate.
    pub tax_rows: Vec<TaxRow>,
}

/// What belongs to one category and rate.
#[derive(Default)]
struct Group {
    /// Net of lines priced without VAT and of adjustments.
    net: Minor,
    /// Gross of lines priced with VAT, and which lines they are.
    gross: Minor,
    inclusive: Vec<usize>,
    /// VAT rounded line by line.
    line_tax: Minor,
}

/// Computes the totals. Errors name the line.
pub fn compute(input: &Input) -> Result<Totals> {
    let mut groups: BTreeMap<TaxKey, Group> = BTreeMap::new();
    let mut lines = Vec::with_capacity(input.lines.len());
    for (place, line) in input.lines.iter().enumerate() {
        let total = line_total(line, input.digits).map_err(|e| e.within(format!("lines[{place}]")))?;
        let group = groups.entry(line.tax).or_default();
        if line.includes_tax {
            group.gross = group.gross.plus(total.net)?;
            group.inclusive.push(place);
        } else {
            group.net = group.net.plus(total.net)?;
            group.line_tax = group.line_tax.plus(total.net.percent(line.tax.rate)?)?;
        }
        lines.push(total);
    }
    let (mut allowances, mut charges, mut adjustments) = (Minor::ZERO, Minor::ZERO, Vec::new());
    for (adjustment, key) in &input.adjustments {
        let group = groups.entry(*key).or_default();
        let signed = if adjustment.charge { adjustment.amount } else { adjustment.amount.negated() };
        group.net = group.net.plus(signed)?;
        group.line_tax = group.line_tax.plus(signed.percent(key.rate)?)?;
        let side = if adjustment.charge { &mut charges } else { &mut allowances };
        *side = side.plus(adjustment.amount)?;
        adjustments.push(adjustment.amount);
    }
    let tax_rows = groups.iter().map(|(key, group)| tax_row(*key, group, input, &mut lines)).collect::<Result<Vec<_>>>()?;
    sum_up(input, lines, adjustments, allowances, charges, tax_rows)
}

/// The net of a line; its gross while the price includes VAT.
fn line_total(line: &LineInput, digits: u32) -> Result<LineTotal> {
    if line.price_base <= Quantity::ZERO {
        return Err(Error::invalid("line.price_base").field("price_base"));
    }
    let goods = Minor::extend(line.quantity, line.price, line.price_base, digits).map_err(|e| e.field("quantity"))?;
    let (mut net, mut adjustments) = (goods, Vec::with_capacity(line.adjustments.len()));
    for adjustment in &line.adjustments {
        let amount = adjustment.percent.map_or(Ok(adjustment.amount), |percent| goods.percent(percent))?;
        net = if adjustment.charge { net.plus(amount)? } else { net.minus(amount)? };
        adjustments.push(amount);
    }
    Ok(LineTotal { net, goods, adjustments })
}

/// Base and VAT of a group; turns the gross of its inclusive lines into nets.
fn tax_row(key: TaxKey, group: &Group, input: &Input, lines: &mut [LineTotal]) -> Result<TaxRow> {
    let exclusive_tax = match input.tax_rounding {
        TaxRounding::Group => group.net.percent(key.rate)?,
        TaxRounding::Line => group.line_tax,
    };
    if group.inclusive.is_empty() {
        return Ok(TaxRow { key, base: group.net, tax: exclusive_tax });
    }
    let net = group.gross.net_of(key.rate)?;
    let weights: Vec<i64> = group.inclusive.iter().filter_map(|place| lines.get(*place)).map(|line| line.net.units()).collect();
    let nets = spread(net, &weights)?;
    for (place, net) in group.inclusive.iter().zip(nets) {
        if let Some(line) = lines.get_mut(*place) {
            line.net = net;
        }
    }
    let inclusive_tax = group.gross.minus(net)?;
    Ok(TaxRow { key, base: group.net.plus(net)?, tax: exclusive_tax.plus(inclusive_tax)? })
}

/// Spreads `net` over lines whose gross amounts are `weights`; amounts below zero keep their sign.
fn spread(net: Minor, weights: &[i64]) -> Result<Vec<Minor>> {
    let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if weights.iter().all(|w| *w >= 0) || total == 0 {
        return net.allocate(weights);
    }
    let whole = i64::try_from(total).map_err(|e| Error::invalid("money.overflow").arg("value", total).caused_by(e))?;
    let mut parts = weights.iter().map(|weight| net.share(*weight, whole)).collect::<Result<Vec<_>>>()?;
    let rest = net.minus(Minor::sum(parts.iter().copied())?)?;
    let largest = (0..parts.len()).max_by_key(|place| weights.get(*place).map(|w| w.unsigned_abs()));
    if let Some(part) = largest.and_then(|largest| parts.get_mut(largest)) {
        *part = part.plus(rest)?;
    }
    Ok(parts)
}

fn sum_up(input: &Input, lines: Vec<LineTotal>, adjustments: Vec<Minor>, allowances: Minor, charges: Minor, tax_rows: Vec<TaxRow>) -> Result<Totals> {
    let lines_net = Minor::sum(lines.iter().map(|line| line.net))?;
    let net = lines_net.minus(allowances)?.plus(charges)?;
    let tax = Minor::sum(tax_rows.iter().map(|row| row.tax))?;
    let gross = net.plus(tax)?;
    let payable = gross.minus(input.prepaid)?.plus(input.rounding)?;
    Ok(Totals { lines, adjustments, lines_net, allowances, charges, net, tax, gross, prepaid: input.prepaid, rounding: input.rounding, payable, tax_rows })
}
