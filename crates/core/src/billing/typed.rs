//! What a person typed into a draft, kept while it is one. The composed rows say what it comes to, not what
//! was left open: a price from a list, a discount over all taxes.

use super::draft::Draft;
use super::model::{Header, TypedDraft};
use crate::db::Tx;
use crate::shared::Id;
use crate::shared::error::{Error, Kind, Result};
use crate::vals;

/// Keeps `draft` as what was typed last.
pub fn keep(tx: &mut Tx<'_>, document: Id<Header>, draft: &Draft) -> Result<()> {
    let typed = serde_json::to_string(draft).map_err(|e| Error::internal("command.encode").caused_by(e))?;
    let new = TypedDraft { document, typed };
    match find(tx, document)? {
        Some(old) => tx.update(&old, &new),
        None => tx.insert(&new),
    }
}

/// What was typed last, as JSON; nothing for posted documents.
pub fn read(tx: &mut Tx<'_>, document: Id<Header>) -> Result<Option<serde_json::Value>> {
    let misread = |e: serde_json::Error| Error::new(Kind::Corrupt, "books.value").arg("expected", "draft").arg("found", "text").caused_by(e);
    find(tx, document)?.map(|kept| serde_json::from_str(&kept.typed).map_err(misread)).transpose()
}

/// Lets go of what was typed: the draft is posted or discarded.
pub fn forget(tx: &mut Tx<'_>, document: Id<Header>) -> Result<()> {
    find(tx, document)?.map_or(Ok(()), |kept| tx.remove(&kept))
}

fn find(tx: &mut Tx<'_>, document: Id<Header>) -> Result<Option<TypedDraft>> {
    tx.find(vals![document])
}
