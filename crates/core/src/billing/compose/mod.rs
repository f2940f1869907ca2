//! From a draft to a document: prices, VAT, totals, everybody frozen. Pure but for reading.

mod adjustments;
mod details;
mod head;
mod lines;
mod people;

pub use details::precede;

use super::document::Document;
use super::draft::Draft;
use super::model::{Header, TaxLine};
use super::post::convert;
use super::price::{Priced, Pricer};
use super::totals::{self, Input, TaxKey, Totals};
use crate::db::Tx;
use crate::identity::Company;
use crate::shared::error::{Error, Kind as ErrorKind, Result};
use crate::shared::{Context, Id, Minor};
use crate::tax::{Category, Determined, Determiner};
use adjustments::Spread;
use people::People;

/// Makes the document `id` of a draft.
pub fn compose(tx: &mut Tx<'_>, cx: &Context, draft: &Draft, id: Id<Header>) -> Result<Document> {
    if draft.lines.is_empty() {
        return Err(Error::invalid("document.no_lines").field("lines"));
    }
    let company = crate::identity::api::company(tx)?;
    let party = crate::parties::api::resolve(tx, draft.party).map_err(|e| e.field("party"))?;
    if party.archived {
        return Err(Error::new(ErrorKind::State, "party.archived").arg("name", &party.name).field("party"));
    }
    let people = People::gather(tx, draft, &company, &party)?;
    let mut header = head::head(tx, cx, draft, id, &people)?;
    let mut pricer = pricer(tx, draft, &header, &people)?;
    pricer.price_list = party.price_list.map(Id::cast);
    let mut priced = Vec::with_capacity(draft.lines.len());
    for (place, line) in draft.lines.iter().enumerate() {
        priced.push(pricer.price(tx, line).map_err(|e| e.within(format!("lines[{place}]")))?);
    }
    let mut input = Input {
        lines: priced.iter().map(|line| line.input.clone()).collect(),
        adjustments: Vec::new(),
        prepaid: draft.prepaid.unwrap_or_default(),
        rounding: draft.rounding.unwrap_or_default(),
        digits: header.currency.digits(),
        tax_rounding: company.tax_rounding,
    };
    let spread = adjustments::spread_all(draft, &pricer, &priced, &input)?;
    input.adjustments = spread.iter().map(|s| (totals::Adjustment { charge: s.charge, amount: s.amount, percent: None }, key(&s.tax))).collect();
    let totals = totals::compute(&input)?;
    fill(&mut header, &totals);
    let mut document = assemble(draft, header, &people, priced, &spread, &totals)?;
    document.files = details::files(tx, cx, draft, id)?;
    account_tax(draft, &company, &mut document)?;
    if let Some(before) = draft.preceding {
        let before: Header = tx.get(crate::vals![before]).map_err(|e| e.field("preceding"))?;
        precede(&mut document, &before)?;
    }
    Ok(document)
}

fn key(tax: &Determined) -> TaxKey {
    TaxKey { category: tax.category, rate: tax.rate }
}

fn pricer(tx: &mut Tx<'_>, draft: &Draft, header: &Header, people: &People) -> Result<Pricer> {
    let date = draft.tax_point_date.or(draft.delivery_date).unwrap_or(header.issue_date);
    let home = &people.company.country;
    let foreign = crate::parties::api::foreign_eu_vat_id(&people.buyer.vat_id, home, date);
    Ok(Pricer::new(Determiner::load(tx)?, home.clone(), header.country.clone(), foreign, date, header.currency))
}

fn fill(header: &mut Header, totals: &Totals) {
    header.lines_net = totals.lines_net;
    header.allowances = totals.allowances;
    header.charges = totals.charges;
    header.net = totals.net;
    header.tax = totals.tax;
    header.gross = totals.gross;
    header.prepaid = totals.prepaid;
    header.rounding = totals.rounding;
    header.payable = totals.payable;
}

fn assemble(draft: &Draft, header: Header, people: &People, priced: Vec<Priced>, spread: &[Spread<'_>], totals: &Totals) -> Result<Document> {
    let id = header.id;
    let tax_rows = tax_rows(id, totals, &priced, spread);
    let within_union = tax_rows.iter().any(|row| row.category == Category::IntraCommunity);
    let parties = people.freeze(id, &header.country, within_union)?;
    let mut rows = adjustments::of_document(id, spread);
    let mut details = details::of_document(draft, id, &people.company)?;
    let mut lines = Vec::with_capacity(priced.len());
    for (n, ((draft, priced), total)) in (1_i64..).zip(draft.lines.iter().zip(priced).zip(&totals.lines)) {
        let at = |e: Error| e.within(format!("lines[{}]", n - 1));
        rows.extend(adjustments::of_line(id, n, draft, &priced, total));
        details.extend(details::of_line(id, n, draft).map_err(at)?);
        lines.push(lines::line(id, n, draft, priced, total.net).map_err(at)?);
    }
    Ok(Document { header, lines, adjustments: rows, tax_rows, parties, details, identifiers: people.identifiers(id), files: Vec::new() })
}

fn tax_rows(document: Id<Header>, totals: &Totals, priced: &[Priced], spread: &[Spread<'_>]) -> Vec<TaxLine> {
    let taxes = || priced.iter().map(|line| &line.tax).chain(spread.iter().map(|s| &s.tax));
    let rows = totals.tax_rows.iter().filter_map(|row| {
        let tax = taxes().find(|tax| key(tax) == row.key)?;
        Some(TaxLine {
            document,
            category: row.key.category,
            rate: row.key.rate,
            base: row.base,
            tax: row.tax,
            code: tax.code.clone(),
            name: tax.name.clone(),
            exemption_code: tax.exemption_code.clone(),
            exemption_text: tax.exemption_text.clone(),
        })
    });
    rows.collect()
}

/// VAT in the currency it is accounted in (BT-6, BT-111): the company's, where the document's is another,
/// unless the draft names one. Converted row by row, as the ledger enters it.
fn account_tax(draft: &Draft, company: &Company, document: &mut Document) -> Result<()> {
    let header = &mut document.header;
    let currency = draft.tax_currency.or((header.currency != company.currency).then_some(company.currency));
    let Some(currency) = currency else { return Ok(()) };
    if currency == header.currency {
        return Err(Error::invalid("document.tax_currency").arg("currency", currency).field("tax_currency"));
    }
    let amount = match draft.tax_in_currency {
        Some(amount) => amount,
        None if currency == company.currency => {
            let rows = document.tax_rows.iter().map(|row| convert(row.tax, header.exchange_rate, header.currency.digits(), currency.digits()));
            Minor::sum(rows.collect::<Result<Vec<_>>>()?)?
        }
        None => return Err(Error::invalid("document.tax_in_currency").arg("currency", currency).field("tax_in_currency")),
    };
    header.tax_currency = Some(currency);
    header.tax_in_currency = Some(amount);
    Ok(())
}
