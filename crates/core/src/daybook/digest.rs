//! Digests: 128 bits that stand for a set of rows, whatever their order. A row's digest is a BLAKE3
//! hash of its table and image; a set's is the sum of its rows', so it follows every change by one
//! subtraction and one addition. A device and its server that have the same rows have the same digest.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};

use crate::db::{ChangeLog, Tx, row_digest};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::RecordEntry;

/// The digest of a set of rows.
pub type Digest = u128;

/// Digests by scope.
pub type Digests = BTreeMap<String, Digest>;

/// What an entry did to the rows of one scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Σ of the digests of the rows as it left them; a removed row counts by its key.
    pub left: Digest,
    /// What it added to the scope's digest.
    pub delta: Digest,
}

/// What an entry did, by scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects(pub BTreeMap<String, Effect>);

impl Effects {
    /// The effects of the changes in `log`; `scope_of` names the scope of a table.
    pub fn of(log: &ChangeLog, scope_of: impl Fn(&str) -> Result<&'static str>) -> Result<Self> {
        let mut effects = Effects::default();
        for change in log.changes() {
            let effect = effects.0.entry(scope_of(change.table)?.to_owned()).or_default();
            if let Some(before) = &change.before {
                effect.delta = effect.delta.wrapping_sub(row_digest(change.table, before)?);
            }
            match &change.after {
                Some(after) => {
                    let digest = row_digest(change.table, after)?;
                    effect.delta = effect.delta.wrapping_add(digest);
                    effect.left = effect.left.wrapping_add(digest);
                }
                None => effect.left = effect.left.wrapping_add(row_digest(change.table, change.key())?.rotate_left(64)),
            }
        }
        Ok(effects)
    }
    /// Only what a reader of `scopes` sees.
    #[must_use]
    pub fn within(&self, scopes: &[String]) -> Effects {
        Effects(self.0.iter().filter(|(scope, _)| scopes.contains(scope)).map(|(scope, effect)| (scope.clone(), *effect)).collect())
    }
    /// One number for what the rows were left as.
    pub fn left(&self) -> Digest {
        self.0.values().fold(0, |sum, effect| sum.wrapping_add(effect.left))
    }
    /// Adds what these effects changed to the digests of their scopes.
    pub fn add_to(&self, digests: &mut Digests) {
        for (scope, effect) in &self.0 {
            let digest = digests.entry(scope.clone()).or_default();
            *digest = digest.wrapping_add(effect.delta);
        }
    }
    /// The bytes that are kept.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(64);
        let mut encoder = Encoder::new(&mut bytes);
        let fail = |e: minicbor::encode::Error<std::convert::Infallible>| Error::internal("undo.encode").caused_by(e);
        encoder.map(u64::try_from(self.0.len()).unwrap_or_default()).map_err(fail)?;
        for (scope, effect) in &self.0 {
            encoder.str(scope).and_then(|e| e.array(2)).map_err(fail)?;
            encoder.bytes(&effect.left.to_be_bytes()).and_then(|e| e.bytes(&effect.delta.to_be_bytes())).map_err(fail)?;
        }
        Ok(bytes)
    }
    /// Reads kept bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut decoder = Decoder::new(bytes);
        let mut read = || {
            let mut effects = Effects::default();
            for _ in 0..decoder.map()?.unwrap_or_default() {
                let scope = decoder.str()?.to_owned();
                decoder.array()?;
                let (left, delta) = (digest_of(decoder.bytes()?), digest_of(decoder.bytes()?));
                effects.0.insert(scope, Effect { left, delta });
            }
            Ok(effects)
        };
        read().map_err(|e: minicbor::decode::Error| Error::new(Kind::Corrupt, "undo.decode").caused_by(e))
    }
}

/// The digests of the scopes of `records`, from the rows that are there. Rows are read in parts.
pub fn of_rows<'r>(tx: &mut Tx<'_>, records: impl Iterator<Item = &'r RecordEntry>) -> Result<Digests> {
    let mut digests = Digests::new();
    for record in records.filter(|record| !record.view) {
        let digest = digests.entry(record.scope().to_owned()).or_default();
        tx.each_row(record.table, record.keys, record.columns, |row| {
            *digest = digest.wrapping_add(row_digest(record.table, &row)?);
            Ok(())
        })?;
    }
    Ok(digests)
}

/// Sixteen bytes as a digest; anything else is 0, which no set of rows but the empty one has.
pub fn digest_of(bytes: &[u8]) -> Digest {
    <[u8; 16]>::try_from(bytes).map(u128::from_be_bytes).unwrap_or_default()
}
