//! Posts a kept draft as it stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PostedDocument, draft};
use crate::billing::DOCUMENT;
use crate::billing::document::Document;
use crate::billing::model::{Header, State};
use crate::billing::post::{GoodsMove, post};
use crate::billing::{rules, typed};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Permission};

/// Posts a kept draft as it stands: number, ledger, goods. Final.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct PostDraft {
    /// The draft.
    pub id: Id<Header>,
}

impl Command for PostDraft {
    const NAME: &'static str = "billing.post_draft";
    const NEEDS: Permission = Permission::Invoice;
    const CLASS: Class = Class::Fact;
    type Output = PostedDocument;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<PostedDocument> {
        // A draft that never came here, because the server refused it, is no reason against the paper.
        let old = match draft(tx, self.id) {
            Err(error) if error.kind() == Kind::NotFound && Document::is_said(cx) => None,
            old => Some(old?),
        };
        if let Some(old) = &old {
            DOCUMENT.check(old.header.state.word(), State::Posted.word(), Self::NAME)?;
            typed::forget(tx, self.id)?;
        }
        let document = Document::as_said(tx, cx, |_, _| {
            let draft = old.clone().ok_or_else(|| Error::internal("command.encode"))?;
            rules::check(&draft).map(|()| draft)
        })?;
        let posted = post(tx, cx, document, old.as_ref(), None, &GoodsMove::ByLines)?;
        super::post_invoice::settle_preceding(tx, cx, &posted)?;
        Ok(PostedDocument::from(&posted))
    }
}
