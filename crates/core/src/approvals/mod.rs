//! Asking somebody who may: a decision that one's role does not grant waits, word for word, for a person whose
//! role does. Who approves does it, in one step with the approval; nobody decides on what they ask for.

pub mod api;
mod model;
mod selectors;
mod services;

pub use model::{Approval, ApprovalState};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;
use crate::shared::state::{Machine, Transition};

/// The states of what is asked for.
pub const APPROVAL: Machine = Machine {
    name: "approval",
    states: &["asked", "approved", "denied", "withdrawn"],
    transitions: &[
        Transition { from: "asked", to: "approved", by: "approvals.decide" },
        Transition { from: "asked", to: "denied", by: "approvals.decide" },
        Transition { from: "asked", to: "withdrawn", by: "approvals.withdraw" },
        Transition { from: "denied", to: "withdrawn", by: "approvals.withdraw" },
    ],
};

/// The table of contents.
pub const MODULE: Module = Module {
    name: "approvals",
    commands: &[command::<services::Ask>(), command::<services::Decide>(), command::<services::Withdraw>()],
    queries: &[query::<selectors::Open>()],
    records: &[RecordEntry::of::<Approval>(Permission::Read).newest_first(&["asked_at"])],
    machines: &[APPROVAL],
};
