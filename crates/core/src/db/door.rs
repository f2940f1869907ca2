//! The statements of the record door: built by sea-query once per shape, then kept as text.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sea_query::{Alias, Expr, ExprTrait, Order, PostgresQueryBuilder, Query, SqliteQueryBuilder};

use super::portable::Dialect;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Shape {
    Insert(&'static str, usize),
    Update(&'static str, Vec<usize>),
    Delete(&'static str),
    ReadMany(&'static str, usize),
    RemoveMany(&'static str, usize),
    Select(&'static str, Vec<&'static str>, usize),
}

type Shapes = HashMap<(Dialect, Shape), Arc<str>>;
static SHAPES: RwLock<Option<Shapes>> = RwLock::new(None);

fn cached(dialect: Dialect, shape: Shape, build: impl FnOnce() -> String) -> Arc<str> {
    let key = (dialect, shape);
    if let Some(text) = SHAPES.read().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(|shapes| shapes.get(&key)) {
        return Arc::clone(text);
    }
    let text: Arc<str> = build().into();
    SHAPES.write().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().insert(key, Arc::clone(&text));
    text
}

macro_rules! text {
    ($statement:expr, $dialect:expr) => {
        match $dialect {
            Dialect::Sqlite => $statement.build(SqliteQueryBuilder).0,
            Dialect::Postgres => $statement.build(PostgresQueryBuilder).0,
        }
    };
}

/// `INSERT` of `rows` rows.
pub fn insert(dialect: Dialect, table: &'static str, columns: &'static [&'static str], rows: usize) -> Arc<str> {
    cached(dialect, Shape::Insert(table, rows), || {
        let mut statement = Query::insert();
        statement.into_table(Alias::new(table)).columns(columns.iter().map(|c| Alias::new(*c)));
        for _ in 0..rows {
            statement.values_panic(columns.iter().map(|_| Expr::value(0)));
        }
        text!(statement, dialect)
    })
}

/// `UPDATE` of the columns at `places`, found by the first `keys` columns.
pub fn update(dialect: Dialect, table: &'static str, columns: &'static [&'static str], keys: usize, places: &[usize]) -> Arc<str> {
    cached(dialect, Shape::Update(table, places.to_vec()), || {
        let mut statement = Query::update();
        statement.table(Alias::new(table));
        for column in places.iter().filter_map(|place| columns.get(*place)) {
            statement.value(Alias::new(*column), 0);
        }
        for key in columns.iter().take(keys) {
            statement.and_where(Expr::col(Alias::new(*key)).eq(0));
        }
        text!(statement, dialect)
    })
}

/// `DELETE` of one row, found by its key.
pub fn delete(dialect: Dialect, table: &'static str, keys: &'static [&'static str]) -> Arc<str> {
    cached(dialect, Shape::Delete(table), || {
        let mut statement = Query::delete();
        statement.from_table(Alias::new(table));
        for key in keys {
            statement.and_where(Expr::col(Alias::new(*key)).eq(0));
        }
        text!(statement, dialect)
    })
}

/// `SELECT` of `rows` rows of SQLite, found by their keys.
pub fn read_many(table: &'static str, columns: &'static [&'static str], keys: usize, rows: usize) -> Arc<str> {
    cached(Dialect::Sqlite, Shape::ReadMany(table, rows), || format!("SELECT {} FROM \"{table}\" WHERE {}", names(columns), among_keys(columns, keys, rows)))
}

/// `DELETE` of `rows` rows of SQLite, found by their keys.
pub fn remove_many(table: &'static str, columns: &'static [&'static str], keys: usize, rows: usize) -> Arc<str> {
    cached(Dialect::Sqlite, Shape::RemoveMany(table, rows), || format!("DELETE FROM \"{table}\" WHERE {}", among_keys(columns, keys, rows)))
}

fn among_keys(columns: &[&str], keys: usize, rows: usize) -> String {
    let one = format!("({})", vec!["?"; keys].join(", "));
    format!("({}) IN (VALUES {})", names(columns.get(..keys).unwrap_or_default()), vec![one.as_str(); rows].join(", "))
}

fn names(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

/// `SELECT` of the rows whose `by` columns equal parameters, ordered by the first `sorted`
/// columns.
pub fn select(dialect: Dialect, table: &'static str, columns: &'static [&'static str], by: &[&'static str], sorted: usize) -> Arc<str> {
    cached(dialect, Shape::Select(table, by.to_vec(), sorted), || {
        let mut statement = Query::select();
        statement.columns(columns.iter().map(|c| Alias::new(*c))).from(Alias::new(table));
        for column in by {
            statement.and_where(Expr::col(Alias::new(*column)).eq(0));
        }
        for column in columns.iter().take(sorted) {
            statement.order_by(Alias::new(*column), Order::Asc);
        }
        text!(statement, dialect)
    })
}
