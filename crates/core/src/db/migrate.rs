//! Migrations: one stream of SQL for both databases, append-only, each applied once and recorded
//! with its hash. A pair `NNNN_x.sqlite.sql` + `NNNN_x.postgres.sql` is the exception.

use include_dir::{Dir, include_dir};

use super::portable::{Dialect, statements};
use super::tx::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::vals;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");

/// One step of the schema.
#[derive(Debug)]
pub struct Migration {
    /// Its number, from the file name.
    pub number: i64,
    /// The file name.
    pub name: String,
    /// Its text, portable unless the name says a database.
    pub text: &'static str,
    exact: bool,
}

impl Migration {
    /// All migrations for `dialect`, in order.
    pub fn all(dialect: Dialect) -> Vec<Migration> {
        let mut found: Vec<Migration> = FILES.files().filter_map(|file| Migration::read(file, dialect)).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }
    fn read(file: &'static include_dir::File<'static>, dialect: Dialect) -> Option<Migration> {
        let name = file.path().file_name()?.to_str()?.to_owned();
        let number = name.split('_').next()?.parse().ok()?;
        let (other, own) = match dialect {
            Dialect::Sqlite => (".postgres.sql", ".sqlite.sql"),
            Dialect::Postgres => (".sqlite.sql", ".postgres.sql"),
        };
        let usable = name.ends_with(".sql") && !name.ends_with(other);
        usable.then_some(Migration { number, exact: name.ends_with(own), text: file.contents_utf8()?, name })
    }
    /// The names of the views it makes.
    pub fn views(&self) -> impl Iterator<Item = &'static str> {
        self.text.split("CREATE VIEW ").skip(1).filter_map(|rest| rest.split_whitespace().next())
    }
    fn statements(&self, dialect: Dialect) -> Vec<String> {
        if self.exact {
            return self.text.split(";;\n").map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        }
        statements(self.text, dialect)
    }
}

/// The number of the newest migration this program knows.
pub fn newest_known() -> i64 {
    Migration::all(Dialect::Sqlite).last().map(|m| m.number).unwrap_or_default()
}

/// The number of the newest migration applied to these books; 0 for an empty database.
pub fn schema_of(tx: &mut Tx<'_>) -> Result<i64> {
    let exists = match tx.dialect() {
        Dialect::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migration'",
        Dialect::Postgres => "SELECT count(*) FROM information_schema.tables WHERE table_name = 'schema_migration' AND table_schema = current_schema()",
    };
    if tx.one::<i64>(exists, &[])? == 0 {
        return Ok(0);
    }
    tx.one("SELECT coalesce(max(number), 0) FROM schema_migration", &[])
}

/// Applies what is missing, inside the given transaction. `books.newer` when the books know more
/// than this program; they are left untouched then.
pub fn apply(tx: &mut Tx<'_>) -> Result<()> {
    apply_until(tx, i64::MAX)
}

/// Applies what is missing, no further than migration `newest`: how an older program left its books.
pub fn apply_until(tx: &mut Tx<'_>, newest: i64) -> Result<()> {
    let dialect = tx.dialect();
    let have = schema_of(tx)?;
    if have > newest_known() {
        return Err(Error::new(Kind::Incompatible, "books.newer").arg("theirs", have).arg("ours", newest_known()));
    }
    if have == 0 {
        for statement in statements("CREATE TABLE schema_migration (number INT NOT NULL, name TEXT NOT NULL PRIMARY KEY, hash TEXT NOT NULL) PLAIN;\n", dialect)
        {
            tx.batch(&statement)?;
        }
    }
    for migration in Migration::all(dialect).into_iter().filter(|m| m.number > have && m.number <= newest) {
        for statement in migration.statements(dialect) {
            tx.batch(&statement).map_err(|e| Error::internal("books.migration").arg("name", &migration.name).caused_by(e))?;
        }
        let hash = blake3::hash(migration.text.as_bytes()).to_hex().to_string();
        tx.run("INSERT INTO schema_migration (number, name, hash) VALUES (?1, ?2, ?3)", vals![migration.number, migration.name, hash])?;
    }
    Ok(())
}

/// Checks that the migrations applied are the ones this program knows, by hash.
pub fn check_hashes(tx: &mut Tx<'_>) -> Result<()> {
    let applied: Vec<(String, String)> = tx.all("SELECT name, hash FROM schema_migration ORDER BY number", &[])?;
    let known = Migration::all(tx.dialect());
    for (name, hash) in applied {
        let ours = known.iter().find(|m| m.name == name).map(|m| blake3::hash(m.text.as_bytes()).to_hex().to_string());
        if ours.is_some_and(|ours| ours != hash) {
            return Err(Error::new(Kind::Incompatible, "books.schema").arg("name", name));
        }
    }
    Ok(())
}
