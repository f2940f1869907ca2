//! Taxes: codes with dated rates, and the rules by which company, party, item and date lead to one.
//! A tax pack of the company's country is copied into the books when they are set up.

pub mod api;
mod determine;
mod model;
mod pack;
mod selectors;
mod services;

pub use determine::{Determined, Determiner, Question};
pub use model::{Category, Direction, ItemKind, Side, Tax, TaxClass, TaxRate, TaxRule, Zone};
pub use services::{InstallPack, SaveTax, SaveTaxRate};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "tax",
    commands: &[command::<InstallPack>(), command::<SaveTax>(), command::<SaveTaxRate>().undoable()],
    queries: &[query::<selectors::Determine>(), query::<selectors::Rates>()],
    records: &[
        RecordEntry::of::<Tax>(Permission::Read).saved_by("tax.save_tax", None).searched(&["name", "code"]).ordered(&["code"]).found(),
        RecordEntry::of::<TaxRate>(Permission::Read).revisable_until("used", &["rate"]).saved_by("tax.save_tax_rate", None),
        RecordEntry::of::<TaxRule>(Permission::Read),
    ],
    machines: &[],
};
