//! From a draft to a document: prices, VAT, totals, everybody frozen. Pure but for reading.

use super::document::Document;
use super::draft::{AdjustmentDraft, Draft};
use super::freeze;
use super::model::{Adjustment, Detail, DetailKind, Header, Kind, Line, State, TaxLine};
use super::price::{Priced, Pricer, adjustment};
use super::totals::{self, Input, TaxKey, Totals};
use crate::db::Tx;
use crate::identity::Company;
use crate::parties::api::FrozenParty;
use crate::shared::error::{Error, Kind as ErrorKind, Result};
use crate::shared::{Code, Context, Currency, Date, Id, Minor, Name, Note, Rate};
use crate::tax::{Determined, Determiner};

/// Template that documents are printed with from now on.
const TEMPLATE: &str = "classic-1";

/// A document adjustment with its VAT, ready for the totals.
struct Spread<'a> {
    draft: &'a AdjustmentDraft,
    charge: bool,
    amount: Minor,
    tax: Determined,
}

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
    let buyer = crate::parties::api::freeze(tx, &party)?;
    let mut header = head(cx, draft, id, &company, &buyer, &party)?;
    let mut pricer = pricer(tx, draft, &header, &company, &buyer)?;
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
    let spread = spread_all(draft, &pricer, &priced, &input)?;
    input.adjustments = spread.iter().map(|s| (totals::Adjustment { charge: s.charge, amount: s.amount, percent: None }, key(&s.tax))).collect();
    let totals = totals::compute(&input)?;
    fill(&mut header, &totals);
    let mut document = assemble(draft, header, &company, &buyer, priced, &spread, &totals)?;
    if let Some(before) = draft.preceding {
        let before: Header = tx.get(crate::vals![before]).map_err(|e| e.field("preceding"))?;
        precede(&mut document, &before)?;
    }
    Ok(document)
}

fn key(tax: &Determined) -> TaxKey {
    TaxKey { category: tax.category, rate: tax.rate }
}

fn pricer(tx: &mut Tx<'_>, draft: &Draft, header: &Header, company: &Company, buyer: &FrozenParty) -> Result<Pricer> {
    let date = draft.tax_point_date.or(draft.delivery_date).unwrap_or(header.issue_date);
    let foreign = crate::parties::api::foreign_eu_vat_id(&buyer.vat_id, &company.country, date);
    Ok(Pricer::new(Determiner::load(tx)?, company.country.clone(), header.country.clone(), foreign, date, header.currency))
}

fn head(cx: &Context, draft: &Draft, id: Id<Header>, company: &Company, buyer: &FrozenParty, party: &crate::parties::Party) -> Result<Header> {
    let issue_date = draft.issue_date.map_or_else(|| cx.today(), Ok)?;
    let currency = draft.currency.or(party.currency).unwrap_or(company.currency);
    let exchange_rate = match draft.exchange_rate {
        _ if currency == company.currency => Rate::ONE,
        Some(rate) if rate > Rate::ZERO => rate,
        _ => return Err(Error::invalid("document.exchange_rate").arg("currency", currency).arg("base", company.currency).field("exchange_rate")),
    };
    let due_date = match draft.due_date {
        Some(date) => Some(date),
        None => Some(crate::parties::api::due(party, issue_date)?),
    };
    check_dates(draft, issue_date, due_date)?;
    let country = match &draft.delivery_country {
        Some(text) => crate::identity::api::country(text).map_err(|e| e.field("delivery_country"))?,
        None => buyer.country.clone(),
    };
    let type_code = draft.type_code.clone().map_or_else(|| Code::new(if draft.kind == Kind::Invoice { "380" } else { "381" }), Ok)?;
    let blank = blank(id, party.id, issue_date, currency)?;
    Ok(Header {
        kind: draft.kind,
        type_code,
        party_name: buyer.name.clone(),
        country,
        accounting_date: draft.accounting_date.unwrap_or(issue_date),
        tax_point_date: draft.tax_point_date,
        due_date,
        delivery_date: draft.delivery_date,
        period_start: draft.period_start,
        period_end: draft.period_end,
        exchange_rate,
        buyer_reference: draft.buyer_reference.clone(),
        project: draft.project.clone(),
        contract: draft.contract.clone(),
        order_reference: draft.order_reference.clone(),
        sales_order: draft.sales_order.clone(),
        despatch_advice: draft.despatch_advice.clone(),
        payment_terms: draft.payment_terms.clone(),
        payment_means: draft.payment_means.clone().map_or_else(|| Code::new(if company.iban.is_empty() { "30" } else { "58" }), Ok)?,
        language: language(draft, buyer, company)?,
        moves_stock: draft.moves_stock.unwrap_or(true),
        imported: draft.imported_number.is_some(),
        recorded_at: cx.now,
        ..blank
    })
}

