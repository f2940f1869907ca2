//! Lists of any record: filters, sorting, keyset pages, counting and search-as-you-type, built by
//! sea-query from what the register knows of the record. Pages begin at keys; a place far away is found from the
//! nearest known one by passing over keys alone. Never an unbounded answer.

mod conditions;
mod near;
mod order;
mod proof;
mod search;
mod sums;
mod values;

use sea_query::{Alias, Asterisk, Cond, Expr, ExprTrait, Func, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder};
use serde::{Deserialize, Serialize};

use self::order::Sorting;
use self::values::from_sea;
use super::portable::Dialect;
use super::tx::Tx;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Result};
use crate::shared::record::{Field, RecordEntry};
use crate::shared::value::{FieldKind, Val};

pub use self::near::list_near;
pub use self::proof::verify_search;
pub use self::sums::{Sum, sums};
pub use self::values::show_value;

/// The most rows a page may have.
pub const LIMIT_MAX: u16 = 500;

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

/// Where a page ends: the values of its last row by the columns of the order.
pub type Cursor = serde_json::Value;

/// What to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ListQuery {
    /// Words to search for, as typed.
    pub text: Option<String>,
    /// Conditions, all of which hold.
    #[serde(default)]
    pub r#where: Vec<Filter>,
    /// The column to sort by; the record's own order when absent.
    pub sort: Option<String>,
    /// Largest first; without `sort`, the record's own order the other way round.
    #[serde(default)]
    pub descending: bool,
    /// The `next` of the page before.
    pub after: Option<Cursor>,
    /// Rows passed over between there and the page: read as keys alone.
    #[serde(default)]
    pub skip: u32,
    /// Who looks: the private rows of others are left out. Nobody in particular when absent.
    #[serde(skip)]
    pub seen_by: Option<UserId>,
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
    /// Where the rows before the page begin, read the other way round; none where the page is empty.
    pub first: Option<Cursor>,
}

/// How long a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Rows of all its pages together.
    pub total: i64,
    /// Whether the search found more than it considers, so that narrower words may find other rows.
    pub more: bool,
}

/// Lists rows of `record`.
pub fn list(tx: &mut Tx<'_>, record: &RecordEntry, query: &ListQuery) -> Result<Page> {
    let limit = query.limit.unwrap_or(100).clamp(1, LIMIT_MAX);
    let fields = (record.fields)();
    let sorting = Sorting::of(record, &fields, query)?;
    let mut statement = rows(tx.dialect(), record, &fields, query)?;
    if let Some(after) = &query.after {
        sorting.begin_after(&mut statement, after)?;
    }
    sorting.apply(&mut statement);
    statement.limit(u64::from(limit) + 1);
    if query.skip > 0 {
        statement.offset(u64::from(query.skip));
    }
    let statement = whole_rows(record, statement, &sorting, typed(query).is_some() || query.skip > 0);
    let mut rows = fetch(tx, &statement)?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = if more { rows.last().map(|row| sorting.cursor(row)) } else { None };
    let first = rows.first().map(|row| sorting.cursor(row));
    Ok(Page { rows, next, first })
}

/// Adds the columns. Of a search, which must sort all its hits, and of what is passed over, only the rows on the page
/// are read in whole.
fn whole_rows(record: &RecordEntry, mut page: SelectStatement, sorting: &Sorting<'_>, sorts: bool) -> SelectStatement {
    let columns = || record.columns.iter().map(|column| Alias::new(*column));
    match record.columns.first().filter(|_| sorts && record.keys == 1) {
        Some(key) => {
            page.column(Alias::new(*key));
            let mut whole = Query::select();
            whole.columns(columns()).from(Alias::new(record.table)).and_where(Expr::col(Alias::new(*key)).in_subquery(page));
            sorting.apply(&mut whole);
            whole
        }
        None => {
            page.columns(columns());
            page
        }
    }
}

/// How many rows all pages of `query` have together, wherever it begins. Without conditions, and for
/// what is in use, it is read from an index alone.
pub fn count(tx: &mut Tx<'_>, record: &RecordEntry, query: &ListQuery) -> Result<Count> {
    let mut statement = rows(tx.dialect(), record, &(record.fields)(), query)?;
    statement.expr(Func::count(Expr::col(Asterisk)));
    let found = fetch(tx, &statement)?;
    let Some([Val::Int(total)]) = found.first().map(Vec::as_slice) else { return Err(Error::internal("list.value")) };
    let more = match typed(query) {
        Some(text) => search::is_capped(tx, record, text)?,
        None => false,
    };
    Ok(Count { total: *total, more })
}

/// The rows that `query` is about, without columns, order and pages.
fn rows(dialect: Dialect, record: &RecordEntry, fields: &[Field], query: &ListQuery) -> Result<SelectStatement> {
    let mut statement = Query::select();
    statement.from(Alias::new(record.table));
    for filter in &query.r#where {
        conditions::add(&mut statement, fields, filter)?;
    }
    if let (Some((owner, shared)), Some(user)) = (record.private, query.seen_by) {
        let own = Expr::col(Alias::new(owner)).eq(user.bytes().to_vec());
        statement.cond_where(Cond::any().add(own).add(Expr::col(Alias::new(shared)).eq(1)));
    }
    if let Some(text) = typed(query) {
        search::add(&mut statement, dialect, record, text);
    }
    Ok(statement)
}

/// A list has no such column, or it cannot be compared.
fn unknown_field<'f>(name: &str, fields: impl IntoIterator<Item = &'f Field>) -> Error {
    let known: Vec<&str> = fields.into_iter().filter(|field| field.kind != FieldKind::Bytes).map(|field| field.name).collect();
    Error::invalid("list.unknown_field").arg("name", name).arg("known", known.join(", "))
}

/// The words to search for, if any.
fn typed(query: &ListQuery) -> Option<&str> {
    query.text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn fetch(tx: &mut Tx<'_>, statement: &SelectStatement) -> Result<Vec<Vec<Val>>> {
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
    Ok(rows)
}
