//! Legal numbers: series per document type, device and year, gapless and hash-linked, taken inside the
//! posting transaction. Drafts carry none.

pub mod api;
mod model;

pub use model::{Issued, Origin, Series};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "numbering",
    commands: &[],
    queries: &[],
    records: &[RecordEntry::of::<Series>(Permission::Read).ordered(&["document", "year"]), RecordEntry::of::<Issued>(Permission::Read)],
    machines: &[],
};
