//! The register: what every module declares of itself, gathered once. Tauri, HTTP, CLI, tests and the
//! generated files all read it; nothing is registered twice.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::MODULES;
use crate::shared::command::{CommandEntry, QueryEntry};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::nearest::nearest;
use crate::shared::record::RecordEntry;
use crate::shared::state::Machine;

/// The table of contents of a module.
pub struct Module {
    /// Its name, the first half of its commands' names.
    pub name: &'static str,
    /// What it does.
    pub commands: &'static [CommandEntry],
    /// What it answers.
    pub queries: &'static [QueryEntry],
    /// What it keeps.
    pub records: &'static [RecordEntry],
    /// The states its documents go through.
    pub machines: &'static [Machine],
}

/// All modules by name of what they declare.
pub struct Register {
    commands: HashMap<&'static str, &'static CommandEntry>,
    queries: HashMap<&'static str, &'static QueryEntry>,
    records: HashMap<&'static str, &'static RecordEntry>,
}

/// The register.
pub fn register() -> &'static Register {
    static REGISTER: OnceLock<Register> = OnceLock::new();
    REGISTER.get_or_init(|| Register {
        commands: MODULES.iter().flat_map(|m| m.commands).map(|c| (c.name, c)).collect(),
        queries: MODULES.iter().flat_map(|m| m.queries).map(|q| (q.name, q)).collect(),
        records: MODULES.iter().flat_map(|m| m.records).map(|r| (r.table, r)).collect(),
    })
}

impl Register {
    /// The command `name`; `command.unknown` with the nearest names otherwise.
    pub fn command(&self, name: &str) -> Result<&'static CommandEntry> {
        self.commands.get(name).copied().ok_or_else(|| unknown("command.unknown", name, self.commands.keys()))
    }
    /// The query `name`.
    pub fn query(&self, name: &str) -> Result<&'static QueryEntry> {
        self.queries.get(name).copied().ok_or_else(|| unknown("query.unknown", name, self.queries.keys()))
    }
    /// The record of a table.
    pub fn record(&self, table: &str) -> Result<&'static RecordEntry> {
        self.records.get(table).copied().ok_or_else(|| unknown("record.unknown", table, self.records.keys()))
    }
}

fn unknown<'a>(code: &'static str, name: &str, all: impl Iterator<Item = &'a &'static str>) -> Error {
    Error::new(Kind::NotFound, code).arg("name", name).arg("near", nearest(name, all.copied()).join(", "))
}

/// Every command, in module order.
pub fn commands() -> impl Iterator<Item = &'static CommandEntry> {
    MODULES.iter().flat_map(|m| m.commands)
}

/// Every query, in module order.
pub fn queries() -> impl Iterator<Item = &'static QueryEntry> {
    MODULES.iter().flat_map(|m| m.queries)
}

/// Every record, in module order.
pub fn records() -> impl Iterator<Item = &'static RecordEntry> {
    MODULES.iter().flat_map(|m| m.records)
}

/// The records that say more of the rows of `table`.
pub fn more_of(table: &'static str) -> impl Iterator<Item = &'static RecordEntry> {
    records().filter(move |record| record.more_of == Some(table))
}

/// The register as data, for clients.
pub fn describe() -> Value {
    let commands: Vec<Value> = commands()
        .map(|c| json!({"name": c.name, "version": c.version, "needs": c.needs, "class": c.class, "schema": (c.schema)(), "output": (c.output)()}))
        .collect();
    let queries: Vec<Value> = queries().map(|q| json!({"name": q.name, "needs": q.needs, "schema": (q.schema)()})).collect();
    json!({ "commands": commands, "queries": queries, "records": describe_records(), "machines": machines(), "reports": crate::reports::describe() })
}

fn describe_records() -> Vec<Value> {
    let mut all = Vec::new();
    for module in MODULES {
        for record in module.records {
            all.push(json!({
                "name": record.table, "module": module.name, "save": record.save, "archive": record.archive,
                "search": record.search, "order": record.order, "sorted": record.sorted, "needs": record.needs, "more_of": record.more_of, "bulk": record.bulk, "fields": (record.fields)(),
            }));
        }
    }
    all
}

fn machines() -> Vec<&'static Machine> {
    MODULES.iter().flat_map(|m| m.machines).collect()
}
