//! Links to other records: by code, else by name; what only needs a name is made when it is missing.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::db::Tx;
use crate::shared::Id;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;

/// A record that a row links to and the books do not have yet.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The command that makes it.
    pub save: &'static str,
    /// Its name.
    pub name: String,
    /// Whether no row needs it after all.
    pub unused: bool,
}

/// What a cell links to.
#[derive(Clone, Debug)]
pub enum Link {
    /// A record of the books, or a value that needs no link.
    Ready(Value),
    /// Place in the list of records to make first.
    Made(usize),
}

/// The records of one table by code and name, whatever the case.
pub struct Names {
    record: &'static RecordEntry,
    by_code: HashMap<String, Id<()>>,
    by_name: HashMap<String, Id<()>>,
}

impl Names {
    /// Reads codes and names of `record`: one statement. Of several with the same name, one in use counts.
    pub fn read(tx: &mut Tx<'_>, record: &'static RecordEntry) -> Result<Self> {
        let column = |name: &'static str| if record.columns.contains(&name) { name } else { "''" };
        let key = record.columns.first().copied().unwrap_or_default();
        let archived = if record.columns.contains(&"archived") { "archived, " } else { "" };
        let sql = format!("SELECT {key}, {}, {} FROM {} ORDER BY {archived}{key}", column("code"), column("name"), record.table);
        let mut names = Names { record, by_code: HashMap::new(), by_name: HashMap::new() };
        for (id, code, name) in tx.all::<(Id<()>, String, String)>(&sql, &[])? {
            names.by_code.entry(code.to_uppercase()).or_insert(id);
            names.by_name.entry(name.to_uppercase()).or_insert(id);
        }
        Ok(names)
    }
    /// The record with this code.
    pub fn of_code(&self, code: &str) -> Option<Id<()>> {
        self.by_code.get(&code.to_uppercase()).copied()
    }
    /// The record with this name.
    pub fn of_name(&self, name: &str) -> Option<Id<()>> {
        self.by_name.get(&name.to_uppercase()).copied()
    }
    /// What `text` means; `import.no_link` when there is no such record and a name is not enough to
    /// make one.
    pub fn link(&self, text: &str, made: &mut Vec<NewLink>) -> Result<Link> {
        let key = text.to_uppercase();
        if let Some(id) = self.by_code.get(&key).or_else(|| self.by_name.get(&key)) {
            return Ok(Link::Ready(json!(id)));
        }
        let Some(save) = self.maker() else {
            return Err(Error::new(Kind::NotFound, "import.no_link").arg("value", text).record("what", self.record.table));
        };
        let known = made.iter().position(|link| link.save == save && link.name.to_uppercase() == key);
        Ok(Link::Made(known.unwrap_or_else(|| {
            made.push(NewLink { save, name: text.to_owned(), unused: false });
            made.len() - 1
        })))
    }
    /// The command that makes one of a name alone.
    fn maker(&self) -> Option<&'static str> {
        let enough = (self.record.fields)().iter().all(|field| !field.required || field.name == "name");
        self.record.save.filter(|_| enough && self.record.columns.contains(&"name"))
    }
}
