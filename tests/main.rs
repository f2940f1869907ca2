//! Every test of the core, in one binary, on SQLite and, where `DAYBOOK_TEST_POSTGRES` names a server,
//! on PostgreSQL.

mod support;

mod commands;
mod durability;
mod generic;
mod schema;
mod values;
