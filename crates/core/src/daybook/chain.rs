//! The hash chain: `hash = BLAKE3(device ‖ epoch ‖ envelope)`, and every envelope names the hash of
//! the entry before it. An entry that is edited, dropped, inserted or swapped breaks it.

use std::collections::HashMap;

use super::entry::Envelope;
use crate::db::Tx;
use crate::planted::{self, Defect};
use crate::shared::context::DeviceId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::{Column, take};

/// The hash of an entry.
pub fn hash(device: &DeviceId, epoch: i64, envelope: &[u8]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&device.bytes()).update(&epoch.to_be_bytes()).update(envelope);
    hasher.finalize().as_bytes().to_vec()
}

/// Position and hash of the newest entry; `(0, [])` for new books.
pub fn head(tx: &mut Tx<'_>) -> Result<(i64, Vec<u8>)> {
    if planted::has(Defect::SequenceCursor) {
        return Ok((tx.one("SELECT nextval('planted_position') - 1", &[])?, Vec::new()));
    }
    let row: Option<(i64, Vec<u8>)> = tx.opt("SELECT pos, hash FROM daybook ORDER BY pos DESC LIMIT 1", &[])?;
    Ok(row.unwrap_or_default())
}

/// Recomputes the whole chain; the error names the first entry that does not fit. Entries follow each
/// other within their device and epoch. Returns how many entries were checked.
pub fn verify(tx: &mut Tx<'_>) -> Result<i64> {
    let mut ends = again_under_other_epochs(tx)?;
    let mut last = 0;
    tx.each("SELECT pos, device, epoch, envelope, prev, hash, command FROM daybook ORDER BY pos", &[], |cells| {
        let mut cells = cells.into_iter();
        let pos: i64 = take(&mut cells)?;
        let broken = |what: &str| Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", what);
        let (device, epoch): (DeviceId, i64) = (take(&mut cells)?, take(&mut cells)?);
        let (bytes, before, kept): (Vec<u8>, Vec<u8>, Vec<u8>) = (take(&mut cells)?, take(&mut cells)?, take(&mut cells)?);
        let command = Vec::<u8>::from_val(cells.next().unwrap_or(crate::shared::Val::Null))?;
        if pos != last + 1 {
            return Err(broken("an entry is missing"));
        }
        if hash(&device, epoch, &bytes) != kept {
            return Err(broken("the entry was changed"));
        }
        let envelope = Envelope::decode(&bytes)?;
        let seq = i64::try_from(envelope.seq).unwrap_or_default();
        let expected = if seq == 1 { Some(Vec::new()) } else { ends.remove(&(device, epoch, seq - 1)) };
        if expected.as_ref() != Some(&before) || envelope.prev != before {
            return Err(broken("the entry does not follow the one before it"));
        }
        if envelope.command.as_slice() != command {
            return Err(broken("the command id was changed"));
        }
        ends.insert((device, epoch, seq), kept);
        last = pos;
        Ok(())
    })?;
    Ok(last)
}

type Ends = HashMap<(DeviceId, i64, i64), Vec<u8>>;

/// The hashes of entries that devices sent again under another epoch: they are in the chain, though
/// not in the daybook.
fn again_under_other_epochs(tx: &mut Tx<'_>) -> Result<Ends> {
    let rows: Vec<(DeviceId, i64, i64, Vec<u8>)> = tx.all("SELECT device, epoch, seq, hash FROM entry_alias", &[])?;
    Ok(rows.into_iter().map(|(device, epoch, seq, hash)| ((device, epoch, seq), hash)).collect())
}
