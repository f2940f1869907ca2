//! Entries and their envelopes.

use std::collections::{BTreeMap, HashMap};

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::digest::Effects;
use crate::db::{Shape, Tx};
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::value::Val;
use crate::shared::{Context, Id, Instant};
use crate::vals;

/// What a command needs to run again, here or on the server. CBOR with integer keys; the exact bytes
/// are hashed and kept.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Envelope {
    /// Name of the command.
    #[n(1)]
    pub name: String,
    /// Version of its arguments.
    #[n(2)]
    pub version: u16,
    /// Dense per device and epoch.
    #[n(3)]
    pub seq: u64,
    /// The command's id.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub command: [u8; 16],
    /// Hash of the entry before it.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub prev: Vec<u8>,
    /// Who acted.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub actor: [u8; 16],
    /// The device's clock, ms UTC.
    #[n(7)]
    pub wall_ms: i64,
    /// The arguments as CBOR.
    #[cbor(n(9), with = "minicbor::bytes")]
    pub args: Vec<u8>,
    /// What the first execution consumed: legal numbers, lot codes.
    #[n(14)]
    pub consumed: BTreeMap<String, String>,
    /// What the first execution said and later ones must say again, word for word: posted documents.
    /// Only on devices of a server, where others change the books in between.
    #[cbor(n(15), default)]
    pub kept: BTreeMap<String, ByteVec>,
}

impl Envelope {
    /// The bytes that are hashed and kept.
    pub fn encode(&self) -> Result<Vec<u8>> {
        minicbor::to_vec(self).map_err(|e| Error::internal("command.encode").caused_by(e))
    }
    /// Keeps what its execution consumed and said.
    pub fn keep(&mut self, cx: &Context) {
        self.consumed = cx.all_consumed().clone();
        self.kept = cx.all_kept().iter().map(|(key, bytes)| (key.clone(), bytes.clone().into())).collect();
    }
    /// Reads kept bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        minicbor::decode(bytes).map_err(|e| Error::new(Kind::Corrupt, "daybook.envelope").caused_by(e))
    }
}

/// Hash over what a command says, without when and in which order: the same command tried again has
/// the same.
pub fn content_hash(name: &str, version: u16, args: &[u8]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.as_bytes()).update(&[0]).update(&version.to_be_bytes()).update(args);
    hasher.finalize().as_bytes().to_vec()
}

/// An entry about to be written.
#[derive(Debug)]
pub struct Entry {
    /// Its place.
    pub pos: i64,
    /// The device that made it, and in which life of the device.
    pub device: DeviceId,
    /// Raised when a device's history forks.
    pub epoch: i64,
    /// The envelope.
    pub envelope: Envelope,
    /// The batch it belongs to.
    pub batch: Option<Id<()>>,
    /// The answer as JSON bytes.
    pub result: Vec<u8>,
    /// What it did ([`super::digest::Effects`], encoded).
    pub effect: Vec<u8>,
    /// Why it was refused or deferred, or what was made of it with exceptions (JSON).
    pub reason: Option<String>,
}

impl Entry {
    /// Writes the entry and returns its hash.
    pub fn write(&self, tx: &mut Tx<'_>, state: &str) -> Result<Vec<u8>> {
        let bytes = self.envelope.encode()?;
        let hash = super::chain::hash(&self.device, self.epoch, &bytes);
        let content = content_hash(&self.envelope.name, self.envelope.version, &self.envelope.args);
        let seq = i64::try_from(self.envelope.seq).unwrap_or(i64::MAX);
        let command: CommandId = Id::from_bytes(self.envelope.command);
        let actor: UserId = Id::from_bytes(self.envelope.actor);
        let now = Instant::from_millis(self.envelope.wall_ms);
        tx.append(
            DAYBOOK,
            vals![
                self.pos,
                command,
                self.device,
                self.epoch,
                seq,
                self.envelope.name,
                actor,
                now,
                self.batch,
                bytes,
                content,
                self.envelope.prev,
                hash,
                state.to_owned(),
                self.result,
                self.effect,
                self.reason
            ],
        )?;
        Ok(hash)
    }
}

