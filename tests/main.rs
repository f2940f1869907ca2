//! Every test of the core, in one binary, on SQLite and, where `DAYBOOK_TEST_POSTGRES` names a server,
//! on PostgreSQL.

mod support;

mod access;
mod bad_input;
mod billing;
mod catalog;
mod commands;
mod desk;
mod durability;
mod files;
mod generic;
mod importing;
mod ledger;
mod lists;
mod parties;
mod postgres;
mod records;
mod reports;
mod sample;
mod schema;
mod scopes;
mod server;
mod sim;
mod sync;
mod tax;
mod terms;
mod tidy;
mod totals;
mod undo;
mod values;
