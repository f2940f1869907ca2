//! Makes and posts an invoice or credit note in one step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PostedDocument;
use crate::billing::compose::compose;
use crate::billing::document::Document;
use crate::billing::draft::Draft;
use crate::billing::model::{DetailKind, Header, Kind};
use crate::billing::post::{GoodsMove, post, settle};
use crate::billing::rules;
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Permission};
use crate::vals;

/// Makes and posts an invoice or credit note in one step. Final.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct PostInvoice {
    /// What it says.
    pub draft: Draft,
}

impl Command for PostInvoice {
    const NAME: &'static str = "billing.post_invoice";
    const NEEDS: Permission = Permission::Invoice;
    const CLASS: Class = Class::Fact;
    type Output = PostedDocument;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<PostedDocument> {
        let posted = post_new(tx, cx, &self.draft)?;
        Ok(PostedDocument::from(&posted))
    }
}

/// Makes and posts a document of a draft.
pub fn post_new(tx: &mut Tx<'_>, cx: &mut Context, draft: &Draft) -> Result<Document> {
    let id = cx.id("billing_document");
    let document = Document::as_said(tx, cx, |tx, cx| {
        let document = compose(tx, cx, draft, id).and_then(|document| rules::check(&document).map(|()| document));
        document.map_err(|e| e.within("draft"))
    })?;
    let posted = post(tx, cx, document, None, draft.imported_number.as_ref(), &GoodsMove::ByLines)?;
    settle_preceding(tx, cx, &posted)?;
    Ok(posted)
}

/// Lets a credit note settle the invoice it is about.
pub fn settle_preceding(tx: &mut Tx<'_>, cx: &mut Context, posted: &Document) -> Result<()> {
    if posted.header.kind != Kind::CreditNote {
        return Ok(());
    }
    let preceding = posted.details.iter().filter(|d| d.kind == DetailKind::Preceding).find_map(|d| d.subject);
    match preceding {
        Some(id) => {
            let before: Header = tx.get(vals![id])?;
            settle(tx, cx, &before, &posted.header)
        }
        None => Ok(()),
    }
}
