//! What a device knows of itself: its id, its epoch, who sits at it.

use crate::db::Tx;
use crate::shared::Id;
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::Result;
use crate::vals;

/// The device's own facts.
#[derive(Clone, Copy, Debug)]
pub struct DeviceState {
    /// The device.
    pub device: DeviceId,
    /// Which life of it.
    pub epoch: i64,
    /// Who acts unless a call says otherwise.
    pub actor: UserId,
}

impl DeviceState {
    /// Reads the facts; `None` for books that were just made.
    pub fn read(tx: &mut Tx<'_>) -> Result<Option<Self>> {
        let Some(device) = get(tx, "device")? else {
            return Ok(None);
        };
        let epoch = get(tx, "epoch")?.and_then(|text| text.parse().ok()).unwrap_or(1);
        let actor = match get(tx, "actor")? {
            Some(text) => Id::parse(&text)?,
            None => Id::from_bytes([0; 16]),
        };
        Ok(Some(DeviceState { device: Id::parse(&device)?, epoch, actor }))
    }
    /// Writes the facts of a new device.
    pub fn write(&self, tx: &mut Tx<'_>) -> Result<()> {
        set(tx, "device", &self.device.to_string())?;
        set(tx, "epoch", &self.epoch.to_string())?;
        set(tx, "actor", &self.actor.to_string())
    }
}

/// One fact.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = tx.opt("SELECT value FROM device_state WHERE name = ?1", vals![name.to_owned()])?;
    Ok(row.map(|(value,)| value))
}

/// Keeps one fact.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    let (name, value) = (name.to_owned(), value.to_owned());
    tx.run("INSERT INTO device_state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", vals![name, value]).map(drop)
}
