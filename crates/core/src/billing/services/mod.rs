//! Actions on invoices and credit notes, one file each.

mod credit_invoice;
mod discard_draft;
mod post_draft;
mod post_invoice;
mod reverse_invoice;
mod save_draft;

pub use credit_invoice::CreditInvoice;
pub use discard_draft::DiscardDraft;
pub use post_draft::PostDraft;
pub use post_invoice::{PostInvoice, post_new};
pub use reverse_invoice::ReverseInvoice;
pub use save_draft::SaveDraft;

use schemars::JsonSchema;
use serde::Serialize;

use super::document::Document;
use super::model::{Header, Kind, State};
use crate::db::Tx;
use crate::shared::error::{Error, Kind as ErrorKind, Result};
use crate::shared::{Id, Minor, Name};
use crate::vals;

/// A draft that was saved or discarded.
#[derive(Serialize, JsonSchema)]
pub struct DraftSaved {
    /// The document.
    pub id: Id<Header>,
}

/// A document that was posted.
#[derive(Serialize, JsonSchema)]
pub struct PostedDocument {
    /// The document.
    pub id: Id<Header>,
    /// Its legal number.
    pub number: Name,
    /// What it is.
    pub kind: Kind,
    /// To be paid, in minor units of its currency.
    pub payable: Minor,
}

impl From<&Document> for PostedDocument {
    fn from(document: &Document) -> Self {
        let header = &document.header;
        PostedDocument { id: header.id, number: header.number.clone(), kind: header.kind, payable: header.payable }
    }
}

/// The draft; `document.posted` when it is final already.
fn draft(tx: &mut Tx<'_>, id: Id<Header>) -> Result<Document> {
    let document = Document::read(tx, id)?;
    if document.header.state == State::Draft {
        Ok(document)
    } else {
        Err(Error::new(ErrorKind::State, "document.posted").arg("number", &document.header.number))
    }
}

/// The posted document; `document.draft` when it is not final yet.
fn posted(tx: &mut Tx<'_>, id: Id<Header>) -> Result<Document> {
    let document = Document::read(tx, id)?;
    if document.header.state == State::Posted { Ok(document) } else { Err(Error::new(ErrorKind::State, "document.draft")) }
}

/// `document.not_invoice` when it is no invoice: only those are credited in part.
pub fn check_creditable(header: &Header) -> Result<()> {
    if header.kind == Kind::Invoice { Ok(()) } else { Err(Error::new(ErrorKind::State, "document.not_invoice").arg("number", &header.number)) }
}

/// `document.reversed` when another document takes this one back already, or when it takes one back
/// itself.
pub fn check_reversible(tx: &mut Tx<'_>, header: &Header) -> Result<()> {
    if let Some((number,)) = tx.opt::<(Name,)>("SELECT number FROM billing_document WHERE reverses = ?1 AND state = 'posted'", vals![header.id])? {
        return Err(Error::new(ErrorKind::State, "document.reversed").arg("number", &header.number).arg("by", number));
    }
    if header.reverses.is_some() {
        return Err(Error::new(ErrorKind::State, "document.is_reversal").arg("number", &header.number));
    }
    Ok(())
}
