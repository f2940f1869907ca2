//! Binding and reading values, for both databases, and the sorting of database errors into kinds.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use crate::shared::error::{Error, Kind};
use crate::shared::value::Val;

impl ToSql for Val {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Val::Null => ValueRef::Null,
            Val::Int(int) => ValueRef::Integer(*int),
            Val::Text(text) => ValueRef::Text(text.as_bytes()),
            Val::Id(bytes) => ValueRef::Blob(bytes),
            Val::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Reads one SQLite cell. Sixteen bytes are left as bytes: the Rust type decides.
pub fn read_cell(cell: ValueRef<'_>) -> Result<Val, Error> {
    match cell {
        ValueRef::Null => Ok(Val::Null),
        ValueRef::Integer(int) => Ok(Val::Int(int)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Val::Text(text.to_owned())),
            Err(e) => Err(Error::new(Kind::Corrupt, "books.value").arg("expected", "text").arg("found", "bytes").caused_by(e)),
        },
        ValueRef::Blob(bytes) => Ok(<[u8; 16]>::try_from(bytes).map_or_else(|_| Val::Bytes(bytes.to_vec()), Val::Id)),
        ValueRef::Real(_) => Err(Error::new(Kind::Corrupt, "books.value").arg("expected", "integer").arg("found", "float")),
    }
}

/// Sorts an SQLite error into a kind with a code.
pub fn sqlite_error(error: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as C;
    let text = error.to_string();
    let Some(failure) = error.sqlite_error() else {
        return Error::internal("db.statement").caused_by(error);
    };
    let (kind, code) = match (failure.code, failure.extended_code) {
        (C::ConstraintViolation, 1555 | 2067) => (Kind::Conflict, "row.exists"),
        (C::ConstraintViolation, 787) => (Kind::Invalid, "row.missing_link"),
        (C::ConstraintViolation, 275 | 1299 | 3091) => (Kind::Invalid, "row.check"),
        (C::ConstraintViolation, 1811) => (Kind::State, "row.final"),
        (C::DiskFull, _) => (Kind::Storage, "disk.full"),
        (C::ReadOnly | C::PermissionDenied, _) => (Kind::Storage, "disk.read_only"),
        (C::SystemIoFailure | C::CannotOpen, _) => (Kind::Storage, "disk.failed"),
        (C::DatabaseBusy | C::DatabaseLocked, _) => (Kind::Busy, "books.busy"),
        (C::DatabaseCorrupt, _) => (Kind::Corrupt, "books.damaged"),
        (C::AuthorizationForStatementDenied, _) => (Kind::State, "scope.absent"),
        (C::NotADatabase, _) => (Kind::Incompatible, "books.not_books"),
        _ => (Kind::Internal, "db.statement"),
    };
    Error::new(kind, code).arg("what", constraint_of(&text)).caused_by(error)
}

/// The column list of `UNIQUE constraint failed: party.code`, or the table of `final:journal_line`.
fn constraint_of(text: &str) -> String {
    let tail = text.rsplit_once(": ").map_or(text, |(_, tail)| tail);
    tail.trim_start_matches("final:").split(" in ").next().unwrap_or_default().to_owned()
}
