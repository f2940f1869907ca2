//! Marks a batch as undone, after its documents were reversed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Step;
use crate::db::Tx;
use crate::importing::model::Batch;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Permission};
use crate::vals;

/// Marks an import batch as undone, once everything it posted is reversed.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct CloseUndo {
    /// The batch.
    pub batch: Id<Batch>,
}

impl Command for CloseUndo {
    const NAME: &'static str = "importing.close_undo";
    const NEEDS: Permission = Permission::Import;
    const CLASS: Class = Class::Fact;
    type Output = Step;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Step> {
        let old: Batch = tx.get(vals![self.batch])?;
        if old.undone_at.is_some() {
            return Err(Error::new(Kind::State, "import.undone"));
        }
        let left: i64 = tx.one(include_str!("../sql/not_reversed.sql"), vals![self.batch])?;
        if left > 0 {
            return Err(Error::new(Kind::State, "import.not_reversed").arg("count", left));
        }
        tx.update(&old, &Batch { undone_at: Some(cx.now), ..old.clone() })?;
        Ok(Step { id: self.batch })
    }
}
