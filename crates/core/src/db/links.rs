//! Links between rows, where SQLite does not check them: books that do not hold everything have rows that
//! point to rows which only the server has, so its own checks are off there. What points to a table that
//! is held must point to a row of it all the same.

use std::collections::{BTreeMap, HashSet};

use super::tx::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::Val;
use crate::vals;

/// A foreign key: from which columns to which of another table.
struct Link {
    parent: String,
    from: Vec<String>,
    to: Vec<String>,
}

/// A row that must be there: the statement that finds it, and its key.
type Wanted = (String, Vec<Val>);

impl Tx<'_> {
    /// `row.missing_link` when a row that was written since the last [`Tx::take_log`] points to one that is not
    /// there. Where everything is held the database itself says so.
    pub fn check_links(&mut self) -> Result<()> {
        if self.holds_everything() {
            return Ok(());
        }
        let mut links: BTreeMap<&'static str, Vec<Link>> = BTreeMap::new();
        let mut wanted: HashSet<Wanted> = HashSet::new();
        let tables: HashSet<&'static str> = self.log().changes().map(|change| change.table).collect();
        for table in tables {
            links.insert(table, links_of(self, table)?);
        }
        for change in self.log().changes() {
            let row = change.after.as_deref().unwrap_or_default();
            wanted.extend(links.get(change.table).into_iter().flatten().filter_map(|link| link.wants(change.columns, row)));
        }
        for (sql, key) in wanted {
            if self.opt::<(i64,)>(&sql, &key)?.is_none() {
                return Err(Error::new(Kind::Invalid, "row.missing_link").arg("what", "FOREIGN KEY constraint failed"));
            }
        }
        Ok(())
    }
}

/// The foreign keys of a table into tables that are held.
fn links_of(tx: &mut Tx<'_>, table: &str) -> Result<Vec<Link>> {
    let sql = "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq";
    let rows: Vec<(i64, String, String, String)> = tx.all(sql, vals![table.to_owned()])?;
    let mut links: BTreeMap<i64, Link> = BTreeMap::new();
    for (id, parent, from, to) in rows.into_iter().filter(|(_, parent, _, _)| tx.holds_table(parent)) {
        let link = links.entry(id).or_insert_with(|| Link { parent, from: Vec::new(), to: Vec::new() });
        link.from.push(from);
        link.to.push(to);
    }
    Ok(links.into_values().collect())
}

impl Link {
    /// What `row` needs to be there; nothing when a part of the key is empty.
    fn wants(&self, columns: &[&str], row: &[Val]) -> Option<Wanted> {
        let place = |name: &String| columns.iter().position(|column| column == name);
        let key: Vec<Val> = self.from.iter().map(|name| row.get(place(name)?).cloned()).collect::<Option<_>>()?;
        if key.contains(&Val::Null) {
            return None;
        }
        let conditions: Vec<String> = (1..).zip(&self.to).map(|(n, column)| format!("\"{column}\" = ?{n}")).collect();
        Some((format!("SELECT 1 FROM {} WHERE {}", self.parent, conditions.join(" AND ")), key))
    }
}
