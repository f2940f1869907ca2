//! The steps of an import as commands: each is an entry of the daybook, all in one transaction.

mod close_undo;
mod finish_batch;
mod import_adjustment;
mod import_document;
mod note_issues;
mod start_batch;
mod trace_records;

pub use close_undo::CloseUndo;
pub use finish_batch::FinishBatch;
pub use import_adjustment::ImportAdjustment;
pub use import_document::ImportDocument;
pub use note_issues::NoteIssues;
pub use start_batch::StartBatch;
pub use trace_records::{TraceRecords, Traced};

use schemars::JsonSchema;
use serde::Serialize;

use super::model::Batch;
use crate::shared::Id;

/// The batch that a step belongs to.
#[derive(Serialize, JsonSchema)]
pub struct Step {
    /// The batch.
    pub id: Id<Batch>,
}
