//! The head of a document: dates, currency, references, payment.

use super::people::People;
use crate::billing::draft::{Draft, PaymentDraft};
use crate::billing::model::{Header, Kind, State};
use crate::db::Tx;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Currency, Date, Id, Instant, Minor, Name, Note, Rate};

/// Template that documents are printed with from now on.
const TEMPLATE: &str = "classic-1";

/// The events that may make the tax point: issue, delivery, payment (BT-8, UNTDID 2005, rule BR-CL-06).
const TAX_POINTS: &[&str] = &["3", "35", "432"];

/// The head that a draft makes, without its totals.
pub fn head(tx: &mut Tx<'_>, cx: &Context, draft: &Draft, id: Id<Header>, people: &People) -> Result<Header> {
    let issue_date = draft.issue_date.map_or_else(|| cx.today(), Ok)?;
    let currency = draft.currency.or(people.party.currency).unwrap_or(people.company.currency);
    let due_date = match draft.due_date {
        Some(date) => Some(date),
        None => Some(crate::parties::api::due(&people.party, issue_date)?),
    };
    check_dates(draft, issue_date, due_date)?;
    check_tax_point(draft)?;
    let exchange_rate = exchange_rate(tx, draft, issue_date, currency, people.company.currency)?;
    let references = references(draft, blank(id, people.party.id, issue_date, currency)?);
    let header = pay(draft, people, references)?;
    Ok(Header {
        kind: draft.kind,
        type_code: draft.type_code.clone().map_or_else(|| Code::new(if draft.kind == Kind::Invoice { "380" } else { "381" }), Ok)?,
        party_name: people.buyer.name.clone(),
        country: people.country.clone(),
        accounting_date: draft.accounting_date.unwrap_or(issue_date),
        tax_point_date: draft.tax_point_date,
        tax_point_code: draft.tax_point_code.clone().unwrap_or_default(),
        due_date,
        delivery_date: draft.delivery_date,
        period_start: draft.period_start,
        period_end: draft.period_end,
        exchange_rate,
        language: language(draft, people)?,
        moves_stock: draft.moves_stock.unwrap_or(true),
        imported: draft.imported_number.is_some(),
        recorded_at: cx.now,
        ..header
    })
}

/// Base currency per unit of the document's: the draft's, else the one kept for its date.
fn exchange_rate(tx: &mut Tx<'_>, draft: &Draft, date: Date, currency: Currency, base: Currency) -> Result<Rate> {
    match draft.exchange_rate {
        _ if currency == base => Ok(Rate::ONE),
        Some(rate) if rate > Rate::ZERO => Ok(rate),
        Some(_) => Err(Error::invalid("document.exchange_rate").arg("currency", currency).arg("base", base).field("exchange_rate")),
        None => crate::ledger::api::rate_on(tx, currency, date).map_err(|e| e.field("exchange_rate")),
    }
}

/// What both sides refer to (BT-10 to BT-19), process and specification (BT-23, 24).
fn references(draft: &Draft, blank: Header) -> Header {
    Header {
        buyer_reference: draft.buyer_reference.clone(),
        project: draft.project.clone(),
        contract: draft.contract.clone(),
        order_reference: draft.order_reference.clone(),
        sales_order: draft.sales_order.clone(),
        receipt_advice: draft.receipt_advice.clone(),
        despatch_advice: draft.despatch_advice.clone(),
        tender: draft.tender.clone(),
        object_id: draft.object_id.clone(),
        object_scheme: draft.object_scheme.clone(),
        buyer_accounting: draft.buyer_accounting.clone(),
        process: draft.process.clone(),
        profile: draft.profile.clone(),
        ..blank
    }
}

/// Terms and means of payment (BT-20, BG-16). With an account to pay to the means is a SEPA credit
/// transfer (58), without one it is not defined (1): BR-61 wants an account for a transfer.
fn pay(draft: &Draft, people: &People, header: Header) -> Result<Header> {
    let silent = PaymentDraft::default();
    let payment = draft.payment.as_ref().unwrap_or(&silent);
    let has_account = !payment.accounts.is_empty() || !people.company.iban.is_empty();
    Ok(Header {
        payment_terms: draft.payment_terms.clone(),
        payment_means: draft.payment_means.clone().map_or_else(|| Code::new(if has_account { "58" } else { "1" }), Ok)?,
        payment_text: payment.text.clone(),
        remittance: payment.remittance.clone(),
        card_number: payment.card_number.clone(),
        card_holder: payment.card_holder.clone(),
        mandate: payment.mandate.clone(),
        creditor_id: payment.creditor_id.clone(),
        debtor_account: payment.debtor_account.clone(),
        ..header
    })
}

fn check_dates(draft: &Draft, issued: Date, due: Option<Date>) -> Result<()> {
    if due.is_some_and(|due| due < issued) {
        return Err(Error::invalid("document.due_before_issue").field("due_date"));
    }
    check_period(draft.period_start, draft.period_end)
}

/// `document.period` for a period that ends before it begins (BR-29, BR-30).
pub fn check_period(start: Option<Date>, end: Option<Date>) -> Result<()> {
    match (start, end) {
        (Some(start), Some(end)) if end < start => Err(Error::invalid("document.period").field("period_end")),
        _ => Ok(()),
    }
}

/// The tax point is a date (BT-7) or an event (BT-8), not both (BR-CO-03).
fn check_tax_point(draft: &Draft) -> Result<()> {
    let Some(code) = draft.tax_point_code.as_deref().filter(|code| !code.is_empty()) else { return Ok(()) };
    if draft.tax_point_date.is_some() {
        return Err(Error::invalid("document.tax_point_twice").field("tax_point_code"));
    }
    if TAX_POINTS.contains(&code) { Ok(()) } else { Err(Error::invalid("document.tax_point_code").arg("value", code).field("tax_point_code")) }
}

/// The language it is printed in: the draft's, the customer's, else the company's country's.
fn language(draft: &Draft, people: &People) -> Result<Code> {
    if let Some(language) = &draft.language {
        return Ok(language.clone());
    }
    if !people.buyer.language.is_empty() {
        return Ok(people.buyer.language.clone());
    }
    Code::new(match people.company.country.as_str() {
        "DE" | "AT" => "de",
        "FR" => "fr",
        _ => "en",
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
        recorded_at: Instant::from_millis(0),
    })
}
