//! What PostgreSQL knows of the tables of books: the types of their columns, what it watches in them, and in
//! which order rows may be inserted.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError, RwLock};

use postgres::types::ToSql;

use super::behind::{self, Bound, Row, Rules, Writes};
use super::pg::PgConn;
use super::shape::Shape;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::{FromRow, Val};

/// Types, order and rules; the same for all tenants of a server.
#[derive(Debug, Default)]
pub struct Catalog {
    types: HashMap<(String, String), String>,
    ranks: HashMap<String, usize>,
    tables: HashMap<String, Watched>,
    rules: RwLock<HashMap<&'static str, Arc<Rules>>>,
}

/// What the database watches in a table, by the names of columns.
#[derive(Clone, Debug, Default)]
struct Watched {
    key: Vec<String>,
    required: Vec<String>,
    uniques: Vec<Vec<String>>,
    checks: Vec<(Vec<String>, String)>,
    links: Vec<(Vec<String>, String, Vec<String>, bool)>,
    guarded: bool,
}

/// A foreign key: from a table, to a table, and whether it is looked at only when the transaction ends.
type Link = (String, String, bool);

impl Catalog {
    /// Reads the catalogue of the current schema.
    pub fn read(conn: &mut PgConn) -> Result<Self> {
        let mut catalog = Catalog::default();
        for (table, column, kind, required) in rows::<(String, String, String, i64)>(conn, include_str!("sql/columns.sql"))? {
            let watched = catalog.tables.entry(table.clone()).or_default();
            if required == 1 {
                watched.required.push(column.clone());
            }
            catalog.types.insert((table, column), kind);
        }
        for (table, columns, primary) in rows::<(String, String, i64)>(conn, include_str!("sql/uniques.sql"))? {
            let watched = catalog.tables.entry(table).or_default();
            if primary == 1 { watched.key = names(&columns) } else { watched.uniques.push(names(&columns)) }
        }
        for (table, columns, text) in rows::<(String, String, String)>(conn, include_str!("sql/checks.sql"))? {
            catalog.tables.entry(table).or_default().checks.push((names(&columns), text));
        }
        for (table,) in rows::<(String,)>(conn, include_str!("sql/guards.sql"))? {
            catalog.tables.entry(table).or_default().guarded = true;
        }
        let mut links = Vec::new();
        for (from, columns, to, there, deferred) in rows::<(String, String, String, String, i64)>(conn, include_str!("sql/links.sql"))? {
            catalog.tables.entry(from.clone()).or_default().links.push((names(&columns), to.clone(), names(&there), deferred == 1));
            links.push((from, to, deferred == 1));
        }
        catalog.rank(&links);
        Ok(catalog)
    }
    /// What the database watches in a table.
    pub fn rules(&self, shape: Shape) -> Arc<Rules> {
        if let Some(rules) = self.rules.read().unwrap_or_else(PoisonError::into_inner).get(shape.table) {
            return Arc::clone(rules);
        }
        let rules = Arc::new(self.tables.get(shape.table).map(|watched| self.rules_of(shape, watched)).unwrap_or_default());
        self.rules.write().unwrap_or_else(PoisonError::into_inner).insert(shape.table, Arc::clone(&rules));
        rules
    }
    fn rules_of(&self, shape: Shape, watched: &Watched) -> Rules {
        let places = |names: &[String]| -> Vec<usize> { names.iter().filter_map(|name| shape.columns.iter().position(|column| column == name)).collect() };
        let mut rules = Rules { required: places(&watched.required), guarded: watched.guarded, ..Rules::default() };
        rules.uniques = watched.uniques.iter().map(|names| places(names)).collect();
        for (names, text) in &watched.checks {
            match (places(names).as_slice(), least(text)) {
                ([place], Some(least)) => rules.bounds.push(Bound { place: *place, least }),
                (all, _) => rules.checked.extend(all),
            }
        }
        for (names, parent, columns, deferred) in &watched.links {
            let by_key = self.tables.get(parent).is_some_and(|parent| parent.key == *columns);
            let link = behind::Link { places: places(names), parent: parent.clone(), columns: columns.clone(), by_key, deferred: *deferred };
            rules.links.push(link);
        }
        rules
    }
    /// Rows that others point to come first, but after them where the foreign key waits for the end: those
    /// are the parts of a whole, and the whole is final once it is there.
    fn rank(&mut self, links: &[Link]) {
        let mut order = Vec::new();
        for table in links.iter().flat_map(|(from, to, _)| [from, to]) {
            visit(table, links, &mut HashSet::new(), &mut order);
        }
        self.ranks = order.into_iter().enumerate().map(|(rank, table)| (table.to_owned(), rank)).collect();
    }
    /// The rank of a table: rows of lower ones are inserted first.
    pub fn rank_of(&self, table: &str) -> usize {
        self.ranks.get(table).copied().unwrap_or_default()
    }
    /// `unnest` of one array a column.
    fn unnest(&self, shape: Shape, places: &[usize]) -> Result<String> {
        let mut text = String::from("unnest(");
        for (n, column) in places.iter().filter_map(|place| shape.columns.get(*place)).enumerate() {
            let kind = self.types.get(&(shape.table.to_owned(), (*column).to_owned()));
            let kind = kind.ok_or_else(|| Error::internal("db.statement").arg("what", format!("{}.{column}", shape.table)))?;
            let _ = write!(text, "{}?{}::{kind}[]", if n == 0 { "" } else { ", " }, n + 1);
        }
        text.push(')');
        Ok(text)
    }
}

