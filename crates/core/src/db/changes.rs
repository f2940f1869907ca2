//! What a command changed: the first image before and the last image after of every row that passed
//! the door. From it come the undo journal, the row images of the feed, the digest and the tags.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use minicbor::{Decoder, Encoder};

use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::Val;

/// One row that changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The table.
    pub table: &'static str,
    /// How many leading values are the key.
    pub keys: usize,
    /// The columns, in the order of the values.
    pub columns: &'static [&'static str],
    /// The row before the command, `None` when it did not exist.
    pub before: Option<Vec<Val>>,
    /// The row after the command, `None` when it was removed.
    pub after: Option<Vec<Val>>,
}

impl Change {
    /// The values of the key.
    pub fn key(&self) -> &[Val] {
        let image = self.after.as_deref().or(self.before.as_deref()).unwrap_or_default();
        image.get(..self.keys).unwrap_or_default()
    }
}

/// All rows that changed so far, in the order of their first change.
#[derive(Debug, Default)]
pub struct ChangeLog {
    changes: Vec<Change>,
    places: HashMap<(&'static str, Vec<Val>), usize>,
}

impl ChangeLog {
    /// Records a step of one row; several steps of the same row become one change.
    pub fn record(&mut self, change: Change) {
        match self.places.entry((change.table, change.key().to_vec())) {
            Entry::Occupied(place) => {
                if let Some(earlier) = self.changes.get_mut(*place.get()) {
                    earlier.after = change.after;
                }
            }
            Entry::Vacant(place) => {
                place.insert(self.changes.len());
                self.changes.push(change);
            }
        }
    }
    /// The changes, oldest first, without rows that are as they were.
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        self.changes.iter().filter(|c| c.before != c.after)
    }
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none()
    }
    /// Tags for whoever shows this data: `table` and `table:id`.
    pub fn tags(&self) -> BTreeSet<String> {
        let mut tags = BTreeSet::new();
        for change in self.changes() {
            tags.insert(change.table.to_owned());
            if let [Val::Id(id)] = change.key() {
                tags.insert(format!("{}:{}", change.table, crate::shared::Id::<()>::from_bytes(*id)));
            }
        }
        tags
    }
    /// Forgets everything after `mark` steps; used when a savepoint rolls back to an empty log.
    pub fn clear(&mut self) {
        self.changes.clear();
        self.places.clear();
    }
}

/// One step of an undo journal: what to put back, and a hash of what must be there now.
#[derive(Debug)]
pub struct UndoStep {
    /// The table.
    pub table: String,
    /// The key values.
    pub key: Vec<Val>,
    /// The row to put back; `None` removes the row.
    pub before: Option<Vec<Val>>,
    /// Hash of the row as the command left it; `None` when it removed the row.
    pub after: Option<[u8; 8]>,
}

/// The undo journal of a command, newest change first.
pub fn encode_undo(log: &ChangeLog) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(4096);
    let mut image = Vec::with_capacity(1024);
    let mut encoder = Encoder::new(&mut bytes);
    let fail = |e: minicbor::encode::Error<std::convert::Infallible>| Error::internal("undo.encode").caused_by(e);
    let steps: Vec<&Change> = log.changes().rev().collect();
    encoder.array(length(steps.len())).map_err(fail)?;
    for change in steps {
        encoder.array(4).and_then(|e| e.str(change.table)).map_err(fail)?;
        encode_row(&mut encoder, Some(change.key())).map_err(fail)?;
        encode_row(&mut encoder, change.before.as_deref()).map_err(fail)?;
        match &change.after {
            Some(row) => encoder.bytes(&hash_into(&mut image, change.table, row)?).map(drop),
            None => encoder.null().map(drop),
        }
        .map_err(fail)?;
    }
    Ok(bytes)
}

/// Reads an undo journal back.
pub fn decode_undo(bytes: &[u8]) -> Result<Vec<UndoStep>> {
    let fail = |e: minicbor::decode::Error| Error::new(Kind::Corrupt, "undo.decode").caused_by(e);
    let mut decoder = Decoder::new(bytes);
    let count = decoder.array().map_err(fail)?.unwrap_or_default();
    let mut steps = Vec::new();
    for _ in 0..count {
        steps.push(decode_step(&mut decoder).map_err(fail)?);
    }
    Ok(steps)
}

