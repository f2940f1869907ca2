//! Closes a batch: what it made, in figures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Step;
use crate::db::Tx;
use crate::importing::model::Batch;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Minor, Permission};
use crate::vals;

/// Closes an import batch: what it made, in figures.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct FinishBatch {
    /// The batch.
    pub batch: Id<Batch>,
    /// Invoices posted.
    pub invoices: i64,
    /// Credit notes posted.
    pub credit_notes: i64,
    /// Stock adjustments made.
    pub adjustments: i64,
    /// Customers made.
    pub new_parties: i64,
    /// Items made.
    pub new_items: i64,
    /// Σ net of the invoices.
    pub net: Minor,
    /// Σ net of the credit notes, below zero.
    pub credit_net: Minor,
}

impl Command for FinishBatch {
    const NAME: &'static str = "importing.finish_batch";
    const NEEDS: Permission = Permission::Import;
    const CLASS: Class = Class::Fact;
    type Output = Step;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Step> {
        let old: Batch = tx.get(vals![self.batch])?;
        let new = Batch {
            invoices: self.invoices,
            credit_notes: self.credit_notes,
            adjustments: self.adjustments,
            new_parties: self.new_parties,
            new_items: self.new_items,
            net: self.net,
            credit_net: self.credit_net,
            ..old.clone()
        };
        tx.update(&old, &new)?;
        Ok(Step { id: self.batch })
    }
}
