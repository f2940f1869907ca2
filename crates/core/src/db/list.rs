//! Lists of any record: filters, sorting, keyset pages and search-as-you-type, built by sea-query
//! from what the register knows of the record. Never OFFSET, never an unbounded answer.

use sea_query::{Alias, Cond, Expr, ExprTrait, Order, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder};
use serde::{Deserialize, Serialize};

use super::portable::Dialect;
use super::tx::Tx;
use crate::shared::error::{Error, Result};
use crate::shared::record::{Field, RecordEntry};
use crate::shared::value::{FieldKind, Val};
use crate::shared::{Currency, Date, Id, Minor, Price, Quantity, Rate};

/// The most rows a page may have.
pub const LIMIT_MAX: u16 = 500;
/// How many hits a search considers.
const SEARCH_CAP: i32 = 500;

/// One condition on a column.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Filter {
    /// The column.
    pub field: String,
    /// `=`, `<>`, `<`, `<=`, `>`, `>=` or `starts`.
    pub op: String,
    /// The value, in its JSON form; null for "is empty".
    pub value: serde_json::Value,
}

/// Where a page ends: the sort value and the key of its last row.
pub type Cursor = serde_json::Value;

/// What to list.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ListQuery {
    /// Words to search for, as typed.
    pub text: Option<String>,
    /// Conditions, all of which hold.
    #[serde(default)]
    pub r#where: Vec<Filter>,
    /// The column to sort by; the first key column when absent.
    pub sort: Option<String>,
    /// Largest first.
    #[serde(default)]
    pub descending: bool,
    /// The `next` of the page before.
    pub after: Option<Cursor>,
    /// Rows on the page, at most 500.
    pub limit: Option<u16>,
}

/// One page.
#[derive(Debug)]
pub struct Page {
    /// The rows, all columns in the record's order.
    pub rows: Vec<Vec<Val>>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<Cursor>,
}

/// Lists rows of `record`.
pub fn list(tx: &mut Tx<'_>, record: &RecordEntry, query: &ListQuery) -> Result<Page> {
    let limit = query.limit.unwrap_or(100).clamp(1, LIMIT_MAX);
    let fields = (record.fields)();
    let sort = sort_column(record, query)?;
    let mut statement = Query::select();
    statement.from(Alias::new(record.table)).columns(record.columns.iter().map(|c| Alias::new(*c)));
    for filter in &query.r#where {
        add_filter(&mut statement, &fields, filter)?;
    }
    if let Some(text) = query.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        add_search(&mut statement, tx.dialect(), record, text);
    }
    if let Some(after) = &query.after {
        add_cursor(&mut statement, record, &fields, sort, query.descending, after)?;
    }
    let order = if query.descending { Order::Desc } else { Order::Asc };
    statement.order_by(Alias::new(sort), order.clone());
    for key in record.columns.iter().take(record.keys).filter(|key| **key != sort) {
        statement.order_by(Alias::new(*key), order.clone());
    }
    statement.limit(u64::from(limit) + 1);
    fetch(tx, record, &statement, sort, limit)
}

fn fetch(tx: &mut Tx<'_>, record: &RecordEntry, statement: &SelectStatement, sort: &str, limit: u16) -> Result<Page> {
    let (sql, values) = match tx.dialect() {
        Dialect::Sqlite => statement.build(SqliteQueryBuilder),
        Dialect::Postgres => statement.build(PostgresQueryBuilder),
    };
    let values: Vec<Val> = values.0.into_iter().map(from_sea).collect::<Result<_>>()?;
    let mut rows = Vec::new();
    tx.each(&sql, &values, |cells| {
        rows.push(cells);
        Ok(())
    })?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = if more { rows.last().map(|row| cursor_of(record, row, sort)) } else { None };
    Ok(Page { rows, next })
}

