//! The hash chain: `hash = BLAKE3(device ‖ epoch ‖ envelope)`, and every envelope names the hash of
//! the entry before it. An entry that is edited, dropped, inserted or swapped breaks it.

use super::entry::Envelope;
use crate::db::Tx;
use crate::shared::context::DeviceId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::Column;

/// The hash of an entry.
pub fn hash(device: &DeviceId, epoch: i64, envelope: &[u8]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&device.bytes()).update(&epoch.to_be_bytes()).update(envelope);
    hasher.finalize().as_bytes().to_vec()
}

/// Position and hash of the newest entry; `(0, [])` for new books.
pub fn head(tx: &mut Tx<'_>) -> Result<(i64, Vec<u8>)> {
    let row: Option<(i64, Vec<u8>)> = tx.opt("SELECT pos, hash FROM daybook ORDER BY pos DESC LIMIT 1", &[])?;
    Ok(row.unwrap_or_default())
}

/// Recomputes the whole chain; the error names the first entry that does not fit. Returns how many
/// entries were checked.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    let mut prev: Vec<u8> = Vec::new();
    let mut last = 0;
    tx.each("SELECT pos, device, epoch, envelope, prev, hash, command FROM daybook ORDER BY pos", &[], |cells| {
        let mut cells = cells.into_iter();
        let pos: i64 = crate::shared::value::take(&mut cells)?;
        let broken = |what: &str| Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", what);
        let device: DeviceId = crate::shared::value::take(&mut cells)?;
        let epoch: i64 = crate::shared::value::take(&mut cells)?;
        let bytes: Vec<u8> = crate::shared::value::take(&mut cells)?;
        let before: Vec<u8> = crate::shared::value::take(&mut cells)?;
        let kept: Vec<u8> = crate::shared::value::take(&mut cells)?;
        let command = Vec::<u8>::from_val(cells.next().unwrap_or(crate::shared::Val::Null))?;
        if pos != last + 1 {
            return Err(broken("an entry is missing"));
        }
        if hash(&device, epoch, &bytes) != kept {
            return Err(broken("the entry was changed"));
        }
        let envelope = Envelope::decode(&bytes)?;
        if before != prev || envelope.prev != prev {
            return Err(broken("the entry does not follow the one before it"));
        }
        if envelope.command.as_slice() != command {
            return Err(broken("the command id was changed"));
        }
        prev = kept;
        last = pos;
        Ok(())
    })?;
    Ok(last)
}
