//! Who: the company these books are of, its people and devices, and what each may do.

pub mod api;
pub mod country;
mod identifiers;
mod model;
mod selectors;
mod services;

pub use model::{Company, CompanyIdentifier, Device, TaxRounding, User, Valuation};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "identity",
    commands: &[
        command::<services::CreateCompany>(),
        command::<services::ChangeCompany>().undoable(),
        command::<services::RegisterDevice>(),
        command::<services::RetireDevice>(),
        command::<services::SaveIdentifier>().undoable(),
        command::<services::SaveUser>(),
    ],
    queries: &[query::<selectors::CurrentCompany>()],
    records: &[
        RecordEntry::of::<Company>(Permission::Read).revisable(),
        RecordEntry::of::<CompanyIdentifier>(Permission::Read).revisable().saved_by("identity.save_identifier", None),
        RecordEntry::of::<User>(Permission::Read).saved_by("identity.save_user", None).ordered(&["name"]),
        RecordEntry::of::<Device>(Permission::Read).ordered(&["letter"]),
    ],
    machines: &[],
};
