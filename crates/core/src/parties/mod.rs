//! Customers and suppliers: who they are, where they are, how they are reached and taxed. Documents
//! freeze what they need of a party; merging two parties changes no document.

pub mod api;
mod check;
mod model;
mod selectors;
mod services;

pub use api::FrozenParty;
pub use model::{Address, Identifier, IdentifierKind, Party, Purpose};
pub use services::{ArchiveParty, MergeParties, SaveAddress, SaveIdentifier, SaveParty};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "parties",
    commands: &[
        command::<SaveParty>().undoable(),
        command::<ArchiveParty>().undoable(),
        command::<MergeParties>().undoable(),
        command::<SaveAddress>().undoable(),
        command::<SaveIdentifier>().undoable(),
    ],
    queries: &[query::<selectors::PartyDetails>()],
    records: &[
        RecordEntry::of::<Party>(Permission::Read)
            .revisable()
            .saved_by("parties.save_party", Some("parties.archive_party"))
            .searched(&["name", "code", "city", "vat_id", "email", "phone", "note", "legal_name", "contact_name"])
            .ordered(&["name"])
            .sorted(&["code"])
            .indexed(),
        RecordEntry::of::<Address>(Permission::Read).revisable().saved_by("parties.save_address", None).ordered(&["party"]),
        RecordEntry::of::<Identifier>(Permission::Read).revisable().saved_by("parties.save_identifier", None).ordered(&["party", "kind", "scheme", "value"]),
    ],
    machines: &[],
};
