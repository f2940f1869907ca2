//! Goods: where they are, how they move, what they cost. Every move has two ends and Σ = 0; levels and
//! costs are maintained aggregates that [`api::verify`] rebuilds and compares. What goods cost lies in
//! records of its own, which the books of a warehouse need not hold.

pub mod api;
mod cost;
mod model;
mod proof;
mod selectors;
mod services;

pub use services::{Adjust, Moved};

pub use model::{CostCorrection, CostLayer, CostTake, ItemCost, Location, LocationKind, Move, MoveCost, Negative, StockLevel};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "inventory",
    commands: &[
        command::<services::InstallLocations>(),
        command::<services::SaveLocation>().undoable(),
        command::<Adjust>(),
        command::<services::ReverseAdjustment>(),
        command::<services::Receive>(),
        command::<services::MoveStock>(),
    ],
    queries: &[query::<selectors::OnHand>()],
    records: &[
        RecordEntry::of::<Location>(Permission::Read)
            .revisable_but(&["kind"])
            .saved_by("inventory.save_location", None)
            .searched(&["name", "code"])
            .ordered(&["code"])
            .found(),
        RecordEntry::of::<Move>(Permission::Read).newest_first(&["moved_on"]),
        RecordEntry::of::<MoveCost>(Permission::SeeLedger),
        RecordEntry::of::<StockLevel>(Permission::Read),
        RecordEntry::of::<ItemCost>(Permission::SeeLedger),
        RecordEntry::of::<CostLayer>(Permission::SeeLedger),
        RecordEntry::of::<CostTake>(Permission::SeeLedger),
        RecordEntry::of::<CostCorrection>(Permission::SeeLedger),
    ],
    machines: &[],
};
