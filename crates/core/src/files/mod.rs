//! Files in the books: content, kept once under its hash, and what it is attached to.
//!
//! Content is written by the kernel, outside the daybook, in pieces inside the database itself, so that
//! backup, restore and copy stay one file. Commands name it by hash; they carry no bytes
//! (`docs/decisions/0006-files-in-the-books.md`).

pub mod api;
mod arrival;
mod content;
pub mod lane;
mod media;
mod model;
pub mod scan;
mod selectors;
mod services;

pub use content::FILE_MAX;
pub use media::MediaType;
pub use model::{Attachment, StoredFile, Subject};
pub use services::{Attach, Detach};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "files",
    commands: &[command::<Attach>().undoable(), command::<Detach>().undoable()],
    queries: &[query::<selectors::FilesOf>()],
    records: &[RecordEntry::of::<Attachment>(Permission::Read).revisable_until("kept", &[])],
    machines: &[],
};