const DAYBOOK: Shape = Shape {
    table: "daybook",
    keys: 1,
    columns: &[
        "pos",
        "command",
        "device",
        "epoch",
        "seq",
        "name",
        "actor",
        "recorded_at",
        "batch",
        "envelope",
        "content_hash",
        "prev",
        "hash",
        "state",
        "result",
        "effect",
        "reason",
    ],
};

/// An entry as the books hold it.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its place.
    pub pos: i64,
    /// The device that made it, and in which life of the device.
    pub device: DeviceId,
    /// Raised when a device's history forks.
    pub epoch: i64,
    /// The batch it belongs to.
    pub batch: Option<Id<()>>,
    /// The envelope, decoded.
    pub envelope: Envelope,
    /// Hash of what the command says.
    pub content_hash: Vec<u8>,
    /// The answer as JSON bytes.
    pub result: Vec<u8>,
    /// What became of it: `local`, `pending`, `accepted`, `excepted`, `refused` or `deferred`.
    pub state: String,
    /// What it did; empty for entries of older books.
    pub effects: Effects,
}

impl Stored {
    /// Reads one entry of `SELECT <COLUMNS> FROM daybook`.
    fn from_cells(row: Row) -> Result<Self> {
        let (pos, device, epoch, batch, envelope, content_hash, result, state, effect) = row;
        let effects = effect.as_deref().map(Effects::decode).transpose()?.unwrap_or_default();
        Ok(Stored { pos, device, epoch, batch, envelope: Envelope::decode(&envelope)?, content_hash, result, state, effects })
    }
}

const COLUMNS: &str = "pos, device, epoch, batch, envelope, content_hash, result, state, effect";
type Row = (i64, DeviceId, i64, Option<Id<()>>, Vec<u8>, Vec<u8>, Vec<u8>, String, Option<Vec<u8>>);

/// The entry of `command`, if it was executed.
pub fn find(tx: &mut Tx<'_>, command: CommandId) -> Result<Option<Stored>> {
    tx.opt(&format!("SELECT {COLUMNS} FROM daybook WHERE command = ?1"), vals![command])?.map(Stored::from_cells).transpose()
}

/// Which of `commands` were executed: where, and the hash of what they said.
pub fn known(tx: &mut Tx<'_>, commands: impl Iterator<Item = CommandId>) -> Result<HashMap<CommandId, (i64, Vec<u8>)>> {
    let commands: Vec<Val> = commands.map(|id| Val::Id(id.bytes())).collect();
    let rows: Vec<(CommandId, i64, Vec<u8>)> = tx.among("SELECT command, pos, content_hash FROM daybook WHERE command IN (?)", &commands)?;
    Ok(rows.into_iter().map(|(command, pos, content)| (command, (pos, content))).collect())
}

/// The entry at `pos`.
pub fn at(tx: &mut Tx<'_>, pos: i64) -> Result<Option<Stored>> {
    tx.opt(&format!("SELECT {COLUMNS} FROM daybook WHERE pos = ?1"), vals![pos])?.map(Stored::from_cells).transpose()
}

/// The entries of `device` and `epoch` from sequence number `first` on, `most` of them at most.
pub fn run_of(tx: &mut Tx<'_>, device: DeviceId, epoch: i64, first: i64, most: i64) -> Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM daybook WHERE device = ?1 AND epoch = ?2 AND seq >= ?3 ORDER BY seq LIMIT ?4");
    tx.all(&sql, vals![device, epoch, first, most])?.into_iter().map(Stored::from_cells).collect()
}

/// Sequence number and hash of the newest entry of `device` and `epoch`; `(0, [])` before the first.
pub fn last_of(tx: &mut Tx<'_>, device: DeviceId, epoch: i64) -> Result<(i64, Vec<u8>)> {
    let sql = "SELECT seq, hash FROM daybook WHERE device = ?1 AND epoch = ?2 ORDER BY seq DESC LIMIT 1";
    Ok(tx.opt(sql, vals![device, epoch])?.unwrap_or_default())
}
