//! The domain of Daybook. One Rust core over SQLite and PostgreSQL: the same modules run on the
//! laptop and on the server. No window, no network here.
//!
//! Map, in the order of the law (each may call only what stands before it):
//! [`shared`] value types and vocabulary · [`db`] connections and the record door · [`daybook`]
//! entries, chain, undo · the modules of [`MODULES`] · [`access`] who may come in from outside · [`app`] the one path for everything ·
//! [`planted`] faults for tests, compiled to nothing everywhere else.

pub mod shared;

pub mod db;

pub mod daybook;

pub mod identity;

pub mod access;

pub mod numbering;

pub mod files;

pub mod parties;

pub mod tax;

pub mod catalog;

pub mod ledger;

pub mod inventory;

pub mod billing;

pub mod importing;

pub mod approvals;

pub mod views;

pub mod history;

pub mod reports;

pub mod app;

pub mod planted;

/// The modules. The order is the law: a module calls only the `api` of those before it; news for
/// earlier ones travels as events in the same transaction.
#[rustfmt::skip]
pub const MODULES: &[&app::Module] = &[
    &identity::MODULE,
    &numbering::MODULE,
    &files::MODULE,
    &parties::MODULE,
    &tax::MODULE,
    &catalog::MODULE,
    &ledger::MODULE,
    &inventory::MODULE,
    &billing::MODULE,
    &importing::MODULE,
    &approvals::MODULE,
    &views::MODULE,
    &history::MODULE,
    &reports::MODULE,
];
