//! How far each device has pushed, as its server knows.

use crate::db::{Shape, Tx};
use crate::shared::Instant;
use crate::shared::context::DeviceId;
use crate::shared::error::{Error, Result};
use crate::shared::value::{FromRow, Val};
use crate::vals;

const CURSOR: Shape = Shape { table: "device_cursor", keys: 2, columns: &["device", "epoch", "last_seq", "last_hash", "pulled", "seen_at"] };

type Row = (DeviceId, i64, i64, Vec<u8>, i64, i64);

/// Sequence number and hash of the newest entry that the server has of a device; `(0, [])` before the first.
pub fn of(tx: &mut Tx<'_>, device: DeviceId, epoch: i64) -> Result<(u64, Vec<u8>)> {
    let Some(row) = tx.find_row(CURSOR.table, CURSOR.keys, CURSOR.columns, vals![device, epoch])? else { return Ok((0, Vec::new())) };
    let (_, _, seq, hash, _, _): Row = FromRow::from_row(&mut row.into_iter())?;
    Ok((u64::try_from(seq).unwrap_or_default(), hash))
}

/// Keeps them.
pub fn keep(tx: &mut Tx<'_>, device: DeviceId, epoch: i64, (seq, hash): (u64, &[u8]), now: Instant) -> Result<()> {
    let seq = i64::try_from(seq).map_err(|e| Error::internal("sync.seq").caused_by(e))?;
    let row: &[Val] = vals![device, epoch, seq, hash.to_vec(), 0, now];
    tx.put(CURSOR, row.to_vec(), &[2, 3, 5])
}
