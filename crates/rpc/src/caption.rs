//! How a row is called where there is room for a few words only: its code, its label, a detail.

use std::collections::{BTreeMap, BTreeSet};

use daybook_core::app::register;
use daybook_core::db::{Tx, show_value};
use daybook_core::shared::error::Result;
use daybook_core::shared::record::{Field, RecordEntry};
use daybook_core::shared::value::{FieldKind, Val};

/// Columns that tell two rows of the same label apart, the best first.
const DETAILS: &[&str] = &["city", "barcode", "number", "state", "kind", "symbol", "country"];

/// The columns that name a row.
pub struct Caption {
    /// What people type exactly: code or number.
    pub code: Option<&'static str>,
    /// The name.
    pub label: &'static str,
    /// What tells it apart.
    pub detail: Option<&'static str>,
}

/// The caption of a record.
pub fn of(record: &RecordEntry) -> Caption {
    let has = |name: &&&'static str| record.columns.contains(*name);
    let code = ["code", "number"].iter().find(has).copied();
    let names = record.search.iter().chain(["name", "text", "title"].iter().filter(has));
    let label = names.copied().find(|name| Some(*name) != code).or(code).or(record.columns.first().copied()).unwrap_or_default();
    let detail = DETAILS.iter().find(|name| has(name) && **name != label && Some(**name) != code).copied();
    Caption { code, label, detail }
}

impl Caption {
    /// The column to sort by.
    pub fn order(&self) -> &'static str {
        self.label
    }
    /// Code and label of a row.
    pub fn words(&self, record: &RecordEntry, row: &[Val]) -> String {
        let code = self.code.map(|name| text_of(record, row, name)).unwrap_or_default();
        format!("{code} {}", text_of(record, row, self.label))
    }
}

/// The text of one column of a row.
pub fn text_of(record: &RecordEntry, row: &[Val], column: &str) -> String {
    let place = record.columns.iter().position(|name| *name == column);
    match place.and_then(|place| row.get(place)).map(|val| show_value(FieldKind::Text, val)) {
        Some(serde_json::Value::String(text)) => text,
        Some(serde_json::Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The labels behind the references of `rows`, by table and id: one statement for each table.
pub fn of_references(tx: &mut Tx<'_>, fields: &[Field], rows: &[Vec<Val>]) -> Result<BTreeMap<(&'static str, Val), String>> {
    let mut wanted: BTreeMap<&'static str, BTreeSet<Val>> = BTreeMap::new();
    for (place, field) in fields.iter().enumerate() {
        if let Some(table) = field.references {
            let ids = rows.iter().filter_map(|row| row.get(place)).filter(|val| **val != Val::Null).cloned();
            wanted.entry(table).or_default().extend(ids);
        }
    }
    let mut words = BTreeMap::new();
    for (table, ids) in wanted.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        // A reference to something the register does not know, or these books do not hold, has no words.
        if let Ok(record) = register().record(table)
            && tx.holds_table(table)
        {
            read_labels(tx, record, ids.into_iter().collect(), &mut words)?;
        }
    }
    Ok(words)
}

fn read_labels(tx: &mut Tx<'_>, record: &'static RecordEntry, mut ids: Vec<Val>, words: &mut BTreeMap<(&'static str, Val), String>) -> Result<()> {
    let key = record.columns.first().copied().unwrap_or_default();
    let label = of(record).label;
    fill_up(&mut ids);
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("?{n}")).collect();
    let sql = format!("SELECT \"{key}\", \"{label}\" FROM {} WHERE \"{key}\" IN ({})", record.table, places.join(", "));
    tx.each(&sql, &ids, |cells| {
        if let [id, Val::Text(text)] = cells.as_slice() {
            words.insert((record.table, id.clone()), text.clone());
        }
        Ok(())
    })
}

/// Repeats the last id up to a power of two: few shapes of the statement, each prepared once.
fn fill_up(ids: &mut Vec<Val>) {
    if let Some(last) = ids.last().cloned() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
}
