//! What a document says beside its figures: period, references, payee, tax representative, attachments.

use daybook_core::billing::{DetailKind, Document, PartyRole};
use daybook_core::shared::error::Result;
use daybook_paper::document::{self as paper, Statement};

use super::{date, details, people, some};

/// The statements of a document, in the order they are printed.
pub fn statements(document: &Document) -> Result<Vec<Statement>> {
    let header = &document.header;
    let mut all = Vec::new();
    if header.period_start.is_some() || header.period_end.is_some() {
        all.push(Statement::Period { from: header.period_start.map(date).transpose()?, to: header.period_end.map(date).transpose()? });
    }
    all.extend(some(&header.project).map(Statement::Project));
    all.extend(some(&header.contract).map(Statement::Contract));
    all.extend(some(&header.despatch_advice).map(Statement::Despatch));
    all.extend(people::described(document, PartyRole::Payee).map(Statement::Payee));
    all.extend(people::described(document, PartyRole::TaxRepresentative).map(Statement::TaxRepresentative));
    all.extend(tax_in_currency(document));
    all.extend(some(&header.remittance).map(Statement::Remittance));
    all.extend(details(document, DetailKind::Preceding).skip(1).map(|detail| Statement::Preceding(joined(&[&detail.code, &detail.text]))));
    all.extend(details(document, DetailKind::Attachment).map(|detail| Statement::Attached(joined(&[&detail.code, &detail.text, &detail.extra]))));
    Ok(all)
}

/// VAT in the currency it is accounted in (Directive 2006/112/EC, Article 230).
fn tax_in_currency(document: &Document) -> Option<Statement> {
    let (currency, tax) = document.header.tax_currency.zip(document.header.tax_in_currency)?;
    let minor_digits = u8::try_from(currency.digits()).unwrap_or(2);
    Some(Statement::VatIn { tax: tax.units(), currency: paper::Currency { code: currency.to_string(), minor_digits } })
}

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
