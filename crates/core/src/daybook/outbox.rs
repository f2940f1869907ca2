//! The entries of this device that its server has not confirmed yet: the outbox. They are ordinary
//! entries in the state `pending`; nothing is ever copied, so nothing can be lost on the way.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::digest::Effects;
use super::state::DeviceState;
use super::wire::{Push, PushedEntry, digest_out};
use super::{entry, rebase};
use crate::db::Tx;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::value::Val;
use crate::shared::{Id, Instant};
use crate::vals;

/// Entries that came under another device keep under this where they were first executed: their numbers
/// are of its series.
pub const FIRST_DEVICE: &str = "device";

/// A pending entry.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Its place in the device's daybook.
    pub pos: i64,
    /// The command's id.
    pub command: CommandId,
    /// What it did.
    pub effects: Effects,
}

/// The pending entries, oldest first.
pub fn pending(tx: &mut Tx<'_>) -> Result<Vec<Pending>> {
    let rows: Vec<(i64, CommandId, Option<Vec<u8>>)> = tx.all("SELECT pos, command, effect FROM daybook WHERE state = 'pending' ORDER BY pos", &[])?;
    let read = |(pos, command, effect): (i64, CommandId, Option<Vec<u8>>)| {
        Ok(Pending { pos, command, effects: effect.as_deref().map(Effects::decode).transpose()?.unwrap_or_default() })
    };
    rows.into_iter().map(read).collect()
}

/// A pending entry, as people and programs read it.
#[derive(Clone, Debug, Serialize)]
pub struct Unsent {
    /// The command's id: executed again with it, it still happens once.
    pub id: CommandId,
    /// What was done.
    pub name: String,
    /// By whom.
    pub actor: UserId,
    /// When.
    pub recorded_at: Instant,
    /// What was said.
    pub args: serde_json::Value,
}

/// The pending entries with what they say, oldest first.
pub fn unsent(tx: &mut Tx<'_>) -> Result<Vec<Unsent>> {
    let rows: Vec<(i64, CommandId, String, UserId, Instant)> =
        tx.all("SELECT pos, command, name, actor, recorded_at FROM daybook WHERE state = 'pending' ORDER BY pos", &[])?;
    let mut all = Vec::with_capacity(rows.len());
    for (pos, id, name, actor, recorded_at) in rows {
        let missing = || Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", "an entry is missing");
        let stored = entry::at(tx, pos)?.ok_or_else(missing)?;
        let args = minicbor_serde::from_slice(&stored.envelope.args).map_err(|e| Error::new(Kind::Corrupt, "daybook.envelope").caused_by(e.to_string()))?;
        all.push(Unsent { id, name, actor, recorded_at, args });
    }
    Ok(all)
}

/// The rows that pending entries made or changed, by table; those with one id as their key.
pub fn touched(tx: &mut Tx<'_>) -> Result<BTreeMap<String, BTreeSet<Id<()>>>> {
    let mut rows: BTreeMap<String, BTreeSet<Id<()>>> = BTreeMap::new();
    for entry in pending(tx)? {
        let journal = match rebase::journal(tx, entry.pos) {
            // Written before the newest migration: what it touched is not known any more.
            Err(error) if error.kind() == Kind::State => continue,
            journal => journal?,
        };
        for step in journal {
            if let [Val::Id(id)] = step.key.as_slice() {
                rows.entry(step.table).or_default().insert(Id::from_bytes(*id));
            }
        }
    }
    Ok(rows)
}

/// How many entries are pending.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    tx.one("SELECT count(*) FROM daybook WHERE state = 'pending'", &[])
}

/// Makes entries that were made alone pending: the device has got a server.
pub fn queue_all(tx: &mut Tx<'_>) -> Result<()> {
    tx.run("UPDATE daybook SET state = 'pending' WHERE state = 'local'", &[]).map(drop)
}

/// Makes every entry pending: what became of them is not known any more.
pub fn queue_everything(tx: &mut Tx<'_>) -> Result<()> {
    tx.run("UPDATE daybook SET state = 'pending', reason = NULL", &[]).map(drop)
}

/// Notes what became of the entry of `command`.
pub fn settle_command(tx: &mut Tx<'_>, command: CommandId, state: &str, reason: Option<&str>) -> Result<()> {
    tx.run("UPDATE daybook SET state = ?2, reason = ?3 WHERE command = ?1", vals![command, state.to_owned(), reason.map(str::to_owned)]).map(drop)
}

/// Notes what became of an entry; one of which that is known already is not written again.
pub fn settle(tx: &mut Tx<'_>, pos: i64, state: &str, reason: Option<&str>) -> Result<()> {
    let sql = "UPDATE daybook SET state = ?2, reason = ?3 WHERE pos = ?1 AND (state <> ?2 OR reason IS DISTINCT FROM ?3)";
    tx.run(sql, vals![pos, state.to_owned(), reason.map(str::to_owned)]).map(drop)
}