/// A head that says nothing yet.
fn blank(id: Id<Header>, party: Id<crate::parties::Party>, issue_date: Date, currency: Currency) -> Result<Header> {
    Ok(Header {
        id,
        kind: Kind::Invoice,
        type_code: Code::default(),
        state: State::Draft,
        number: Name::default(),
        party,
        party_name: Name::default(),
        country: Code::default(),
        issue_date,
        accounting_date: issue_date,
        tax_point_date: None,
        tax_point_code: Code::default(),
        due_date: None,
        delivery_date: None,
        period_start: None,
        period_end: None,
        currency,
        exchange_rate: Rate::ONE,
        tax_currency: None,
        tax_in_currency: None,
        buyer_reference: Name::default(),
        project: Name::default(),
        contract: Name::default(),
        order_reference: Name::default(),
        sales_order: Name::default(),
        receipt_advice: Name::default(),
        despatch_advice: Name::default(),
        tender: Name::default(),
        object_id: Name::default(),
        object_scheme: Code::default(),
        buyer_accounting: Name::default(),
        payment_terms: Note::default(),
        process: Name::default(),
        profile: Name::default(),
        payment_means: Code::default(),
        payment_text: Name::default(),
        remittance: Name::default(),
        card_number: Code::default(),
        card_holder: Name::default(),
        mandate: Name::default(),
        creditor_id: Name::default(),
        debtor_account: Code::default(),
        lines_net: Minor::ZERO,
        allowances: Minor::ZERO,
        charges: Minor::ZERO,
        net: Minor::ZERO,
        tax: Minor::ZERO,
        gross: Minor::ZERO,
        prepaid: Minor::ZERO,
        rounding: Minor::ZERO,
        payable: Minor::ZERO,
        language: Code::default(),
        template: Code::new(TEMPLATE)?,
        moves_stock: true,
        imported: false,
        reverses: None,
        entry: None,
        content_hash: Code::default(),
        recorded_at: crate::shared::Instant::from_millis(0),
    })
}

fn check_dates(draft: &Draft, issued: Date, due: Option<Date>) -> Result<()> {
    if due.is_some_and(|due| due < issued) {
        return Err(Error::invalid("document.due_before_issue").field("due_date"));
    }
    if let (Some(start), Some(end)) = (draft.period_start, draft.period_end)
        && end < start
    {
        return Err(Error::invalid("document.period").field("period_end"));
    }
    Ok(())
}

