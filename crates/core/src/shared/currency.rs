//! Currencies by ISO 4217: three letters and the number of minor-unit digits.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{Error, Result};

/// An active ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    code: [u8; 3],
    digits: u8,
}

/// One line of the currency table.
pub struct CurrencyRow {
    /// ISO 4217 alphabetic code.
    pub code: String,
    /// Minor-unit digits.
    pub digits: u8,
    /// English name.
    pub name: String,
}

impl Currency {
    /// The currency with this ISO code; `currency.unknown` otherwise.
    pub fn parse(code: &str) -> Result<Self> {
        let unknown = || Error::invalid("currency.unknown").arg("value", code);
        let digits = table().get(code).ok_or_else(unknown)?.digits;
        let code = <[u8; 3]>::try_from(code.as_bytes()).map_err(|_| unknown())?;
        Ok(Currency { code, digits })
    }
    /// The ISO code, three capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("???")
    }
    /// Digits after the decimal point: 0 for JPY, 2 for EUR, 3 for KWD.
    pub fn digits(&self) -> u32 {
        u32::from(self.digits)
    }
    /// All currencies, by code.
    pub fn all() -> impl Iterator<Item = &'static CurrencyRow> {
        table().values()
    }
}

fn table() -> &'static BTreeMap<String, CurrencyRow> {
    static TABLE: OnceLock<BTreeMap<String, CurrencyRow>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!("../../../../assets/reference/currencies.csv");
        csv::Reader::from_reader(text.as_bytes()).into_records().filter_map(read).collect()
    })
}

fn read(line: csv::Result<csv::StringRecord>) -> Option<(String, CurrencyRow)> {
    let line = line.ok()?;
    let code = line.get(0)?.to_owned();
    let row = CurrencyRow { code: code.clone(), digits: line.get(2)?.parse().ok()?, name: line.get(3)?.to_owned() };
    Some((code, row))
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        let code = String::deserialize(d)?;
        Currency::parse(code.trim()).map_err(super::error::carry)
    }
}
impl schemars::JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code"})
    }
}