/// Notes what an entry does now, after it was run again.
pub fn note_effects(tx: &mut Tx<'_>, pos: i64, effects: &Effects) -> Result<()> {
    tx.run("UPDATE daybook SET effect = ?2 WHERE pos = ?1 AND effect IS DISTINCT FROM ?2", vals![pos, effects.encode()?]).map(drop)
}

/// The next run of entries after the sequence number `after`, `most` at most, whose arguments together
/// keep within `bytes`; `None` when there is none. `whole`: with all that was consumed and said.
pub fn next_push(tx: &mut Tx<'_>, device: &DeviceState, after: u64, most: i64, bytes: usize, whole: bool) -> Result<Option<Push>> {
    let first = i64::try_from(after).map_err(|e| Error::internal("sync.seq").caused_by(e))? + 1;
    let mut run = entry::run_of(tx, device.device, device.epoch, first, most)?;
    let mut room = bytes;
    let fits = run.iter().take_while(|stored| {
        let size = stored.envelope.args.len() + 64;
        let fits = size <= room;
        room = room.saturating_sub(size);
        fits
    });
    let fitting = fits.count().max(1);
    run.truncate(fitting);
    let (Some(start), Some(end)) = (run.first(), run.last()) else { return Ok(None) };
    let prev = start.envelope.prev.clone();
    let last = super::chain::hash(&device.device, device.epoch, &end.envelope.encode()?);
    let left = run.iter().fold(0_u128, |sum, stored| sum.wrapping_add(stored.effects.left()));
    Ok(Some(Push {
        device: device.device.bytes(),
        epoch: device.epoch,
        first: start.envelope.seq,
        prev: prev.into(),
        last: last.into(),
        left: digest_out(left),
        entries: run.into_iter().map(|stored| PushedEntry::of(stored, whole)).collect(),
    }))
}

/// Takes for accepted what the server says it has. A defect for tests.
pub(crate) fn trust(tx: &mut Tx<'_>, device: &DeviceState, after: u64) -> Result<()> {
    let sql = "UPDATE daybook SET state = 'accepted' WHERE state = 'pending' AND epoch = ?1 AND seq <= ?2";
    tx.run(sql, vals![device.epoch, i64::try_from(after).unwrap_or_default()]).map(drop)
}

/// Whether the entry at `pos` had the hash `hex` before it came under a new epoch.
pub fn was(tx: &mut Tx<'_>, pos: i64, hex: &str) -> Result<bool> {
    let former: Vec<(Vec<u8>,)> = tx.all("SELECT hash FROM entry_alias WHERE pos = ?1", vals![pos])?;
    Ok(former.iter().any(|(hash,)| super::state::hex(hash) == hex))
}

/// Whether there are entries of other lives of this device: only the present one's are sent.
pub fn has_other_lives(tx: &mut Tx<'_>, device: &DeviceState) -> Result<bool> {
    let sql = "SELECT count(*) FROM daybook WHERE device <> ?1 OR epoch <> ?2";
    Ok(tx.one::<i64>(sql, vals![device.device, device.epoch])? > 0)
}

/// Puts the pending entries under a new epoch, or a new device: sequence numbers from 1, a chain of its own,
/// the same commands; their former hashes are kept, and so is the device where they were first executed. Must
/// run inside a replay transaction.
pub fn renew(tx: &mut Tx<'_>, device: &DeviceState, epoch: i64) -> Result<()> {
    let mut prev = Vec::new();
    for (seq, pending) in (1_i64..).zip(pending(tx)?) {
        let stored =
            entry::at(tx, pending.pos)?.ok_or_else(|| Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pending.pos).arg("what", "an entry is missing"))?;
        let mut envelope = entry::Envelope { seq: u64::try_from(seq).unwrap_or_default(), prev: prev.clone(), ..stored.envelope };
        if stored.device != device.device {
            envelope.kept.entry(FIRST_DEVICE.to_owned()).or_insert_with(|| stored.device.bytes().to_vec().into());
        }
        let bytes = envelope.encode()?;
        let hash = super::chain::hash(&device.device, epoch, &bytes);
        let former =
            "INSERT INTO entry_alias (device, epoch, seq, hash, pos) SELECT device, epoch, seq, hash, pos FROM daybook WHERE pos = ?1 ON CONFLICT DO NOTHING";
        tx.run(former, vals![pending.pos])?;
        let sql = "UPDATE daybook SET device = ?7, epoch = ?2, seq = ?3, envelope = ?4, prev = ?5, hash = ?6 WHERE pos = ?1";
        tx.run(sql, vals![pending.pos, epoch, seq, bytes, prev, hash.clone(), device.device])?;
        prev = hash;
    }
    Ok(())
}