/// The language it is printed in: the draft's, the customer's, else the company's country's.
fn language(draft: &Draft, buyer: &FrozenParty, company: &Company) -> Result<Code> {
    if let Some(language) = &draft.language {
        return Ok(language.clone());
    }
    if !buyer.language.is_empty() {
        return Ok(buyer.language.clone());
    }
    Code::new(match company.country.as_str() {
        "DE" | "AT" => "de",
        "FR" => "fr",
        _ => "en",
    })
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

/// The document's allowances and charges, each with one VAT: those without a tax of their own are
/// spread over the taxes of the lines, in proportion to their nets.
fn spread_all<'a>(draft: &'a Draft, pricer: &Pricer, priced: &[Priced], input: &Input) -> Result<Vec<Spread<'a>>> {
    let mut all = Vec::new();
    if draft.allowances.is_empty() && draft.charges.is_empty() {
        return Ok(all);
    }
    let lines = totals::compute(input)?;
    for (list, charge, name) in [(&draft.allowances, false, "allowances"), (&draft.charges, true, "charges")] {
        for (place, one) in list.iter().enumerate() {
            let at = |e: Error| e.within(format!("{name}[{place}]"));
            let parsed = adjustment(one, charge).map_err(at)?;
            let parts = match &one.tax {
                Some(code) => vec![(pricer.tax_by_code(code).map_err(at)?, parsed.percent.map_or(Ok(parsed.amount), |p| lines.lines_net.percent(p))?)],
                None => spread_one(&parsed, priced, &lines).map_err(at)?,
            };
            all.extend(parts.into_iter().map(|(tax, amount)| Spread { draft: one, charge, amount, tax }));
        }
    }
    Ok(all)
}

fn spread_one(parsed: &totals::Adjustment, priced: &[Priced], lines: &Totals) -> Result<Vec<(Determined, Minor)>> {
    let mut groups: Vec<(Determined, Minor)> = Vec::new();
    for (line, total) in priced.iter().zip(&lines.lines) {
        match groups.iter_mut().find(|(tax, _)| key(tax) == key(&line.tax)) {
            Some((_, net)) => *net = net.plus(total.net)?,
            None => groups.push((line.tax.clone(), total.net)),
        }
    }
    let amounts = match parsed.percent {
        Some(percent) => groups.iter().map(|(_, net)| net.percent(percent)).collect::<Result<Vec<_>>>()?,
        None => parsed.amount.allocate(&groups.iter().map(|(_, net)| net.units()).collect::<Vec<_>>())?,
    };
    Ok(groups.into_iter().map(|(tax, _)| tax).zip(amounts).filter(|(_, amount)| !amount.is_zero()).collect())
}

