//! Links between rows, where SQLite does not check them: while entries are run again, because its
//! checks would stop all of them for one broken entry, and search whole tables; and in books that do not
//! hold everything, because rows point to rows which only the server has.

use std::collections::{BTreeMap, HashSet};

use super::tx::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::Val;

/// The foreign keys of every table.
type Links = BTreeMap<String, Vec<Link>>;

/// Links that lead to a row: which, and its key. Keys of rows do not change, so only a removal makes one wrong.
pub(super) type Linked = HashSet<(usize, Vec<Val>)>;

/// A foreign key: from which columns to which table, and the statement that finds the row there.
#[derive(Default)]
struct Link {
    number: usize,
    parent: String,
    from: Vec<String>,
    to: Vec<String>,
    finds: String,
}

impl Tx<'_> {
    /// `row.missing_link` when a row that was written since the last [`Tx::take_log`] points to one that is not
    /// there. Where the database checks at once there is nothing to do.
    pub fn check_links(&mut self) -> Result<()> {
        if !self.links_are_open() {
            return self.check_links_behind();
        }
        let links = self.known(&[], load)?;
        for (link, key) in self.links_written(&links) {
            if !self.is_linked(link, &key)? {
                return Err(Error::new(Kind::Invalid, "row.missing_link").arg("what", "FOREIGN KEY constraint failed"));
            }
            self.linked().insert((link.number, key));
        }
        Ok(())
    }
    fn is_linked(&mut self, link: &Link, key: &[Val]) -> Result<bool> {
        if !self.aside.is_key(&link.parent, &link.to) {
            return Ok(self.opt::<(i64,)>(&link.finds, key)?.is_some());
        }
        Ok(!self.aside.has(&link.parent, key) && self.opt_seen::<(i64,)>(&link.finds, key)?.is_some())
    }
    /// Follows every link again from now on: rows were removed beside the door.
    pub(crate) fn forget_links(&mut self) {
        self.linked().clear();
    }
    /// The links of the rows that were written, without those that were followed already.
    fn links_written<'l>(&mut self, links: &'l Links) -> Vec<(&'l Link, Vec<Val>)> {
        let mut wanted: BTreeMap<(usize, Vec<Val>), &'l Link> = BTreeMap::new();
        for change in self.log().changes() {
            let row = change.after.as_deref().unwrap_or_default();
            for link in links.get(change.table).into_iter().flatten().filter(|link| self.holds_table(&link.parent)) {
                if let Some(key) = link.key(change.columns, row) {
                    wanted.insert((link.number, key), link);
                }
            }
        }
        let linked = self.linked();
        wanted.into_iter().filter(|(place, _)| !linked.contains(place)).map(|((_, key), link)| (link, key)).collect()
    }
}

fn load(tx: &mut Tx<'_>) -> Result<Links> {
    let sql = "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f \
               WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq";
    let rows: Vec<(String, i64, String, String, String)> = tx.all(sql, &[])?;
    let mut keys: BTreeMap<(String, i64), Link> = BTreeMap::new();
    for (table, id, parent, from, to) in rows {
        let link = keys.entry((table, id)).or_default();
        link.from.push(from);
        let condition = format!("\"{to}\" = ?{}", link.from.len());
        link.to.push(to);
        link.finds = if link.finds.is_empty() { format!("SELECT 1 FROM {parent} WHERE {condition}") } else { format!("{} AND {condition}", link.finds) };
        link.parent = parent;
    }
    let mut links = Links::new();
    for (number, ((table, _), mut link)) in keys.into_iter().enumerate() {
        link.number = number;
        links.entry(table).or_default().push(link);
    }
    Ok(links)
}

impl Link {
    /// The key that `row` points to; none when a part of it is empty.
    fn key(&self, columns: &[&str], row: &[Val]) -> Option<Vec<Val>> {
        let place = |name: &String| columns.iter().position(|column| column == name);
        let key: Vec<Val> = self.from.iter().map(|name| row.get(place(name)?).cloned()).collect::<Option<_>>()?;
        if key.contains(&Val::Null) { None } else { Some(key) }
    }
}
