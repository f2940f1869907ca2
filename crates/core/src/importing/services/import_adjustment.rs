//! Books a priceless row of the file as a stock adjustment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::importing::model::{Batch, Outcome, RowTrace};
use crate::inventory::Adjust;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Permission};

/// Books a priceless row of the file as a stock adjustment, and traces the row to it.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ImportAdjustment {
    /// The batch.
    pub batch: Id<Batch>,
    /// What was more or less.
    pub adjustment: Adjust,
    /// The row of the file.
    pub row: i64,
}

/// The adjustment that was made.
#[derive(Serialize, JsonSchema)]
pub struct Adjusted {
    /// The adjustment.
    pub id: Id<()>,
}

impl Command for ImportAdjustment {
    const NAME: &'static str = "importing.import_adjustment";
    const NEEDS: Permission = Permission::Import;
    const CLASS: Class = Class::Fact;
    type Output = Adjusted;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Adjusted> {
        let moved = crate::inventory::api::adjust(tx, cx, self.adjustment)?;
        tx.insert(&RowTrace { batch: self.batch, n: self.row, outcome: Outcome::Adjustment, subject: Some(moved.id), line: 1 })?;
        Ok(Adjusted { id: moved.id })
    }
}
