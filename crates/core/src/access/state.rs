//! Facts about the tenant as a whole.

use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::vals;

const SUSPENDED: &str = "suspended";

/// Whether nobody may come in at present.
pub fn is_suspended(tx: &mut Tx<'_>) -> Result<bool> {
    let row: Option<(String,)> = tx.opt("SELECT value FROM access_state WHERE name = ?1", vals![SUSPENDED.to_owned()])?;
    Ok(row.is_some_and(|(value,)| value == "yes"))
}

/// `tenant.suspended` when nobody may come in.
pub fn check_open(tx: &mut Tx<'_>) -> Result<()> {
    if is_suspended(tx)? { Err(Error::new(Kind::Denied, "tenant.suspended")) } else { Ok(()) }
}

/// Lets nobody in, or everybody again.
pub fn suspend(tx: &mut Tx<'_>, suspended: bool) -> Result<()> {
    let value = if suspended { "yes" } else { "no" };
    let sql = "INSERT INTO access_state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.run(sql, vals![SUSPENDED.to_owned(), value.to_owned()]).map(drop)
}