fn decode_step(decoder: &mut Decoder<'_>) -> std::result::Result<UndoStep, minicbor::decode::Error> {
    decoder.array()?;
    let table = decoder.str()?.to_owned();
    let key = decode_row(decoder)?.unwrap_or_default();
    let before = decode_row(decoder)?;
    let after = if decoder.datatype()? == minicbor::data::Type::Null {
        decoder.skip()?;
        None
    } else {
        <[u8; 8]>::try_from(decoder.bytes()?).ok()
    };
    Ok(UndoStep { table, key, before, after })
}

/// The first 64 bits of [`row_digest`]: what an undo journal keeps to see whether a row is as it was.
pub fn row_hash(table: &str, row: &[Val]) -> Result<[u8; 8]> {
    hash_into(&mut Vec::with_capacity(256), table, row)
}

/// The [`row_hash`] of a row with this digest.
pub fn row_hash_of(digest: u128) -> [u8; 8] {
    first(&digest.to_be_bytes()).unwrap_or_default()
}

/// The digest of a row: BLAKE3 of its table and its image, 128 bits.
pub fn row_digest(table: &str, row: &[Val]) -> Result<u128> {
    let hash = image_hash(&mut Vec::with_capacity(256), table, row)?;
    Ok(first(hash.as_bytes()).map(u128::from_be_bytes).unwrap_or_default())
}

fn hash_into(image: &mut Vec<u8>, table: &str, row: &[Val]) -> Result<[u8; 8]> {
    Ok(first(image_hash(image, table, row)?.as_bytes()).unwrap_or_default())
}

/// Hashes table and image, writing them into a buffer that is there already.
fn image_hash(image: &mut Vec<u8>, table: &str, row: &[Val]) -> Result<blake3::Hash> {
    image.clear();
    image.extend(table.as_bytes());
    encode_row(&mut Encoder::new(&mut *image), Some(row)).map_err(|e| Error::internal("undo.encode").caused_by(e))?;
    Ok(blake3::hash(image))
}

fn first<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.first_chunk().copied()
}

/// What writing to memory gives.
pub type Encoded = std::result::Result<(), minicbor::encode::Error<std::convert::Infallible>>;

/// Writes a row image, or null where there is no row.
pub fn encode_row(encoder: &mut Encoder<&mut Vec<u8>>, row: Option<&[Val]>) -> Encoded {
    let Some(row) = row else {
        return encoder.null().map(drop);
    };
    encoder.array(length(row.len()))?;
    for val in row {
        match val {
            Val::Null => encoder.null()?,
            Val::Int(int) => encoder.i64(*int)?,
            Val::Text(text) => encoder.str(text)?,
            Val::Id(bytes) => encoder.bytes(bytes)?,
            Val::Bytes(bytes) => encoder.bytes(bytes)?,
        };
    }
    Ok(())
}

/// Reads what [`encode_row`] wrote.
pub fn decode_row(decoder: &mut Decoder<'_>) -> std::result::Result<Option<Vec<Val>>, minicbor::decode::Error> {
    use minicbor::data::Type;
    if decoder.datatype()? == Type::Null {
        decoder.skip()?;
        return Ok(None);
    }
    let count = decoder.array()?.unwrap_or_default();
    let mut row = Vec::new();
    for _ in 0..count {
        row.push(match decoder.datatype()? {
            Type::Null => {
                decoder.skip()?;
                Val::Null
            }
            Type::String => Val::Text(decoder.str()?.to_owned()),
            Type::Bytes => {
                let bytes = decoder.bytes()?;
                <[u8; 16]>::try_from(bytes).map_or_else(|_| Val::Bytes(bytes.to_vec()), Val::Id)
            }
            _ => Val::Int(decoder.i64()?),
        });
    }
    Ok(Some(row))
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
