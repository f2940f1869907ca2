//! Importing what other programs wrote: files become customers, items, posted documents and stock
//! adjustments. Nothing is dropped silently: every source row is traceable to what it became or to a
//! line of the report. The steps: [`table`] reads the bytes, [`mapping`] guesses the columns, [`sales`]
//! plans documents, [`records`] customers, items and the like, [`northwind`] the sample company; the app
//! carries the plan out in one transaction.

mod dates;
mod issues;
mod mapping;
mod model;
pub mod northwind;
mod numbers;
pub mod records;
pub mod sales;
mod selectors;
mod services;
mod table;

pub use mapping::{FieldSpec, Mapping, header_hash};
pub use model::{Batch, Issue, IssueRow, Mapped, Outcome, RowTrace};
pub use selectors::shown as shown_issue;
pub use services::{FinishBatch, ImportAdjustment, ImportDocument, NoteIssues, StartBatch, TraceRecords, Traced};
pub use table::{Mended, Table, WrongCell};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "importing",
    commands: &[
        command::<StartBatch>(),
        command::<ImportDocument>(),
        command::<ImportAdjustment>(),
        command::<NoteIssues>(),
        command::<TraceRecords>(),
        command::<FinishBatch>(),
        command::<services::CloseUndo>(),
    ],
    queries: &[query::<selectors::Trace>(), query::<selectors::Report>()],
    records: &[
        RecordEntry::of::<Batch>(Permission::Read).newest_first(&["imported_at"]),
        RecordEntry::of::<RowTrace>(Permission::Read),
        RecordEntry::of::<IssueRow>(Permission::Read),
        RecordEntry::of::<Mapped>(Permission::Read),
    ],
    machines: &[],
};
