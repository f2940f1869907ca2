//! Lists as people want to see them again: conditions, order, columns and density under a name. A view is its owner's;
//! a shared one is seen by everybody.

mod model;
mod services;

pub use model::{Density, Look, Order, SavedView, Shown};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::command;
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "views",
    commands: &[command::<services::SaveView>(), command::<services::ArchiveView>()],
    queries: &[],
    records: &[RecordEntry::of::<SavedView>(Permission::Read).searched(&["name"]).ordered(&["name"]).private("owner", "shared")],
    machines: &[],
};
