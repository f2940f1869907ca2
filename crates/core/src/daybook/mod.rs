//! The daybook: every business action is one entry, hash-chained, with the envelope that replays it
//! and the journal that undoes it. Sees entries and row images, knows no domain.

pub mod chain;
pub mod entry;
pub mod rebase;
pub mod state;

pub use entry::{Entry, Envelope, Stored};
