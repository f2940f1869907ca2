//! Which column is what: guessed from the header, changed by a person, kept for the next file with the
//! same header.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::table::Table;
use crate::shared::error::{Error, Result};

/// A field that a column may be mapped to.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FieldSpec {
    /// Its name.
    pub name: &'static str,
    /// Whether some column must be mapped to it.
    pub required: bool,
    /// How files call it, in small letters and digits only.
    #[serde(skip)]
    pub words: &'static [&'static str],
    /// How screens call it.
    #[serde(skip)]
    pub label: &'static str,
}

/// Which column holds which field, and how the file writes dates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Mapping {
    /// Field → column name.
    pub columns: BTreeMap<String, String>,
    /// `ymd`, `dmy` or `mdy`; found from the column when absent.
    pub dates: Option<String>,
}

impl Mapping {
    /// The mapping that the header suggests: names that fit, then names that contain what fits.
    pub fn guess(table: &Table, fields: &[FieldSpec]) -> Self {
        Mapping::guess_by(table, fields, &[true, false])
    }
    /// The mapping of the columns whose names fit exactly.
    pub fn guess_exact(table: &Table, fields: &[FieldSpec]) -> Self {
        Mapping::guess_by(table, fields, &[true])
    }
    fn guess_by(table: &Table, fields: &[FieldSpec], passes: &[bool]) -> Self {
        let mut columns = BTreeMap::new();
        for exact in passes.iter().copied() {
            for field in fields {
                let free = |name: &&String| !columns.values().any(|used| used == *name);
                let found = table.header.iter().filter(|name| !columns.contains_key(field.name) && matches(name, field, exact)).find(free);
                if let Some(name) = found.cloned() {
                    columns.insert(field.name.to_owned(), name);
                }
            }
        }
        Mapping { columns, dates: None }
    }
    /// Checks that it names columns and fields that exist, and all that are required.
    pub fn check(&self, table: &Table, fields: &[FieldSpec]) -> Result<()> {
        for (field, column) in &self.columns {
            if !fields.iter().any(|known| known.name == field) {
                return Err(Error::invalid("import.unknown_field").arg("name", field).field("mapping"));
            }
            if !table.header.contains(column) {
                return Err(Error::invalid("import.unknown_column").arg("name", column).field("mapping"));
            }
        }
        match fields.iter().find(|field| field.required && !self.columns.contains_key(field.name)) {
            Some(missing) => Err(Error::invalid("import.unmapped").arg("name", missing.name).field("mapping")),
            None => Ok(()),
        }
    }
    /// The place of a field's column.
    pub fn place(&self, table: &Table, field: &str) -> Option<usize> {
        let column = self.columns.get(field)?;
        table.header.iter().position(|name| name == column)
    }
}

/// A name in small letters and digits only.
pub fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn matches(name: &str, field: &FieldSpec, exact: bool) -> bool {
    let name = plain(name);
    if exact {
        let own = name == plain(field.name) || (!field.label.is_empty() && name == plain(field.label));
        return own || field.words.contains(&name.as_str());
    }
    field.words.iter().any(|word| word.len() > 3 && name.contains(word))
}

/// A hash of the header, under which a mapping is kept.
pub fn header_hash(table: &Table) -> String {
    blake3::hash(table.header.join("\u{1f}").as_bytes()).to_hex().to_string()
}
