//! Every test of the core, in one binary, on SQLite and, where `DAYBOOK_TEST_POSTGRES` names a server,
//! on PostgreSQL.

mod support;

mod access;
mod approvals;
mod arguments;
mod bad_input;
mod behind;
mod billing;
mod catalog;
mod central;
mod commands;
mod costs;
mod desk;
mod devices;
mod durability;
mod events;
mod files;
mod generic;
mod held;
mod importing;
mod ledger;
mod lists;
mod machine;
mod merged;
mod parties;
mod planted;
mod postgres;
mod records;
mod reports;
mod sample;
mod schema;
mod scopes;
mod search;
mod server;
mod sim;
mod snapshots;
mod sync;
mod tax;
mod terms;
mod tidy;
mod totals;
mod undo;
mod values;
mod views;
mod words;
