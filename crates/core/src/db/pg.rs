//! One PostgreSQL connection: statements prepared once, `?1` parameters turned into `$1`.
//!
//! The server plans a prepared statement again whenever the search path is another one than at its last
//! run, which costs more than most statements. So a connection keeps statements of their own for the
//! schemas that it serves ([`SCHEMAS_MAX`]); others share theirs.

use std::collections::{HashMap, HashSet};

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut};
use postgres::{Client, Statement};

use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::Val;

/// So many statements a connection keeps prepared; with more it forgets all and begins anew.
const STATEMENTS_MAX: usize = 2000;
/// Statements with more values than this are always shared: they write many rows at once, are planned fast for
/// what they do, and take a lot of memory.
const VALUES_MAX: usize = 64;
/// So many schemas have statements of their own on a connection.
pub(super) const SCHEMAS_MAX: usize = 32;
/// A schema that was not served for so many transactions gives its place to another.
const UNUSED_MAX: u64 = 1000;
/// A connection that has met so many schemas is closed: its server process remembers the tables of each for as
/// long as it lives.
const MET_MAX: usize = 200;

/// A connection with its prepared statements.
pub struct PgConn {
    client: Client,
    own: HashMap<String, Own>,
    shared: Statements,
    /// How many statements are prepared.
    prepared: usize,
    schema: String,
    met: HashSet<String>,
    turn: u64,
    within: bool,
}

type Statements = HashMap<String, Statement>;

/// The statements of one schema, and in which transaction of the connection they were used last.
#[derive(Default)]
struct Own {
    statements: Statements,
    used: u64,
}

impl PgConn {
    pub(super) fn new(client: Client) -> Self {
        let (own, shared, met) = (HashMap::new(), HashMap::new(), HashSet::new());
        PgConn { client, own, shared, prepared: 0, schema: String::new(), met, turn: 0, within: false }
    }
    /// Whether it has statements of `schema`'s own.
    pub(super) fn knows(&self, schema: &str) -> bool {
        self.own.contains_key(schema)
    }
    /// Of how many schemas it has statements of their own.
    pub(super) fn known(&self) -> usize {
        self.own.len()
    }
    /// Whether it may be used again: connected, outside any transaction, and not grown too large.
    pub(super) fn is_sound(&self) -> bool {
        !self.within && !self.client.is_closed() && self.met.len() < MET_MAX
    }
    /// Begins a transaction with everything it may see, in one round trip.
    pub(super) fn begin(&mut self, schema: &str, statements: &str) -> Result<()> {
        if self.schema != schema {
            self.turn_to(schema);
        }
        self.turn += 1;
        if let Some(own) = self.own.get_mut(schema) {
            own.used = self.turn;
        }
        self.within = true;
        self.batch(statements)
    }
    /// Ends it with `COMMIT` or `ROLLBACK`.
    pub(super) fn end(&mut self, statement: &str) -> Result<()> {
        self.batch(statement)?;
        self.within = false;
        Ok(())
    }

