//! Throws a draft away. It had no number, so nothing is missing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DraftSaved, draft};
use crate::billing::model::Header;
use crate::billing::typed;
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Permission};

/// Throws a draft away.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct DiscardDraft {
    /// The draft.
    pub id: Id<Header>,
}

impl Command for DiscardDraft {
    const NAME: &'static str = "billing.discard_draft";
    const NEEDS: Permission = Permission::Sell;
    const CLASS: Class = Class::Decision;
    type Output = DraftSaved;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<DraftSaved> {
        let draft = draft(tx, self.id)?;
        typed::forget(tx, self.id)?;
        draft.remove(tx)?;
        Ok(DraftSaved { id: self.id })
    }
}