impl PgConn {
    /// Writes rows of several tables: what goes first, then what is new, then what changes; a statement each.
    pub(super) fn write_all(&mut self, catalog: &Catalog, mut all: Vec<Writes>) -> Result<()> {
        all.sort_by_key(|writes| catalog.rank_of(writes.shape.table));
        for writes in all.iter().rev().filter(|writes| !writes.deletes.is_empty()) {
            self.delete_all(catalog, writes.shape, &writes.deletes)?;
        }
        for writes in all.iter().filter(|writes| !writes.inserts.is_empty()) {
            let places: Vec<usize> = (0..writes.shape.columns.len()).collect();
            let sql = format!("INSERT INTO {} ({}) SELECT * FROM {}", writes.shape.table, quoted(writes.shape.columns), catalog.unnest(writes.shape, &places)?);
            self.run_rows(writes.shape, &sql, &places, &writes.inserts)?;
        }
        for writes in &all {
            for (places, rows) in &writes.updates {
                self.update_all(catalog, writes.shape, places, rows)?;
            }
        }
        Ok(())
    }
    fn delete_all(&mut self, catalog: &Catalog, shape: Shape, keys: &[Row]) -> Result<()> {
        let places: Vec<usize> = (0..shape.keys).collect();
        let named = shape.columns.get(..shape.keys).unwrap_or_default();
        let sql = format!("DELETE FROM {} AS t USING {} AS v({}) WHERE {}", shape.table, catalog.unnest(shape, &places)?, quoted(named), same_key(named));
        self.run_rows(shape, &sql, &places, keys)
    }
    fn update_all(&mut self, catalog: &Catalog, shape: Shape, changed: &[usize], rows: &[Row]) -> Result<()> {
        let places: Vec<usize> = (0..shape.keys).chain(changed.iter().copied()).collect();
        let names: Vec<&'static str> = places.iter().filter_map(|place| shape.columns.get(*place)).copied().collect();
        let (keys, set) = names.split_at(shape.keys.min(names.len()));
        let set: Vec<String> = set.iter().map(|name| format!("\"{name}\" = v.\"{name}\"")).collect();
        let from = catalog.unnest(shape, &places)?;
        let sql = format!("UPDATE {} AS t SET {} FROM {from} AS v({}) WHERE {}", shape.table, set.join(", "), quoted(&names), same_key(keys));
        self.run_rows(shape, &sql, &places, rows)
    }
    /// Runs a statement with the columns at `places` as arrays; as many rows must be concerned as there are.
    fn run_rows(&mut self, shape: Shape, sql: &str, places: &[usize], rows: &[Row]) -> Result<()> {
        let null = Val::Null;
        let columns: Vec<Vec<&Val>> = places.iter().map(|place| rows.iter().map(|row| row.get(*place).unwrap_or(&null)).collect()).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| -> &(dyn ToSql + Sync) { column }).collect();
        if self.run_bound(sql, &bound)? == rows.len() {
            return Ok(());
        }
        Err(Error::new(Kind::Conflict, "row.changed").arg("what", shape.table))
    }
}

fn rows<T: FromRow>(conn: &mut PgConn, sql: &str) -> Result<Vec<T>> {
    conn.query(sql, &[])?.into_iter().map(|row| T::from_row(&mut row.into_iter())).collect()
}

fn names(list: &str) -> Vec<String> {
    list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The least value that `CHECK ((column >= 0))` or `CHECK ((column > 0))` allows.
fn least(check: &str) -> Option<i64> {
    let inner = check.strip_prefix("CHECK ((")?.strip_suffix("))")?;
    let mut words = inner.split(' ');
    let (_, sign, bound) = (words.next()?, words.next()?, words.next()?.parse::<i64>().ok()?);
    match (sign, words.next()) {
        (">=", None) => Some(bound),
        (">", None) => bound.checked_add(1),
        _ => None,
    }
}

/// Puts `table` after everything that has to come before it.
fn visit<'l>(table: &'l String, links: &'l [Link], open: &mut HashSet<&'l str>, order: &mut Vec<&'l str>) {
    if order.contains(&table.as_str()) || !open.insert(table) {
        return;
    }
    for (from, to, deferred) in links {
        match deferred {
            true if to == table => visit(from, links, open, order),
            false if from == table => visit(to, links, open, order),
            _ => {}
        }
    }
    order.push(table);
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

fn same_key(names: &[&str]) -> String {
    names.iter().map(|name| format!("t.\"{name}\" = v.\"{name}\"")).collect::<Vec<_>>().join(" AND ")
}