    pub(super) fn run(&mut self, sql: &str, values: &[Val]) -> Result<usize> {
        self.run_bound(sql, &bind(values))
    }
    /// The same with parameters of any type.
    pub(super) fn run_bound(&mut self, sql: &str, bound: &[&(dyn ToSql + Sync)]) -> Result<usize> {
        let statement = self.prepared(sql, bound.len())?;
        let rows = self.client.execute(&statement, bound).map_err(pg_error)?;
        usize::try_from(rows).map_err(|e| Error::internal("db.statement").caused_by(e))
    }
    pub(super) fn query(&mut self, sql: &str, values: &[Val]) -> Result<Vec<Vec<Val>>> {
        let statement = self.prepared(sql, values.len())?;
        let rows = self.client.query(&statement, &bind(values)).map_err(pg_error)?;
        rows.iter().map(read_row).collect()
    }
    /// Calls `visit` with every row, as they arrive.
    pub(super) fn each(&mut self, sql: &str, values: &[Val], visit: &mut dyn FnMut(Vec<Val>) -> Result<()>) -> Result<()> {
        let statement = self.prepared(sql, values.len())?;
        let mut rows = self.client.query_raw(&statement, bind(values)).map_err(pg_error)?;
        while let Some(row) = rows.next().map_err(pg_error)? {
            visit(read_row(&row)?)?;
        }
        Ok(())
    }
    pub(super) fn batch(&mut self, sql: &str) -> Result<()> {
        self.client.batch_execute(sql).map_err(pg_error)
    }
    fn prepared(&mut self, sql: &str, values: usize) -> Result<Statement> {
        if let Some(statement) = self.statements(values).get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared >= STATEMENTS_MAX {
            self.own.values_mut().for_each(|own| own.statements.clear());
            self.shared.clear();
            self.prepared = 0;
        }
        let statement = self.client.prepare(&dollars(sql)).map_err(pg_error)?;
        self.prepared += 1;
        self.statements(values).insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
    /// The statements with so many values for the schema of this transaction.
    fn statements(&mut self, values: usize) -> &mut Statements {
        match self.own.get_mut(&self.schema) {
            Some(own) if values <= VALUES_MAX => &mut own.statements,
            _ => &mut self.shared,
        }
    }
    /// Serves another schema, with statements of its own when there is a place for them.
    fn turn_to(&mut self, schema: &str) {
        schema.clone_into(&mut self.schema);
        self.met.insert(schema.to_owned());
        if !self.knows(schema) && (self.own.len() < SCHEMAS_MAX || self.forget_unused()) {
            self.own.insert(schema.to_owned(), Own::default());
        }
    }
    /// Forgets the schema that was served longest ago, if that is long enough; whether there was one.
    fn forget_unused(&mut self) -> bool {
        let longest = self.own.iter().min_by_key(|(_, own)| own.used).filter(|(_, own)| self.turn - own.used > UNUSED_MAX);
        let unused = longest.map(|(schema, _)| schema.clone()).and_then(|schema| self.own.remove(&schema));
        self.prepared -= unused.as_ref().map_or(0, |own| own.statements.len());
        unused.is_some()
    }
}

/// `?12` → `$12`.
fn dollars(sql: &str) -> String {
    sql.replace('?', "$")
}

fn bind(values: &[Val]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

fn read_row(row: &postgres::Row) -> Result<Vec<Val>> {
    (0..row.len()).map(|index| row.try_get::<_, Val>(index).map_err(pg_error)).collect()
}

type Boxed = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Val {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Boxed> {
        match self {
            Val::Null => Ok(IsNull::Yes),
            Val::Int(int) if *kind == Type::INT4 => i32::try_from(*int)?.to_sql(kind, out),
            Val::Int(int) => int.to_sql(&Type::INT8, out),
            Val::Text(text) => text.as_str().to_sql(&Type::TEXT, out),
            Val::Id(bytes) => bytes.as_slice().to_sql(&Type::BYTEA, out),
            Val::Bytes(bytes) => bytes.as_slice().to_sql(&Type::BYTEA, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Val {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> std::result::Result<Self, Boxed> {
        Ok(match *kind {
            Type::INT8 => Val::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Val::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Val::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => Val::Int(bool::from_sql(kind, raw)?.into()),
            Type::UUID => Val::Id(<[u8; 16]>::try_from(raw)?),
            Type::BYTEA => <[u8; 16]>::try_from(raw).map_or_else(|_| Val::Bytes(raw.to_vec()), Val::Id),
            _ => Val::Text(std::str::from_utf8(raw)?.to_owned()),
        })
    }
    fn from_sql_null(_: &Type) -> std::result::Result<Self, Boxed> {
        Ok(Val::Null)
    }
    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL | Type::UUID | Type::BYTEA | Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR)
    }
}

/// Sorts a PostgreSQL error into a kind with a code.
pub(super) fn pg_error(error: postgres::Error) -> Error {
    let state = error.code().map(|code| code.code().to_owned()).unwrap_or_default();
    let what = error.as_db_error().map(|e| e.constraint().or(e.table()).unwrap_or(e.message()).to_owned()).unwrap_or_default();
    let (kind, code) = match state.as_str() {
        "23505" => (Kind::Conflict, "row.exists"),
        "23503" => (Kind::Invalid, "row.missing_link"),
        "23514" | "23502" => (Kind::Invalid, "row.check"),
        "23001" => (Kind::State, "row.final"),
        "53100" => (Kind::Storage, "disk.full"),
        // Only taking a role by name answers 22023: the tenant was dropped.
        "22023" => (Kind::NotFound, "tenant.unknown"),
        "42501" => (Kind::Denied, "server.denied"),
        "40001" | "40P01" | "55P03" | "57014" => (Kind::Busy, "books.busy"),
        "" | "57P01" | "57P02" | "57P03" | "08006" | "08003" => (Kind::Storage, "server.unreachable"),
        _ => (Kind::Internal, "db.statement"),
    };
    Error::new(kind, code).arg("what", what.trim_start_matches("final:")).caused_by(error)
}
