//! Allowances and charges: of the document (BG-20, BG-21), spread over the taxes of its lines, and of lines
//! (BG-27, BG-28).

use super::key;
use crate::billing::draft::{AdjustmentDraft, Draft, LineDraft};
use crate::billing::model::{Adjustment, Header};
use crate::billing::price::{Priced, Pricer, adjustment};
use crate::billing::totals::{self, Input, LineTotal, Totals};
use crate::shared::error::Result;
use crate::shared::{Code, Id, Minor};
use crate::tax::Determined;

/// "Discount" of UNTDID 5189: why a percentage is taken off a line when nobody says.
const DISCOUNT: &str = "95";

/// A document adjustment with its VAT, ready for the totals.
pub struct Spread<'a> {
    draft: &'a AdjustmentDraft,
    /// Whether it adds.
    pub charge: bool,
    /// How much.
    pub amount: Minor,
    base: Option<Minor>,
    /// Its VAT.
    pub tax: Determined,
}

/// What falls on one tax: the amount, and what a percentage was taken of.
type Part = (Determined, Minor, Option<Minor>);

/// The document's allowances and charges, each with one VAT: those without a tax of their own are
/// spread over the taxes of the lines, in proportion to their nets.
pub fn spread_all<'a>(draft: &'a Draft, pricer: &Pricer, priced: &[Priced], input: &Input) -> Result<Vec<Spread<'a>>> {
    let mut all = Vec::new();
    if draft.allowances.is_empty() && draft.charges.is_empty() {
        return Ok(all);
    }
    let lines = totals::compute(input)?;
    let groups = groups(priced, &lines)?;
    for (list, charge, name) in [(&draft.allowances, false, "allowances"), (&draft.charges, true, "charges")] {
        for (place, one) in list.iter().enumerate() {
            let parts = parts(one, charge, pricer, &groups, lines.lines_net).map_err(|e| e.within(format!("{name}[{place}]")))?;
            all.extend(parts.into_iter().map(|(tax, amount, base)| Spread { draft: one, charge, amount, base, tax }));
        }
    }
    Ok(all)
}

/// The nets of the lines by tax.
fn groups(priced: &[Priced], lines: &Totals) -> Result<Vec<(Determined, Minor)>> {
    let mut groups: Vec<(Determined, Minor)> = Vec::new();
    for (line, total) in priced.iter().zip(&lines.lines) {
        match groups.iter_mut().find(|(tax, _)| key(tax) == key(&line.tax)) {
            Some((_, net)) => *net = net.plus(total.net)?,
            None => groups.push((line.tax.clone(), total.net)),
        }
    }
    Ok(groups)
}

fn parts(one: &AdjustmentDraft, charge: bool, pricer: &Pricer, groups: &[(Determined, Minor)], lines_net: Minor) -> Result<Vec<Part>> {
    let parsed = adjustment(one, charge)?;
    if let Some(code) = &one.tax {
        let base = one.percent.map(|_| one.base.unwrap_or(lines_net));
        let amount = match (one.percent, base) {
            (Some(percent), Some(base)) => base.percent(percent)?,
            _ => parsed.amount,
        };
        return Ok(vec![(pricer.tax_by_code(code)?, amount, base)]);
    }
    let nets = || groups.iter().map(|(_, net)| net.units()).collect::<Vec<_>>();
    let amounts: Vec<(Minor, Option<Minor>)> = match one.percent {
        Some(percent) => {
            let bases = match one.base {
                Some(base) => base.allocate(&nets())?,
                None => groups.iter().map(|(_, net)| *net).collect(),
            };
            bases.into_iter().map(|base| Ok((base.percent(percent)?, Some(base)))).collect::<Result<_>>()?
        }
        None => parsed.amount.allocate(&nets())?.into_iter().map(|amount| (amount, None)).collect(),
    };
    let parts = groups.iter().zip(amounts).filter(|(_, (amount, _))| !amount.is_zero());
    Ok(parts.map(|((tax, _), (amount, base))| (tax.clone(), amount, base)).collect())
}

/// The rows of the document's own allowances and charges.
pub fn of_document(document: Id<Header>, spread: &[Spread<'_>]) -> Vec<Adjustment> {
    let rows = (1_i64..).zip(spread).map(|(n, s)| Adjustment {
        document,
        line: 0,
        n,
        charge: s.charge,
        amount: s.amount,
        base: s.base,
        percent: s.draft.percent,
        reason: s.draft.reason.clone(),
        reason_code: s.draft.reason_code.clone(),
        tax: Some(s.tax.tax),
        tax_category: s.tax.category,
        tax_rate: s.tax.rate,
    });
    rows.collect()
}

/// The rows of a line's allowances and charges.
pub fn of_line(document: Id<Header>, line: i64, draft: &LineDraft, priced: &Priced, total: &LineTotal) -> Vec<Adjustment> {
    let percent_only = AdjustmentDraft { percent: draft.allowance_percent, reason_code: Code::fitted(DISCOUNT), ..AdjustmentDraft::default() };
    let drafts: Vec<&AdjustmentDraft> =
        draft.allowance_percent.iter().filter(|p| !p.is_zero()).map(|_| &percent_only).chain(&draft.allowances).chain(&draft.charges).collect();
    let rows = (1_i64..).zip(drafts.iter().zip(&priced.input.adjustments).zip(&total.adjustments)).map(|(n, ((from, input), amount))| Adjustment {
        document,
        line,
        n,
        charge: input.charge,
        amount: *amount,
        base: from.percent.map(|_| from.base.unwrap_or(total.goods)),
        percent: from.percent,
        reason: from.reason.clone(),
        reason_code: from.reason_code.clone(),
        tax: None,
        tax_category: priced.tax.category,
        tax_rate: priced.tax.rate,
    });
    rows.collect()
}
