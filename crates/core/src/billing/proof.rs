//! The proof of documents: what is posted says what it said then, its totals follow from its rows, and
//! the ledger agrees.

use super::document::Document;
use super::model::{Header, Kind};
use crate::db::Tx;
use crate::shared::error::{Error, Kind as ErrorKind, Result};
use crate::shared::{Id, Minor, Name};

/// Checks every posted document. The error names the first that does not fit. Returns how many were
/// checked.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    let ids: Vec<(Id<Header>,)> = tx.all("SELECT id FROM billing_document WHERE state = 'posted' ORDER BY id", &[])?;
    let mut checked = 0;
    for (id,) in &ids {
        verify_one(&Document::read(tx, *id)?)?;
        checked += 1;
    }
    let subjects = ids.iter().map(|(id,)| id.cast()).collect();
    if let Some(number) = crate::numbering::api::without_document(tx, &[Kind::Invoice.word(), Kind::CreditNote.word()], &subjects)? {
        return Err(failed(&number, "it was given out for nothing"));
    }
    let wrong: Option<(Name,)> = tx.opt(include_str!("sql/wrong_numbers.sql"), &[])?;
    match wrong {
        Some((number,)) => Err(failed(&number, "its number is not the one that was issued for it")),
        None => Ok(checked),
    }
}

fn verify_one(document: &Document) -> Result<()> {
    let header = &document.header;
    if document.content_hash() != header.content_hash.as_str() {
        return Err(failed(&header.number, "it says something else than when it was posted"));
    }
    let lines_net = Minor::sum(document.lines.iter().map(|line| line.net))?;
    let tax = Minor::sum(document.tax_rows.iter().map(|row| row.tax))?;
    let base = Minor::sum(document.tax_rows.iter().map(|row| row.base))?;
    let net = lines_net.minus(header.allowances)?.plus(header.charges)?;
    let payable = net.plus(tax)?.minus(header.prepaid)?.plus(header.rounding)?;
    if lines_net != header.lines_net || tax != header.tax || net != header.net || base != net || payable != header.payable {
        return Err(failed(&header.number, "its totals do not follow from its lines"));
    }
    Ok(())
}

fn failed(number: &str, what: &str) -> Error {
    Error::new(ErrorKind::Corrupt, "verify.document").arg("number", number).arg("what", what)
}
