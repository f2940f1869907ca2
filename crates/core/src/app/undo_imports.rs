//! Taking an import back as a batch: nothing is deleted that counts; documents are reversed, records go
//! out of use.

use serde_json::json;

use super::import_steps::{Meter, Progress};
use super::record_imports::target;
use super::{App, Batch, Call};
use crate::shared::Id;
use crate::shared::error::Result;
use crate::shared::id::CommandId;
use crate::shared::record::RecordEntry;
use crate::vals;

impl App {
    /// Undoes an import, in one transaction: every document it posted is reversed, every adjustment
    /// taken back, every draft discarded. Customers and items that an import of sales made stay, for
    /// they may be in use elsewhere; those that were imported as records go out of use.
    pub fn undo_import(&self, batch_id: Id<crate::importing::Batch>, progress: Progress<'_>) -> Result<()> {
        self.batch(Some(CommandId::mint().cast()), |batch| {
            let kind = batch.tx().get::<crate::importing::Batch>(vals![batch_id])?.kind;
            let record = target(&kind).ok().map(|target| target.record);
            let sql = "SELECT DISTINCT outcome, subject FROM import_row WHERE batch = ?1 AND subject IS NOT NULL ORDER BY outcome DESC, subject";
            let found: Vec<(String, Id<()>)> = batch.tx().all(sql, vals![batch_id])?;
            let mut meter = Meter::new(progress, found.len());
            for (outcome, subject) in &found {
                meter.step("reversing")?;
                undo_one(batch, outcome, *subject, record)?;
            }
            batch.execute(Call::new("importing.close_undo", json!({ "batch": batch_id }))).map(drop)
        })
    }
}

/// Takes one document, adjustment or record back, unless somebody did already.
fn undo_one(batch: &mut Batch<'_, '_>, outcome: &str, subject: Id<()>, record: Option<&RecordEntry>) -> Result<()> {
    let (name, done) = match (outcome, record) {
        ("line", _) => ("billing.reverse_invoice", "SELECT count(*) FROM billing_document WHERE reverses = ?1".to_owned()),
        ("record", Some(record)) => match record.archive {
            Some(archive) => (archive, format!("SELECT count(*) FROM {} WHERE id = ?1 AND archived = 1", record.table)),
            None => return Ok(()),
        },
        ("record", None) => ("billing.discard_draft", "SELECT 1 - count(*) FROM billing_document WHERE id = ?1 AND state = 'draft'".to_owned()),
        _ => {
            let sql = "SELECT count(*) FROM stock_move r JOIN stock_move m ON m.id = r.reverses WHERE m.source_id = ?1";
            ("inventory.reverse_adjustment", sql.to_owned())
        }
    };
    if batch.tx().one::<i64>(&done, vals![subject])? > 0 {
        return Ok(());
    }
    let args = if matches!(outcome, "line" | "adjustment") { json!({ "id": subject, "reason": "Import undone" }) } else { json!({ "id": subject }) };
    batch.execute(Call::new(name, args)).map(drop)
}
