//! Writes lines of the import report, and the rows that became nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Step;
use crate::db::Tx;
use crate::importing::model::{Batch, Issue, IssueRow, Outcome, RowTrace};
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Permission};

/// Writes lines of the import report, and the rows that became nothing.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct NoteIssues {
    /// The batch.
    pub batch: Id<Batch>,
    /// How many lines the report has so far.
    pub after: i64,
    /// What a person should know.
    pub issues: Vec<Issue>,
    /// Rows that became nothing; the report says why.
    #[serde(default)]
    pub skipped: Vec<i64>,
}

impl Command for NoteIssues {
    const NAME: &'static str = "importing.note_issues";
    const NEEDS: Permission = Permission::Import;
    const CLASS: Class = Class::Fact;
    type Output = Step;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Step> {
        let batch = self.batch;
        let row =
            |(n, issue): (i64, Issue)| IssueRow { batch, n, row_n: issue.row, rows: issue.rows, field: issue.field, code: issue.code, value: issue.value };
        let rows: Vec<IssueRow> = (self.after + 1..).zip(self.issues).map(row).collect();
        tx.insert_all(&rows)?;
        let skipped: Vec<RowTrace> = self.skipped.iter().map(|n| RowTrace { batch, n: *n, outcome: Outcome::Skipped, subject: None, line: 0 }).collect();
        tx.insert_all(&skipped)?;
        Ok(Step { id: batch })
    }
}
