//! What a step changed, as it is kept: of every row its columns by name, before and after. Names outlive a
//! migration that adds columns.

use minicbor::{Decoder, Encoder};

use crate::db::{self, decode_row, encode_row};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;
use crate::shared::value::Val;

/// One row that a step changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The table.
    pub table: String,
    /// The key of the row.
    pub key: Vec<Val>,
    /// The columns that differ; all of them where the row was made or removed.
    pub columns: Vec<String>,
    /// What they said before; `None` when the row was made.
    pub was: Option<Vec<Val>>,
    /// What they say after; `None` when the row was removed.
    pub is: Option<Vec<Val>>,
}

impl Change {
    /// What is kept of a change of the log.
    pub fn of(change: &db::Change) -> Self {
        let differs = |place: &usize| match (&change.before, &change.after) {
            (Some(before), Some(after)) => before.get(*place) != after.get(*place),
            _ => true,
        };
        let places: Vec<usize> = (0..change.columns.len()).filter(differs).collect();
        let pick = |row: &Option<Vec<Val>>| row.as_ref().map(|row| places.iter().filter_map(|place| row.get(*place).cloned()).collect());
        Change {
            table: change.table.to_owned(),
            key: change.key().to_vec(),
            columns: places.iter().filter_map(|place| change.columns.get(*place)).map(|name| (*name).to_owned()).collect(),
            was: pick(&change.before),
            is: pick(&change.after),
        }
    }
    /// The value of `column` after the change, or else before it.
    pub fn value(&self, column: &str) -> Option<&Val> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.is.as_ref().or(self.was.as_ref())?.get(place)
    }
    /// The change the other way round.
    #[must_use]
    pub fn turned(self) -> Self {
        Change { was: self.is, is: self.was, ..self }
    }
    /// Where its columns stand in `record`; `history.other_version` when one is not there any more.
    pub fn places(&self, record: &RecordEntry) -> Result<Vec<usize>> {
        let place = |name: &String| record.columns.iter().position(|column| column == name);
        let gone = || Error::new(Kind::State, "history.other_version");
        self.columns.iter().map(|name| place(name).ok_or_else(gone)).collect()
    }
}

/// The bytes that are kept.
pub fn encode(changes: &[Change]) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(512);
    let mut encoder = Encoder::new(&mut bytes);
    write(&mut encoder, changes).map_err(|e| Error::internal("undo.encode").caused_by(e))?;
    Ok(bytes)
}

/// Reads kept bytes.
pub fn decode(bytes: &[u8]) -> Result<Vec<Change>> {
    let mut decoder = Decoder::new(bytes);
    read(&mut decoder).map_err(|e| Error::new(Kind::Corrupt, "undo.decode").caused_by(e))
}

fn write(encoder: &mut Encoder<&mut Vec<u8>>, changes: &[Change]) -> std::result::Result<(), minicbor::encode::Error<std::convert::Infallible>> {
    let length = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    encoder.array(length(changes.len()))?;
    for change in changes {
        encoder.array(5)?.str(&change.table)?;
        encode_row(encoder, Some(&change.key))?;
        encoder.array(length(change.columns.len()))?;
        for column in &change.columns {
            encoder.str(column)?;
        }
        encode_row(encoder, change.was.as_deref())?;
        encode_row(encoder, change.is.as_deref())?;
    }
    Ok(())
}

fn read(decoder: &mut Decoder<'_>) -> std::result::Result<Vec<Change>, minicbor::decode::Error> {
    let count = decoder.array()?.unwrap_or_default();
    let mut changes = Vec::new();
    for _ in 0..count {
        decoder.array()?;
        let table = decoder.str()?.to_owned();
        let key = decode_row(decoder)?.unwrap_or_default();
        let mut columns = Vec::new();
        for _ in 0..decoder.array()?.unwrap_or_default() {
            columns.push(decoder.str()?.to_owned());
        }
        changes.push(Change { table, key, columns, was: decode_row(decoder)?, is: decode_row(decoder)? });
    }
    Ok(changes)
}
