//! What travels between a device and its server: entries up, row images down. CBOR with integer
//! keys, so that both ends may learn new fields; the road compresses it. For looking at, all of it is JSON too
//! ([`mirror`]).

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::digest::{Digest, Digests, digest_of};
use super::entry::{Envelope, Stored};
use super::mirror;
use super::outbox::FIRST_DEVICE;
use super::sheet::{Offered, offer};
use crate::shared::Id;

/// Entries of one device and epoch, a contiguous run of its sequence.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize)]
#[cbor(map)]
pub struct Push {
    /// The device.
    #[cbor(n(1), with = "minicbor::bytes")]
    #[serde(serialize_with = "mirror::id")]
    pub device: [u8; 16],
    /// Which life of it.
    #[n(2)]
    pub epoch: i64,
    /// Sequence number of the first entry.
    #[n(3)]
    pub first: u64,
    /// Hash of the entry before the first; empty when it is the device's first.
    #[n(4)]
    #[serde(serialize_with = "mirror::bytes")]
    pub prev: ByteVec,
    /// Hash of the last entry. The hashes between follow from the entries themselves, so a chain that
    /// differs anywhere differs here.
    #[n(5)]
    #[serde(serialize_with = "mirror::bytes")]
    pub last: ByteVec,
    /// What the device's rows were left as by all of it ([`Digest`], 16 bytes).
    #[n(6)]
    #[serde(serialize_with = "mirror::bytes")]
    pub left: ByteVec,
    /// The entries, in order.
    #[cbor(n(7), with = "super::sheet")]
    pub entries: Vec<PushedEntry>,
}

/// An entry without what its place in the run says: sequence number and hash before it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PushedEntry {
    /// Name of the command.
    pub name: String,
    /// Version of its arguments.
    pub version: u16,
    /// The command's id.
    #[serde(serialize_with = "mirror::id")]
    pub command: [u8; 16],
    /// Who acted.
    #[serde(serialize_with = "mirror::id")]
    pub actor: [u8; 16],
    /// The device's clock, ms UTC.
    pub wall_ms: i64,
    /// The arguments as CBOR.
    #[serde(serialize_with = "mirror::cbor")]
    pub args: ByteVec,
    /// What the first execution consumed and said.
    pub said: Said,
    /// The batch it belongs to.
    #[serde(serialize_with = "mirror::some_bytes")]
    pub batch: Option<ByteVec>,
}

/// What the first execution consumed and said.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Said {
    /// All of it.
    Whole {
        /// What it consumed.
        consumed: BTreeMap<String, String>,
        /// What it said, word for word.
        #[serde(serialize_with = "mirror::named_cbor")]
        kept: BTreeMap<String, ByteVec>,
    },
    /// The values alone that it consumed. Who executes the entry finds the rest anew; the hash at the end of
    /// the run shows whether it is the same, and `sync.words` asks for all of it when it is not.
    Bare(Offered),
}

impl PushedEntry {
    /// The entry as it travels, bare when it may: what came from another device says more than is found anew.
    pub fn of(stored: Stored, whole: bool) -> Self {
        let Envelope { name, version, command, actor, wall_ms, args, consumed, kept, .. } = stored.envelope;
        let batch = stored.batch.map(|id| id.bytes().to_vec().into());
        let found_anew = !kept.is_empty() && !kept.contains_key(FIRST_DEVICE);
        let said = if whole || !found_anew { Said::Whole { consumed, kept } } else { Said::Bare(offer(&consumed)) };
        PushedEntry { name, version, command, actor, wall_ms, args: args.into(), said, batch }
    }
    /// The envelope at its place in the run, as far as the entry says it.
    pub fn envelope(&self, seq: u64, prev: Vec<u8>) -> Envelope {
        let (consumed, kept) = match &self.said {
            Said::Whole { consumed, kept } => (consumed.clone(), kept.clone()),
            Said::Bare(_) => Default::default(),
        };
        Envelope {
            name: self.name.clone(),
            version: self.version,
            seq,
            command: self.command,
            prev,
            actor: self.actor,
            wall_ms: self.wall_ms,
            args: self.args.to_vec(),
            consumed,
            kept,
        }
    }
    /// The batch it belongs to.
    pub fn batch(&self) -> Option<Id<()>> {
        self.batch.as_ref().and_then(|bytes| <[u8; 16]>::try_from(bytes.as_slice()).ok()).map(Id::from_bytes)
    }
    /// What it offers of what was consumed, when it is bare.
    pub fn offered(&self) -> Option<&Offered> {
        match &self.said {
            Said::Bare(offered) => Some(offered),
            Said::Whole { .. } => None,
        }
    }
}

