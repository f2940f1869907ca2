//! The draft that says again what a posted document says: what a credit note begins with.

use super::{AccountDraft, AdjustmentDraft, AttributeDraft, ClassDraft, Draft, LineDraft, PaymentDraft};
use crate::billing::document::Document;
use crate::billing::freeze;
use crate::billing::model::{Detail, DetailKind, Header, Kind, Line, PartyRole};
use crate::shared::error::Result;
use crate::shared::{Minor, Name, Price, Quantity};

/// A draft of `kind` about the same: everybody, all references, the way of payment. Without number, dates of
/// issue and payment, lines, amounts, notes and attachments, which are the new document's own.
pub fn again(document: &Document, kind: Kind) -> Result<Draft> {
    let header = &document.header;
    let value = serde_json::json!({ "kind": kind, "party": header.party, "lines": [] });
    let blank: Draft = crate::shared::command::read_args(value)?;
    let party = |role| document.parties.iter().find(|party| party.role == role).map(freeze::again);
    Ok(Draft {
        tax_point_date: header.tax_point_date,
        tax_point_code: Some(header.tax_point_code.clone()).filter(|code| !code.is_empty()),
        delivery_date: header.delivery_date,
        delivery_country: Some(header.country.clone()),
        deliver_to: party(PartyRole::DeliverTo),
        period_start: header.period_start,
        period_end: header.period_end,
        currency: Some(header.currency),
        exchange_rate: Some(header.exchange_rate),
        payment_means: Some(header.payment_means.clone()),
        payment: payment(document)?,
        payee: party(PartyRole::Payee),
        tax_representative: party(PartyRole::TaxRepresentative),
        language: Some(header.language.clone()),
        ..references(header, blank)
    })
}

fn references(header: &Header, blank: Draft) -> Draft {
    Draft {
        buyer_reference: header.buyer_reference.clone(),
        project: header.project.clone(),
        contract: header.contract.clone(),
        order_reference: header.order_reference.clone(),
        sales_order: header.sales_order.clone(),
        receipt_advice: header.receipt_advice.clone(),
        despatch_advice: header.despatch_advice.clone(),
        tender: header.tender.clone(),
        object_id: header.object_id.clone(),
        object_scheme: header.object_scheme.clone(),
        buyer_accounting: header.buyer_accounting.clone(),
        process: header.process.clone(),
        profile: header.profile.clone(),
        ..blank
    }
}

/// What is said about payment, with the accounts to pay to.
fn payment(document: &Document) -> Result<Option<PaymentDraft>> {
    let header = &document.header;
    let accounts = document.details.iter().filter(|detail| detail.kind == DetailKind::Account);
    Ok(Some(PaymentDraft {
        text: header.payment_text.clone(),
        remittance: Name::default(),
        accounts: accounts.map(account).collect::<Result<_>>()?,
        card_number: header.card_number.clone(),
        card_holder: header.card_holder.clone(),
        mandate: header.mandate.clone(),
        creditor_id: header.creditor_id.clone(),
        debtor_account: header.debtor_account.clone(),
    }))
}

fn account(detail: &Detail) -> Result<AccountDraft> {
    Ok(AccountDraft { account: detail.code.resized()?, name: detail.text.resized()?, bic: detail.extra.resized()? })
}

/// A line with everything `line` says, for `quantity` of it, its allowances and charges in proportion.
pub fn line_again(document: &Document, line: &Line, quantity: Quantity) -> Result<LineDraft> {
    let (allowances, charges) = adjustments(document, line, quantity)?;
    Ok(LineDraft {
        item: line.item,
        name: line.name.clone(),
        description: line.description.clone(),
        note: line.note.clone(),
        quantity: Some(quantity),
        unit: Some(line.unit.clone()),
        unit_price: Some(line.entered_price),
        price_base: Some(line.price_base),
        gross_price: gross(line)?,
        price_discount: None,
        price_includes_tax: Some(line.includes_tax),
        allowances,
        charges,
        tax: Some(line.tax_code.clone()),
        order_line: line.order_line.clone(),
        accounting: line.accounting.clone(),
        object_id: line.object_id.clone(),
        object_scheme: line.object_scheme.clone(),
        item_code: line.item_code.clone(),
        buyer_code: line.buyer_code.clone(),
        standard_id: line.standard_id.clone(),
        standard_scheme: line.standard_scheme.clone(),
        classes: of_item(document, line, DetailKind::Class)
            .map(|class| Ok(ClassDraft { code: class.code.clone(), scheme: class.text.resized()?, version: class.extra.clone() }))
            .collect::<Result<_>>()?,
        origin: line.origin.clone(),
        attributes: of_item(document, line, DetailKind::Attribute)
            .map(|a| Ok(AttributeDraft { name: a.code.clone(), value: a.text.resized()? }))
            .collect::<Result<_>>()?,
        period_start: line.period_start,
        period_end: line.period_end,
        allowance_percent: None,
    })
}

/// The gross price as it was typed: with VAT where the price is.
fn gross(line: &Line) -> Result<Option<Price>> {
    let Some(gross) = line.gross_price else { return Ok(None) };
    Ok(Some(match line.price_discount {
        None => line.entered_price,
        Some(_) if line.includes_tax => gross.times_ratio(100_000_000 + line.tax_rate.micros(), 100_000_000)?,
        Some(_) => gross,
    }))
}

fn of_item<'a>(document: &'a Document, line: &'a Line, kind: DetailKind) -> impl Iterator<Item = &'a Detail> {
    document.details.iter().filter(move |detail| detail.kind == kind && detail.line == line.n)
}

/// Allowances and charges of a line for `quantity` of it.
fn adjustments(document: &Document, line: &Line, quantity: Quantity) -> Result<(Vec<AdjustmentDraft>, Vec<AdjustmentDraft>)> {
    let (mut allowances, mut charges) = (Vec::new(), Vec::new());
    for adjustment in document.adjustments.iter().filter(|adjustment| adjustment.line == line.n) {
        let share = |amount: Minor| amount.share(quantity.micros(), line.quantity.micros());
        let copy = AdjustmentDraft {
            amount: if adjustment.percent.is_some() { None } else { Some(share(adjustment.amount)?) },
            percent: adjustment.percent,
            base: adjustment.base.map(share).transpose()?,
            reason: adjustment.reason.clone(),
            reason_code: adjustment.reason_code.clone(),
            tax: None,
        };
        if adjustment.charge { charges.push(copy) } else { allowances.push(copy) }
    }
    Ok((allowances, charges))
}
