//! Records of another program: each row becomes one record through the command that saves such
//! records. Any record with a saving command can be imported; [`Target`] knows the common ones by the
//! words that files use for them.
//!
//! A row whose code (or name, where it has no code) the books have is left out and reported, so that
//! the same rows twice change nothing. What went out of use because its import was undone is brought
//! back instead.

mod cells;
mod columns;
mod links;
mod plan;
mod target;

pub use links::NewLink;
pub use plan::{PlannedRecord, RecordPlan};
pub use target::Target;
