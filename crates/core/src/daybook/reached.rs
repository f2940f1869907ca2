//! How far devices followed the log of their server, as the server knows it.

use crate::db::Tx;
use crate::shared::Instant;
use crate::shared::context::DeviceId;
use crate::shared::error::Result;
use crate::vals;

/// Where a device stood when it asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The device.
    pub device: DeviceId,
    /// The position of the log up to which it was answered.
    pub pulled: i64,
    /// When it asked or sent something.
    pub seen_at: Instant,
}

/// Notes where a device stood.
pub fn note(tx: &mut Tx<'_>, reached: Reached) -> Result<()> {
    let Reached { device, pulled, seen_at } = reached;
    let newest = "UPDATE device_cursor SET pulled = ?2, seen_at = ?3 WHERE device = ?1 AND epoch = (SELECT max(epoch) FROM device_cursor WHERE device = ?1)";
    if tx.run(newest, vals![device, pulled, seen_at])? == 0 {
        // It has sent nothing yet: what counts is the same as without a row.
        let first = "INSERT INTO device_cursor (device, epoch, last_seq, last_hash, pulled, seen_at) VALUES (?1, 1, 0, ?2, ?3, ?4)";
        tx.run(first, vals![device, Vec::<u8>::new(), pulled, seen_at])?;
    }
    Ok(())
}

/// Where the devices stand that may come in and were seen since `since`.
pub fn since(tx: &mut Tx<'_>, since: Instant) -> Result<Vec<Reached>> {
    let sql = "SELECT c.device, max(c.pulled), max(c.seen_at) FROM device_cursor c JOIN access_device d ON d.id = c.device \
               WHERE d.revoked_at IS NULL AND c.seen_at >= ?1 GROUP BY c.device ORDER BY c.device";
    let rows: Vec<(DeviceId, i64, Instant)> = tx.all(sql, vals![since])?;
    Ok(rows.into_iter().map(|(device, pulled, seen_at)| Reached { device, pulled, seen_at }).collect())
}
