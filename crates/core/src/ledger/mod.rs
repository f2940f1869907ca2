//! The general ledger: accounts, journals, periods, posted entries, open items.
//!
//! A module with one door: siblings hand [`api::post`] a posting (document, lines); it finds period
//! and accounts, checks that debit equals credit, numbers and writes. Nothing else writes journal
//! rows, and the database refuses every change of a posted one.
//!
//! Words: an *entry* has *lines*; a *control account* (receivable, payable) has a *sub-ledger* of
//! parties; each of its lines is an *open item* until *allocations* settle it. A period is a calendar
//! month: open → closed (may be reopened for a time) → locked (for good).

mod accounts;
pub mod api;
mod balances;
mod model;
mod numbers;
mod open_items;
mod periods;
mod posting;
mod rates;
mod reverse;
mod selectors;
mod services;
mod verify;
mod write;

pub use model::{
    Account, AccountBalance, AccountKind, Allocation, Area, Entry, EntrySeries, ExchangeRate, Journal, JournalCode, JournalKind, Line, OpenItem, PartyBalance,
    PeriodLock, Role,
};

use crate::app::Module;
use crate::shared::Permission;
use crate::shared::command::{command, query};
use crate::shared::record::RecordEntry;

/// The table of contents.
pub const MODULE: Module = Module {
    name: "ledger",
    commands: &[
        command::<services::InstallChart>(),
        command::<services::SaveAccount>(),
        command::<services::ArchiveAccount>().undoable(),
        command::<services::PostEntry>(),
        command::<services::ReverseEntry>(),
        command::<services::ClosePeriod>(),
        command::<services::ReopenPeriod>(),
        command::<services::SaveExchangeRate>().undoable(),
    ],
    queries: &[query::<selectors::ShowEntry>(), query::<selectors::Periods>()],
    records: &[
        RecordEntry::of::<ExchangeRate>(Permission::Read).revisable().saved_by("ledger.save_exchange_rate", None).searched(&["currency", "source"]),
        RecordEntry::of::<Account>(Permission::Read)
            .revisable()
            .saved_by("ledger.save_account", Some("ledger.archive_account"))
            .searched(&["name", "code"])
            .ordered(&["code"])
            .found(),
        RecordEntry::of::<Journal>(Permission::Read).ordered(&["code"]),
        RecordEntry::of::<PeriodLock>(Permission::Read),
        RecordEntry::of::<EntrySeries>(Permission::SeeLedger),
        RecordEntry::of::<Entry>(Permission::SeeLedger).searched(&["text", "reference"]).newest_first(&["date"]).indexed(),
        RecordEntry::of::<Line>(Permission::SeeLedger),
        RecordEntry::of::<AccountBalance>(Permission::SeeLedger),
        RecordEntry::of::<PartyBalance>(Permission::SeeLedger),
        RecordEntry::of::<OpenItem>(Permission::SeeLedger),
        RecordEntry::of::<Allocation>(Permission::SeeLedger).newest_first(&["date"]),
    ],
    machines: &[],
};
