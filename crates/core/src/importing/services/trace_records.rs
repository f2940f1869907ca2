//! Traces rows of the file to the records they became.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Step;
use crate::db::Tx;
use crate::importing::model::{Batch, Outcome, RowTrace};
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Permission};

/// Traces rows of the file to the records they became.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct TraceRecords {
    /// The batch.
    pub batch: Id<Batch>,
    /// The rows.
    pub rows: Vec<Traced>,
}

/// A row and what it became.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Traced {
    /// Row of the file; the header is 1.
    pub n: i64,
    /// The record.
    pub subject: Id<()>,
}

impl Command for TraceRecords {
    const NAME: &'static str = "importing.trace_records";
    const NEEDS: Permission = Permission::Import;
    const CLASS: Class = Class::Fact;
    type Output = Step;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Step> {
        let trace = |row: &Traced| RowTrace { batch: self.batch, n: row.n, outcome: Outcome::Record, subject: Some(row.subject), line: 0 };
        let rows: Vec<RowTrace> = self.rows.iter().map(trace).collect();
        tx.insert_all(&rows)?;
        Ok(Step { id: self.batch })
    }
}
