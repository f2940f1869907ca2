//! Machines that proved an Ed25519 key of their own.

use crate::db::Tx;
use crate::shared::Instant;
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::{Cells, FromRow, take};
use crate::vals;

/// A machine that may come in.
#[derive(Clone, Debug)]
pub struct AccessDevice {
    /// The device.
    pub id: DeviceId,
    /// Its public key, 32 bytes.
    pub key: Vec<u8>,
    /// Who registered it.
    pub user: UserId,
    /// When.
    pub registered_at: Instant,
    /// When it last signed in or refreshed.
    pub seen_at: Instant,
    /// Since when it gets no answer any more.
    pub revoked_at: Option<Instant>,
}

impl FromRow for AccessDevice {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        Ok(AccessDevice {
            id: take(cells)?,
            key: take(cells)?,
            user: take(cells)?,
            registered_at: take(cells)?,
            seen_at: take(cells)?,
            revoked_at: take(cells)?,
        })
    }
}

/// The machine with this id.
pub fn find(tx: &mut Tx<'_>, id: DeviceId) -> Result<Option<AccessDevice>> {
    tx.opt("SELECT id, key, user_id, registered_at, seen_at, revoked_at FROM access_device WHERE id = ?1", vals![id])
}

/// All machines, in the order of their registration: of one person, or of all.
pub fn all(tx: &mut Tx<'_>, user: Option<UserId>) -> Result<Vec<AccessDevice>> {
    tx.all(
        "SELECT id, key, user_id, registered_at, seen_at, revoked_at FROM access_device WHERE user_id = ?1 OR ?2 = 1 ORDER BY registered_at, id",
        vals![user, user.is_none()],
    )
}

/// Keeps the key of a machine; the same again changes nothing. `device.key_differs` when the id has
/// another key, `device.key_taken` when another id has the key, `device.revoked` when it was shut out.
pub fn register(tx: &mut Tx<'_>, id: DeviceId, key: &[u8], user: UserId, now: Instant) -> Result<()> {
    if let Some(known) = find(tx, id)? {
        if known.key != key {
            return Err(Error::new(Kind::Conflict, "device.key_differs"));
        }
        check(tx, id)?;
        return seen(tx, id, now);
    }
    let twin: Option<(DeviceId,)> = tx.opt("SELECT id FROM access_device WHERE key = ?1", vals![key.to_vec()])?;
    if twin.is_some() {
        return Err(Error::new(Kind::Conflict, "device.key_taken"));
    }
    tx.run("INSERT INTO access_device (id, key, user_id, registered_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)", vals![id, key.to_vec(), user, now]).map(drop)
}

/// `device.revoked` unless the machine is registered, was not shut out, and is in use.
pub fn check(tx: &mut Tx<'_>, id: DeviceId) -> Result<()> {
    let sql = "SELECT d.revoked_at, k.archived FROM access_device d LEFT JOIN device k ON k.id = d.id WHERE d.id = ?1";
    let known: Option<(Option<Instant>, Option<bool>)> = tx.opt(sql, vals![id])?;
    match known {
        Some((None, None | Some(false))) => Ok(()),
        _ => Err(Error::new(Kind::Denied, "device.revoked")),
    }
}

/// Notes that the machine was here.
pub fn seen(tx: &mut Tx<'_>, id: DeviceId, now: Instant) -> Result<()> {
    tx.run("UPDATE access_device SET seen_at = ?1 WHERE id = ?2", vals![now, id]).map(drop)
}

/// Shuts the machine out; one that was shut out before stays as it is. `device.unknown` when there is none.
pub fn revoke(tx: &mut Tx<'_>, id: DeviceId, now: Instant) -> Result<()> {
    let changed = tx.run("UPDATE access_device SET revoked_at = coalesce(revoked_at, ?1) WHERE id = ?2", vals![now, id])?;
    if changed == 1 { Ok(()) } else { Err(Error::new(Kind::NotFound, "device.unknown")) }
}
