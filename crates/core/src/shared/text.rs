//! Text that people type: UTF-8 in Unicode form NFC, trimmed, bounded, without control characters.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::error::{Error, Result};

/// Text of at most `MAX` characters. User text is never an identifier: renaming rewrites nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text<const MAX: usize>(String);

/// A short code: item code, account code, number.
pub type Code = Text<64>;
/// A name or one line of an address.
pub type Name = Text<200>;
/// Several lines of free text.
pub type Note = Text<4000>;

impl<const MAX: usize> Text<MAX> {
    /// Normalises `raw`; `text.too_long` or `text.control` when it cannot be kept.
    pub fn new(raw: &str) -> Result<Self> {
        if plain(raw, MAX) {
            return Ok(Text(raw.to_owned()));
        }
        let trimmed = raw.trim();
        let text: String = if is_nfc(trimmed) { trimmed.to_owned() } else { trimmed.nfc().collect() };
        if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err(Error::invalid("text.control").arg("character", format!("U+{:04X}", u32::from(bad))));
        }
        let length = text.chars().count();
        if length > MAX {
            return Err(Error::invalid("text.too_long").arg("length", length).arg("max", MAX));
        }
        Ok(Text(text))
    }
    /// As [`Text::new`], keeping the text itself when there is nothing to change.
    pub fn owned(raw: String) -> Result<Self> {
        if plain(&raw, MAX) { Ok(Text(raw)) } else { Text::new(&raw) }
    }
    /// The same text with another bound; `text.too_long` when it does not fit.
    pub fn resized<const OTHER: usize>(&self) -> Result<Text<OTHER>> {
        Text::new(&self.0)
    }
    /// As much of `raw` as fits, control characters replaced by spaces: for texts of other programs.
    pub fn fitted(raw: &str) -> Self {
        let clean: String = raw.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { ' ' } else { c }).collect();
        let text: String = clean.trim().nfc().take(MAX).collect();
        Text(text.trim_end().to_owned())
    }
    /// `text.required` on `field` when empty.
    pub fn required(&self, field: &str) -> Result<&Self> {
        if self.0.is_empty() { Err(Error::invalid("text.required").field(field)) } else { Ok(self) }
    }
    /// Whether there is no text.
    pub fn is_blank(&self) -> bool {
        self.0.is_empty()
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `raw` is printable ASCII that is kept as it is, which most text is: the quick way.
fn plain(raw: &str, max: usize) -> bool {
    let bytes = raw.as_bytes();
    let edges = bytes.first() != Some(&b' ') && bytes.last() != Some(&b' ');
    edges && bytes.len() <= max && bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}
impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<const MAX: usize> Serialize for Text<MAX> {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}
impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        Text::new(&String::deserialize(d)?).map_err(super::error::carry)
    }
}
impl<const MAX: usize> schemars::JsonSchema for Text<MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Text{MAX}").into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "maxLength": MAX})
    }
}