/// What the server made of a push. Advice only: a device's books change by the feed alone.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, JsonSchema)]
#[cbor(map)]
pub struct Receipt {
    /// The newest sequence number the server has of the device's epoch.
    #[n(1)]
    pub last_seq: u64,
    /// The newest position of the log.
    #[n(2)]
    pub head: i64,
    /// What became of each entry, in order: `accepted`, `excepted`, `refused`, `deferred`, `duplicate`.
    #[n(3)]
    pub states: Vec<String>,
}

/// What a device asks for.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, Deserialize, JsonSchema)]
#[cbor(map)]
pub struct Pull {
    /// The position up to which it has the log.
    #[n(1)]
    pub cursor: i64,
    /// The log's chain hash there; empty at the beginning.
    #[n(2)]
    #[serde(serialize_with = "mirror::bytes", deserialize_with = "mirror::bytes_in")]
    #[schemars(with = "String")]
    pub chain: ByteVec,
    /// Whether to send all rows, also those of its own entries that the server found equal.
    #[n(3)]
    pub full: bool,
    /// The newest migration it knows.
    #[n(4)]
    pub schema: i64,
    /// The most bytes of images wanted at once.
    #[n(5)]
    pub most: u64,
    /// From how many entries on they may come as one step, with the newest image of each row; 0 for never.
    #[n(6)]
    #[cbor(default)]
    #[serde(default)]
    pub merge: u64,
}

/// A stretch of the log, as one device may see it.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, JsonSchema)]
#[cbor(map)]
pub struct Feed {
    /// It follows this position.
    #[n(1)]
    pub from: i64,
    /// It ends with this position.
    #[n(2)]
    pub to: i64,
    /// The newest position of the log.
    #[n(3)]
    pub head: i64,
    /// The chain hash at `to`.
    #[n(4)]
    #[serde(serialize_with = "mirror::bytes")]
    #[schemars(with = "String")]
    pub chain: ByteVec,
    /// Digests of the device's scopes at `to`, 16 bytes each.
    #[n(5)]
    #[serde(serialize_with = "mirror::named_bytes")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub digests: BTreeMap<String, ByteVec>,
    /// What happened, in order.
    #[n(6)]
    pub steps: Vec<Step>,
    /// The scopes it was read for. A device that holds others greets again.
    #[n(7)]
    pub scopes: Vec<String>,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, JsonSchema)]
#[cbor(array)]
pub struct Step {
    /// Its position.
    #[n(0)]
    pub pos: i64,
    /// The command's id.
    #[cbor(n(1), with = "minicbor::bytes")]
    #[serde(serialize_with = "mirror::id")]
    #[schemars(with = "String")]
    pub command: [u8; 16],
    /// What became of it: `accepted`, `excepted`, `refused` or `deferred`.
    #[n(2)]
    pub state: String,
    /// Why, as JSON.
    #[n(3)]
    pub reason: Option<String>,
    /// The rows it left, by scope; absent when the device that made it has the same already.
    #[n(4)]
    #[serde(serialize_with = "mirror::images")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    pub rows: Option<Vec<ByteVec>>,
    /// What it left the rows of the device's scopes as; for the device that made it.
    #[n(5)]
    #[serde(serialize_with = "mirror::some_bytes")]
    #[schemars(with = "Option<String>")]
    pub left: Option<ByteVec>,
}

