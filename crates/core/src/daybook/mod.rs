//! The daybook: every business action is one entry, hash-chained, with the envelope that replays it
//! and the journal that undoes it. Sees entries and row images, knows no domain.
//!
//! Between a device and its server: entries go up ([`outbox`]), are executed in the order of the
//! server's [`log`], and come down as row images ([`feed`]). [`digest`] shows that both have the same.
//! What happens after the commit leaves through [`events`].

pub mod attention;
pub mod chain;
pub mod cursor;
pub mod digest;
pub mod entry;
pub mod events;
pub mod feed;
pub mod log;
mod merged;
pub mod outbox;
pub mod reached;
pub mod rebase;
pub mod sheet;
pub mod state;
pub mod take_back;
pub mod wire;

pub use entry::{Entry, Envelope, Stored};
