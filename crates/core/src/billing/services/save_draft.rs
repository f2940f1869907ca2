//! Keeps a draft: prices, VAT and totals are worked out and shown, nothing is final.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DraftSaved, draft};
use crate::billing::compose::compose;
use crate::billing::draft::Draft;
use crate::billing::model::Header;
use crate::billing::typed;
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Permission};

/// Keeps a draft of an invoice or credit note (new without an id).
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SaveDraft {
    /// The draft to change.
    pub id: Option<Id<Header>>,
    /// What it says now.
    pub draft: Draft,
}

impl Command for SaveDraft {
    const NAME: &'static str = "billing.save_draft";
    const NEEDS: Permission = Permission::Sell;
    const CLASS: Class = Class::Decision;
    type Output = DraftSaved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<DraftSaved> {
        let id = self.id.unwrap_or_else(|| cx.id("billing_document"));
        let new = compose(tx, cx, &self.draft, id).map_err(|e| e.within("draft"))?;
        match self.id {
            Some(id) => {
                let old = draft(tx, id)?;
                new.replace(tx, &old)?;
            }
            None => new.insert(tx)?,
        }
        typed::keep(tx, id, &self.draft)?;
        Ok(DraftSaved { id })
    }
}
