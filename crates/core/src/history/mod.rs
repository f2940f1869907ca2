//! Undo and redo for people: what a person changed in master data, settings and drafts may be put back, by a new
//! command with an entry of its own. Steps are rows like others, so that they are on every device of the person
//! and on the server, and a step that runs again elsewhere finds what it puts back. What is posted is never a step.

pub mod api;
mod changes;
mod check;
mod model;
mod selectors;
mod services;
mod shift;
mod trail;

pub use model::{Step, StepCost, Trail};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "history",
    commands: &[command::<services::Undo>(), command::<services::Redo>()],
    queries: &[query::<selectors::Steps>()],
    records: &[RecordEntry::of::<Trail>(Permission::Read), RecordEntry::of::<Step>(Permission::Read), RecordEntry::of::<StepCost>(Permission::SeeCosts)],
    machines: &[],
};