/// Digests as they travel.
pub fn digests_out(digests: &Digests) -> BTreeMap<String, ByteVec> {
    digests.iter().map(|(scope, digest)| (scope.clone(), digest.to_be_bytes().to_vec().into())).collect()
}

/// Digests that came.
pub fn digests_in(digests: &BTreeMap<String, ByteVec>) -> Digests {
    digests.iter().map(|(scope, bytes)| (scope.clone(), digest_of(bytes))).collect()
}

/// A digest as it travels.
pub fn digest_out(digest: Digest) -> ByteVec {
    digest.to_be_bytes().to_vec().into()
}

/// How a device stands, when it comes to its server.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, Deserialize, JsonSchema)]
#[cbor(map)]
pub struct Hello {
    /// The device.
    #[cbor(n(1), with = "minicbor::bytes")]
    #[serde(serialize_with = "mirror::id", deserialize_with = "mirror::id_in")]
    #[schemars(with = "String")]
    pub device: [u8; 16],
    /// Which life of it.
    #[n(2)]
    pub epoch: i64,
    /// The position up to which it has the log.
    #[n(3)]
    pub cursor: i64,
    /// The log's chain hash there.
    #[n(4)]
    #[serde(serialize_with = "mirror::bytes", deserialize_with = "mirror::bytes_in")]
    #[schemars(with = "String")]
    pub chain: ByteVec,
    /// The newest migration it knows.
    #[n(5)]
    pub schema: i64,
}

/// How the server sees it.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, JsonSchema)]
#[cbor(map)]
pub struct Welcome {
    /// The newest sequence number the server has of that epoch; 0 before the first.
    #[n(1)]
    pub last_seq: u64,
    /// Its hash.
    #[n(2)]
    #[serde(serialize_with = "mirror::bytes")]
    #[schemars(with = "String")]
    pub last_hash: ByteVec,
    /// The newest epoch of the device that the server knows; 0 for a new device.
    #[n(3)]
    pub epoch: i64,
    /// The newest position of the log.
    #[n(4)]
    pub head: i64,
    /// Whether the log is the one the device followed.
    #[n(5)]
    pub same_log: bool,
    /// The newest migration of the server.
    #[n(6)]
    pub schema: i64,
    /// The scopes the device may hold.
    #[n(7)]
    pub scopes: Vec<String>,
    /// The server's clock, ms UTC.
    #[n(8)]
    pub now_ms: i64,
}

/// What became of a command on the server.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, JsonSchema)]
#[cbor(array)]
pub struct Fate {
    /// The command's id.
    #[cbor(n(0), with = "minicbor::bytes")]
    #[serde(serialize_with = "mirror::id")]
    #[schemars(with = "String")]
    pub command: [u8; 16],
    /// Its position in the log.
    #[n(1)]
    pub pos: i64,
    /// `accepted`, `excepted`, `refused` or `deferred`.
    #[n(2)]
    pub state: String,
    /// Why, as JSON.
    #[n(3)]
    pub reason: Option<String>,
}

/// A piece of the content of a file.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, JsonSchema)]
#[cbor(map)]
pub struct FilePiece {
    /// BLAKE3 hash of the whole, in hexadecimal.
    #[n(1)]
    pub hash: String,
    /// Bytes of the whole.
    #[n(2)]
    pub size: i64,
    /// Which piece, from 1.
    #[n(3)]
    pub n: i64,
    /// Its bytes.
    #[n(4)]
    #[serde(serialize_with = "mirror::length")]
    #[schemars(with = "u64")]
    pub bytes: ByteVec,
}

/// How a server stands to the content of a file.
#[derive(Clone, Debug, PartialEq, Encode, Decode, Serialize, JsonSchema)]
#[cbor(map)]
pub struct FileWord {
    /// Its hash.
    #[n(1)]
    pub hash: String,
    /// `absent`, `arriving`, `quarantine`, `scanning`, `clean`, `infected`, `failed` or `unscanned`.
    #[n(2)]
    pub state: String,
    /// How many pieces it has.
    #[n(3)]
    pub has: i64,
    /// What the scanner found.
    #[n(4)]
    pub said: String,
}
