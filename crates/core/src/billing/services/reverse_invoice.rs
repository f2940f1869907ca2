//! Takes a posted document back as a whole: a mirror document that leaves exactly zero everywhere.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PostedDocument, check_reversible, posted};
use crate::billing::compose::precede;
use crate::billing::document::Document;
use crate::billing::model::{Detail, DetailKind, Header, Kind, State};
use crate::billing::post::{GoodsMove, post, settle};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Date, Id, Name, Note, Permission};

/// Takes a posted invoice or credit note back as a whole, by a document of the other kind.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ReverseInvoice {
    /// The document.
    pub id: Id<Header>,
    /// Why.
    pub reason: Name,
    /// Date of the reversal; today when absent.
    pub date: Option<Date>,
}

impl Command for ReverseInvoice {
    const NAME: &'static str = "billing.reverse_invoice";
    const NEEDS: Permission = Permission::Invoice;
    const CLASS: Class = Class::Fact;
    type Output = PostedDocument;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<PostedDocument> {
        self.reason.required("reason")?;
        let original = posted(tx, self.id)?;
        check_reversible(tx, &original.header)?;
        let date = self.date.map_or_else(|| cx.today(), Ok)?;
        if date < original.header.issue_date {
            return Err(Error::invalid("document.reversal_before").arg("date", original.header.issue_date).field("date"));
        }
        let id = cx.id("billing_document");
        let mirror = Document::as_said(tx, cx, |_, _| mirror(&original, id, date, &self.reason))?;
        let mirror = post(tx, cx, mirror, None, None, &GoodsMove::Reverse(original.header.id))?;
        settle(tx, cx, &original.header, &mirror.header)?;
        Ok(PostedDocument::from(&mirror))
    }
}

/// The same rows under another id, as the other kind.
fn mirror(original: &Document, id: Id<Header>, date: Date, reason: &Name) -> Result<Document> {
    let kind = if original.header.kind == Kind::Invoice { Kind::CreditNote } else { Kind::Invoice };
    let header = Header {
        id,
        kind,
        type_code: Code::new(if kind == Kind::Invoice { "380" } else { "381" })?,
        state: State::Draft,
        number: Name::default(),
        issue_date: date,
        accounting_date: date,
        due_date: Some(date),
        imported: false,
        reverses: Some(original.header.id),
        entry: None,
        content_hash: Code::default(),
        ..original.header.clone()
    };
    let mut copy = original.clone().under(header);
    copy.details.retain(|row| matches!(row.kind, DetailKind::Account | DetailKind::Class | DetailKind::Attribute));
    let note =
        Detail { document: id, kind: DetailKind::Note, line: 0, n: 1, code: Name::default(), text: Note::new(reason)?, extra: Name::default(), subject: None };
    copy.details.push(note);
    copy.files.clear();
    precede(&mut copy, &original.header)?;
    Ok(copy)
}
