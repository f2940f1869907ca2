//! Questions about imports: where a row went, and what the report says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::model::{Batch, Issue, IssueRow, RowTrace};
use crate::db::Tx;
use crate::shared::{Context, Id, Permission, Query, Result};
use crate::vals;

/// Where rows of a file went.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Trace {
    /// The batch.
    pub batch: Id<Batch>,
    /// The first row wanted; the header is 1.
    pub from: i64,
    /// The last row wanted; at most 1 000 are answered.
    pub to: i64,
}

impl Query for Trace {
    const NAME: &'static str = "importing.trace";
    const NEEDS: Permission = Permission::Read;
    type Output = Vec<RowTrace>;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Vec<RowTrace>> {
        let sql = "SELECT batch, n, outcome, subject, line FROM import_row WHERE batch = ?1 AND n >= ?2 AND n <= ?3 ORDER BY n LIMIT 1000";
        tx.all(sql, vals![self.batch, self.from, self.to])
    }
}

/// The report of an import.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The batch.
    pub batch: Id<Batch>,
}

impl Query for Report {
    const NAME: &'static str = "importing.report";
    const NEEDS: Permission = Permission::Read;
    type Output = Value;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Value> {
        let batch: Batch = tx.get(vals![self.batch])?;
        let rows: Vec<IssueRow> = tx.find_all(&["batch"], vals![self.batch])?;
        let issues: Vec<Value> =
            rows.into_iter().map(|row| shown(&Issue { row: row.row_n, rows: row.rows, field: row.field, code: row.code, value: row.value })).collect();
        Ok(json!({ "batch": batch, "issues": issues }))
    }
}

/// An issue with its words, and what clients find them by in their own language.
pub fn shown(issue: &Issue) -> Value {
    let mut shown = issue.told().to_json();
    if let Some(shown) = shown.as_object_mut() {
        shown.extend([("row".to_owned(), json!(issue.row)), ("rows".to_owned(), json!(issue.rows)), ("column".to_owned(), json!(issue.field))]);
        shown.extend([("value".to_owned(), json!(issue.value)), ("action".to_owned(), shown.get("next").cloned().unwrap_or_default())]);
    }
    shown
}