fn assemble(
    draft: &Draft,
    header: Header,
    company: &Company,
    buyer: &FrozenParty,
    priced: Vec<Priced>,
    spread: &[Spread<'_>],
    totals: &Totals,
) -> Result<Document> {
    let id = header.id;
    let mut parties = vec![freeze::seller(id, company), freeze::buyer(id, buyer)?];
    if draft.delivery_country.is_some() && header.country != buyer.country {
        parties.push(freeze::deliver_to(id, buyer, &header.country));
    }
    let tax_rows = tax_rows(id, totals, &priced, spread);
    let mut adjustments = document_adjustments(id, spread);
    let mut lines = Vec::with_capacity(priced.len());
    for (n, ((draft, priced), total)) in (1_i64..).zip(draft.lines.iter().zip(priced).zip(&totals.lines)) {
        adjustments.extend(line_adjustments(id, n, draft, &priced, total));
        lines.push(line(id, n, draft, priced, total.net)?);
    }
    let details = details(draft, &header, company)?;
    Ok(Document { header, lines, adjustments, tax_rows, parties, details })
}

fn line(document: Id<Header>, n: i64, draft: &super::draft::LineDraft, priced: Priced, net: Minor) -> Result<Line> {
    let item = priced.item.as_ref();
    let standard_id = item.map(|item| item.standard_id.clone()).unwrap_or_default();
    Ok(Line {
        document,
        n,
        item: item.map(|item| item.id),
        item_code: item.map(|item| item.code.clone()).unwrap_or_default(),
        buyer_code: Code::default(),
        standard_scheme: if standard_id.is_empty() { Code::default() } else { Code::new("0160")? },
        standard_id,
        name: priced.name,
        description: priced.description,
        note: draft.note.clone(),
        object_id: Name::default(),
        object_scheme: Code::default(),
        quantity: priced.quantity,
        unit: priced.unit,
        base_quantity: priced.base_quantity,
        price: net_price(&priced.input)?,
        price_base: priced.input.price_base,
        gross_price: None,
        price_discount: None,
        entered_price: priced.input.price,
        includes_tax: priced.input.includes_tax,
        price_row: priced.price_row,
        net,
        tax: priced.tax.tax,
        tax_code: priced.tax.code,
        tax_category: priced.tax.category,
        tax_rate: priced.tax.rate,
        order_line: draft.order_line.clone(),
        accounting: Name::default(),
        period_start: draft.period_start,
        period_end: draft.period_end,
        origin: item.map(|item| item.origin_country.clone()).unwrap_or_default(),
        revenue_account: priced.revenue_account,
    })
}

/// The net price (BT-146): as typed, or what is left of a price with VAT.
fn net_price(input: &totals::LineInput) -> Result<crate::shared::Price> {
    if !input.includes_tax {
        return Ok(input.price);
    }
    input.price.times_ratio(100_000_000, 100_000_000 + input.tax.rate.micros())
}

fn document_adjustments(document: Id<Header>, spread: &[Spread<'_>]) -> Vec<Adjustment> {
    let rows = (1_i64..).zip(spread).map(|(n, s)| Adjustment {
        document,
        line: 0,
        n,
        charge: s.charge,
        amount: s.amount,
        base: None,
        percent: s.draft.percent,
        reason: s.draft.reason.clone(),
        reason_code: s.draft.reason_code.clone(),
        tax: Some(s.tax.tax),
        tax_category: s.tax.category,
        tax_rate: s.tax.rate,
    });
    rows.collect()
}

fn line_adjustments(document: Id<Header>, line: i64, draft: &super::draft::LineDraft, priced: &Priced, total: &totals::LineTotal) -> Vec<Adjustment> {
    let percent_only = AdjustmentDraft { percent: draft.allowance_percent, ..AdjustmentDraft::default() };
    let drafts: Vec<&AdjustmentDraft> =
        draft.allowance_percent.iter().filter(|p| !p.is_zero()).map(|_| &percent_only).chain(&draft.allowances).chain(&draft.charges).collect();
    let rows = (1_i64..).zip(drafts.iter().zip(&priced.input.adjustments).zip(&total.adjustments)).map(|(n, ((from, input), amount))| Adjustment {
        document,
        line,
        n,
        charge: input.charge,
        amount: *amount,
        base: None,
        percent: from.percent,
        reason: from.reason.clone(),
        reason_code: from.reason_code.clone(),
        tax: None,
        tax_category: priced.tax.category,
        tax_rate: priced.tax.rate,
    });
    rows.collect()
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

fn details(draft: &Draft, header: &Header, company: &Company) -> Result<Vec<Detail>> {
    let detail = |kind, code: &str, text: &str, extra: &str| -> Result<Detail> {
        Ok(Detail { document: header.id, kind, line: 0, n: 1, code: Name::new(code)?, text: Note::new(text)?, extra: Name::new(extra)?, subject: None })
    };
    let mut details = Vec::new();
    if !draft.note.is_empty() {
        details.push(detail(DetailKind::Note, "", &draft.note, "")?);
    }
    if !company.iban.is_empty() {
        details.push(detail(DetailKind::Account, &company.iban, &company.bank_name, &company.bic)?);
    }
    Ok(details)
}

/// Adds what a credit note says of the invoice it is about (BG-3).
pub fn precede(document: &mut Document, before: &Header) -> Result<()> {
    document.details.push(Detail {
        document: document.header.id,
        kind: DetailKind::Preceding,
        line: 0,
        n: 1,
        code: before.number.clone(),
        text: Note::new(&before.issue_date.to_string())?,
        extra: Name::default(),
        subject: Some(before.id.cast()),
    });
    Ok(())
}