fn sort_column(record: &RecordEntry, query: &ListQuery) -> Result<&'static str> {
    let wanted = query.sort.as_deref().or(record.columns.first().copied()).unwrap_or_default();
    let unknown = || Error::invalid("list.unknown_field").arg("name", wanted).field("sort");
    record.columns.iter().find(|c| **c == wanted).copied().ok_or_else(unknown)
}

fn add_filter(statement: &mut SelectStatement, fields: &[Field], filter: &Filter) -> Result<()> {
    let unknown = || Error::invalid("list.unknown_field").arg("name", &filter.field).field("where");
    let field = fields.iter().find(|f| f.name == filter.field).ok_or_else(unknown)?;
    let column = || Expr::col(Alias::new(field.name));
    if filter.value.is_null() {
        statement.and_where(if filter.op == "<>" { column().is_not_null() } else { column().is_null() });
        return Ok(());
    }
    let val = read_value(field, &filter.value)?;
    if filter.op == "starts" {
        let Val::Text(prefix) = val else { return Err(unknown()) };
        statement.and_where(column().gte(prefix.clone())).and_where(column().lt(format!("{prefix}\u{10ffff}")));
        return Ok(());
    }
    let value = to_sea(val);
    statement.and_where(match filter.op.as_str() {
        "=" => column().eq(value),
        "<>" => column().ne(value),
        "<" => column().lt(value),
        "<=" => column().lte(value),
        ">" => column().gt(value),
        ">=" => column().gte(value),
        _ => return Err(Error::invalid("list.unknown_operator").arg("name", &filter.op).field("where")),
    });
    Ok(())
}

/// `sort >= v AND (sort > v OR key > k)`: keeps to the index on both databases.
fn add_cursor(statement: &mut SelectStatement, record: &RecordEntry, fields: &[Field], sort: &'static str, descending: bool, after: &Cursor) -> Result<()> {
    let bad = || Error::invalid("list.cursor").field("after");
    let field = |name: &str| fields.iter().find(|f| f.name == name).ok_or_else(bad);
    let value = to_sea(read_value(field(sort)?, after.get("sort").ok_or_else(bad)?)?);
    let key_name = *record.columns.first().ok_or_else(bad)?;
    let key = to_sea(read_value(field(key_name)?, after.get("key").ok_or_else(bad)?)?);
    let (sort, key_column) = (|| Expr::col(Alias::new(sort)), || Expr::col(Alias::new(key_name)));
    if descending {
        statement.and_where(sort().lte(value.clone()));
        statement.cond_where(Cond::any().add(sort().lt(value)).add(key_column().lt(key)));
    } else {
        statement.and_where(sort().gte(value.clone()));
        statement.cond_where(Cond::any().add(sort().gt(value)).add(key_column().gt(key)));
    }
    Ok(())
}

/// Restricts to rows whose search columns hold every typed word as a prefix.
fn add_search(statement: &mut SelectStatement, dialect: Dialect, record: &RecordEntry, text: &str) {
    let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(8).map(str::to_lowercase).collect();
    if words.is_empty() || record.search.is_empty() {
        statement.and_where(Expr::cust("1 = 0"));
        return;
    }
    match dialect {
        Dialect::Sqlite if record.full_text => {
            let matching = words.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ");
            let sql = format!(
                "id IN (SELECT s.id FROM {t}_search s WHERE s.n IN (SELECT rowid FROM {t}_fts WHERE {t}_fts MATCH ? ORDER BY rowid LIMIT {SEARCH_CAP}))",
                t = record.table
            );
            statement.and_where(Expr::cust_with_values(sql, [matching]));
        }
        _ => {
            let mark = if dialect == Dialect::Sqlite { "?" } else { "$1" };
            for word in words {
                let pattern = format!("% {}%", word.replace(['%', '_'], ""));
                let holds = |column: &&str| Expr::cust_with_values(format!("{} LIKE {mark}", words_of(column)), [pattern.clone()]);
                statement.cond_where(record.search.iter().fold(Cond::any(), |any, column| any.add(holds(column))));
            }
        }
    }
}

