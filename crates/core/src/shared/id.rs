//! Record ids: 16 bytes, minted from the id of the command that creates the record and a counter,
//! so that a device and its server mint the same ones at every redo.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::error::{Error, Result};

/// The id of a record of type `T`; ids of different records cannot be mixed up.
pub struct Id<T>([u8; 16], PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// From its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Id(bytes, PhantomData)
    }
    /// Its 16 bytes.
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }
    /// Reads the hyphenated form; `id.invalid` for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        let uuid = Uuid::try_parse(text).map_err(|_| Error::invalid("id.invalid").arg("value", text))?;
        Ok(Id::from_bytes(uuid.into_bytes()))
    }
    /// The id of the `ordinal`-th record that `command` creates in `table`: the command's 48-bit time
    /// stamp, version 8 (RFC 9562), and a BLAKE3 hash of the three. Sorts by time, hence clusters.
    pub fn derived(command: CommandId, table: &str, ordinal: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&command.bytes());
        hasher.update(table.as_bytes());
        hasher.update(&ordinal.to_be_bytes());
        Id::from_bytes(stamped(&command.bytes(), hasher.finalize().as_bytes()))
    }
    /// The same bytes as an id of another record type, for links whose target varies.
    pub const fn cast<U>(self) -> Id<U> {
        Id::from_bytes(self.0)
    }
}

/// Takes the time stamp of `command` and the rest from `hash`, and marks version 8.
fn stamped(command: &[u8; 16], hash: &[u8; 32]) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let source = if index < 6 { command.get(index) } else { hash.get(index) };
        *byte = source.copied().unwrap_or_default();
        if index == 6 {
            *byte = (*byte & 0x0f) | 0x80;
        }
        if index == 8 {
            *byte = (*byte & 0x3f) | 0x80;
        }
    }
    bytes
}

/// Marks the ids of commands.
#[derive(Debug)]
pub enum CommandTag {}
/// The id of a command: the idempotency key of a business action.
pub type CommandId = Id<CommandTag>;

impl CommandId {
    /// A fresh id (UUID version 7). Only the edges (UI, CLI, HTTP) mint these, never the core.
    pub fn mint() -> Self {
        Id::from_bytes(Uuid::now_v7().into_bytes())
    }
    /// An id made from `seed`, stamped with the milliseconds `at`: the same seed gives the same
    /// command, which makes an import repeatable.
    pub fn seeded(at: super::date::Instant, seed: &[u8]) -> Self {
        let mut stamp = [0; 16];
        for (to, from) in stamp.iter_mut().zip(at.millis().to_be_bytes().into_iter().skip(2)) {
            *to = from;
        }
        Id::from_bytes(stamped(&stamp, blake3::hash(seed).as_bytes()))
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Uuid::from_bytes(self.0), f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        Id::parse(&String::deserialize(d)?).map_err(super::error::carry)
    }
}
impl<T> schemars::JsonSchema for Id<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "uuid"})
    }
}
