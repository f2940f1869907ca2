//! Reports: figures with a title, parameters, columns and totals. A report is a [`Report`] value with
//! its `.sql`, one line in [`REPORTS`], and a label. Reports come last: they may read every module.

mod account_ledger;
mod aged;
mod balances;
mod figures;
mod journal;
mod open_items;
mod party_ledger;
mod run;
mod sales;
mod spec;
mod statements;
mod stock_on_hand;
mod trial_balance;
mod words;

pub use spec::{Asked, Bind, Column, Drill, Parameter, Report, Rows, View, amount, column, hidden};

use crate::app::Module;
use crate::shared::command::query;

/// Every report, in the order of the menu.
pub const REPORTS: &[Report] = &[
    trial_balance::REPORT,
    statements::PROFIT_AND_LOSS,
    statements::BALANCE_SHEET,
    open_items::REPORT,
    aged::REPORT,
    party_ledger::REPORT,
    account_ledger::REPORT,
    journal::REPORT,
    sales::REPORT,
    stock_on_hand::REPORT,
];

/// The table of contents.
pub const MODULE: Module =
    Module { name: "reports", commands: &[], queries: &[query::<run::RunReport>(), query::<run::ListReports>()], records: &[], machines: &[] };

/// What the register says of reports: name, needed permission, parameters and the columns of the
/// first view.
pub fn describe() -> Vec<serde_json::Value> {
    REPORTS.iter().map(Report::describe).collect()
}