/// A column as words with a space before each: what is not a letter or digit parts them.
fn words_of(column: &str) -> String {
    let plain = ["-", ".", "@", "/", "_", ",", "(", "&"].iter().fold(format!("lower({column})"), |text, sign| format!("replace({text}, '{sign}', ' ')"));
    format!("' ' || {plain}")
}

fn cursor_of(record: &RecordEntry, row: &[Val], sort: &str) -> Cursor {
    let place = record.columns.iter().position(|c| *c == sort).unwrap_or_default();
    let fields = (record.fields)();
    let json = |index: usize| match (row.get(index), fields.get(index)) {
        (Some(val), Some(field)) => show_value(field.kind, val),
        _ => serde_json::Value::Null,
    };
    serde_json::json!({ "sort": json(place), "key": json(0) })
}

/// The JSON form of a stored value.
pub fn show_value(kind: FieldKind, val: &Val) -> serde_json::Value {
    match (kind, val) {
        (_, Val::Null) => serde_json::Value::Null,
        (FieldKind::Bool, Val::Int(int)) => (*int != 0).into(),
        (FieldKind::Price | FieldKind::Quantity | FieldKind::Rate, Val::Int(int)) => Quantity::from_micros(*int).to_string().into(),
        (_, Val::Int(int)) => (*int).into(),
        (_, Val::Text(text)) => text.as_str().into(),
        (_, Val::Id(bytes)) => Id::<()>::from_bytes(*bytes).to_string().into(),
        (_, Val::Bytes(bytes)) => bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into(),
    }
}

/// Reads the JSON form of a value of `field`.
fn read_value(field: &Field, value: &serde_json::Value) -> Result<Val> {
    use crate::shared::command::read_args;
    use crate::shared::value::Column;
    let value = value.clone();
    let read = || match field.kind {
        FieldKind::Money => read_args::<Minor>(value).map(|v| v.to_val()),
        FieldKind::Price => read_args::<Price>(value).map(|v| v.to_val()),
        FieldKind::Quantity => read_args::<Quantity>(value).map(|v| v.to_val()),
        FieldKind::Rate => read_args::<Rate>(value).map(|v| v.to_val()),
        FieldKind::Date => read_args::<Date>(value).map(|v| v.to_val()),
        FieldKind::Bool => read_args::<bool>(value).map(|v| v.to_val()),
        FieldKind::Integer | FieldKind::Instant => read_args::<i64>(value).map(Val::Int),
        FieldKind::Reference | FieldKind::Id => read_args::<Id<()>>(value).map(|v| v.to_val()),
        FieldKind::Currency => read_args::<Currency>(value).map(|v| v.to_val()),
        FieldKind::Text | FieldKind::Choice | FieldKind::Country => read_args::<String>(value).map(Val::Text),
        FieldKind::Bytes => Err(Error::invalid("list.unknown_field").arg("name", field.name)),
    };
    read().map_err(|e| e.field(field.name))
}

fn to_sea(val: Val) -> sea_query::Value {
    match val {
        Val::Null => sea_query::Value::String(None),
        Val::Int(int) => int.into(),
        Val::Text(text) => text.into(),
        Val::Id(bytes) => bytes.to_vec().into(),
        Val::Bytes(bytes) => bytes.into(),
    }
}

fn from_sea(value: sea_query::Value) -> Result<Val> {
    use sea_query::Value as V;
    Ok(match value {
        V::BigInt(Some(int)) => Val::Int(int),
        V::BigUnsigned(Some(int)) => Val::Int(i64::try_from(int).unwrap_or(i64::MAX)),
        V::Int(Some(int)) => Val::Int(int.into()),
        V::String(Some(text)) => Val::Text(text.to_string()),
        V::Bytes(Some(bytes)) => <[u8; 16]>::try_from(bytes.as_slice()).map_or_else(|_| Val::Bytes(bytes.to_vec()), Val::Id),
        V::String(None) => Val::Null,
        _ => return Err(Error::internal("list.value")),
    })
}
