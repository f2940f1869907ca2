//! The few words in which the two databases differ. Migrations are written once, in a portable
//! subset; this translates them.
//!
//! | written | SQLite | PostgreSQL |
//! |---|---|---|
//! | `ID` | `BLOB` | `UUID` |
//! | `INT` | `INTEGER` | `BIGINT` |
//! | `BYTES` | `BLOB` | `BYTEA` |
//! | `TEXT` | `TEXT` | `TEXT COLLATE "C"` |
//! | `) CLUSTERED;` | `) STRICT, WITHOUT ROWID;` | `);` |
//! | `) PLAIN;` | `) STRICT;` | `);` |
//! | `NO UPDATE ON t WHEN c;` | a trigger that aborts | a trigger that raises |
//!
//! `NO INSERT`, `NO UPDATE` and `NO DELETE` guard posted rows. On SQLite they yield while a device
//! undoes or applies the feed, which only Daybook's own connections can say (`daybook_replaying()`);
//! on PostgreSQL they never yield.

/// A database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite, on the laptop and as the server's embedded default.
    Sqlite,
    /// PostgreSQL, on the server.
    Postgres,
}

/// The statements of a portable migration for `dialect`.
pub fn statements(portable: &str, dialect: Dialect) -> Vec<String> {
    let text: String = portable.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    text.split(";\n")
        .map(|statement| statement.trim().trim_end_matches(';').trim())
        .filter(|statement| !statement.is_empty())
        .flat_map(|statement| translate(statement, dialect))
        .collect()
}

fn translate(statement: &str, dialect: Dialect) -> Vec<String> {
    if let Some(guard) = statement.strip_prefix("NO ") {
        return guard_triggers(guard, dialect);
    }
    let typed = words(statement, dialect);
    let ended = match dialect {
        Dialect::Sqlite => typed.replace(") CLUSTERED", ") STRICT, WITHOUT ROWID").replace(") PLAIN", ") STRICT"),
        Dialect::Postgres => typed.replace(") CLUSTERED", ")").replace(") PLAIN", ")"),
    };
    vec![ended]
}

/// Replaces the type words, which are whole words in capitals.
fn words(statement: &str, dialect: Dialect) -> String {
    let mut text = String::with_capacity(statement.len());
    let mut word = String::new();
    for c in statement.chars().chain(std::iter::once('\n')) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        text.push_str(type_word(&word, dialect).unwrap_or(&word));
        word.clear();
        text.push(c);
    }
    text.trim_end().to_owned()
}

fn type_word(word: &str, dialect: Dialect) -> Option<&'static str> {
    Some(match (word, dialect) {
        ("ID", Dialect::Sqlite) => "BLOB",
        ("ID", Dialect::Postgres) => "UUID",
        ("INT", Dialect::Sqlite) => "INTEGER",
        ("INT", Dialect::Postgres) => "BIGINT",
        ("BYTES", Dialect::Sqlite) => "BLOB",
        ("BYTES", Dialect::Postgres) => "BYTEA",
        ("TEXT", Dialect::Postgres) => "TEXT COLLATE \"C\"",
        _ => return None,
    })
}

/// `UPDATE ON table WHEN condition` as triggers.
fn guard_triggers(guard: &str, dialect: Dialect) -> Vec<String> {
    let (head, condition) = match guard.split_once(" WHEN ") {
        Some((head, condition)) => (head, condition.trim()),
        None => (guard, "1 = 1"),
    };
    let (operation, table) = head.split_once(" ON ").unwrap_or((head, ""));
    let (operation, table) = (operation.trim(), table.trim());
    let name = format!("{table}_no_{}", operation.to_lowercase());
    match dialect {
        Dialect::Sqlite => vec![format!(
            "CREATE TRIGGER {name} BEFORE {operation} ON {table} WHEN ({condition}) AND daybook_replaying() = 0 \
             BEGIN SELECT RAISE(ABORT, 'final:{table}'); END"
        )],
        Dialect::Postgres => vec![
            format!(
                "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN \
                 RAISE EXCEPTION 'final:{table}' USING ERRCODE = '23001'; END IF; RETURN {}; END $$",
                if operation == "DELETE" { "OLD" } else { "NEW" }
            ),
            format!("CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"),
        ],
    }
}
