//! What later modules ask of billing.

pub use super::document::Document;
pub use super::draft::{AdjustmentDraft, Draft, LineDraft};
pub use super::model::{Header, Kind, State};
pub use super::proof::verify;

use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::{Context, Id, Name};

/// Makes and posts a document in one step; what `billing.post_invoice` does.
pub fn post_new(tx: &mut Tx<'_>, cx: &mut Context, draft: &Draft) -> Result<Document> {
    super::services::post_new(tx, cx, draft)
}

/// The document a draft would become, as it stands now: no number, not in the books.
pub fn composed(tx: &mut Tx<'_>, cx: &Context, draft: &Draft) -> Result<Document> {
    super::compose::compose(tx, cx, draft, Id::from_bytes([0; 16]))
}

/// A document with all its rows.
pub fn document(tx: &mut Tx<'_>, id: Id<Header>) -> Result<Document> {
    Document::read(tx, id)
}

/// The posted document with this number; an invoice before a credit note.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Header>> {
    let number = Name::new(number)?;
    let found: Vec<Header> = tx.find_all(&["number"], crate::vals![number])?;
    Ok(found.into_iter().filter(|header| header.state == State::Posted).min_by_key(|header| header.kind))
}
