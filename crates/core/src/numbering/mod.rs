//! Legal numbers: series per document type, device and year, gapless and hash-linked, taken inside the
//! posting transaction. Drafts carry none. A number whose entry does not go through on a server keeps its
//! place (`claim`): its paper is out in the world.

pub mod api;
mod claim;
mod model;

pub use model::{Held, Issued, Origin, Series};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "numbering",
    commands: &[],
    queries: &[],
    records: &[
        RecordEntry::of::<Series>(Permission::Read).ordered(&["document", "year"]),
        RecordEntry::of::<Issued>(Permission::Read),
        RecordEntry::of::<Held>(Permission::Read),
    ],
    machines: &[],
};
