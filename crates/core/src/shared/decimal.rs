//! Exact decimals with six places: unit prices, quantities, rates. Stored as integers × 10⁻⁶;
//! `rust_decimal` reads and writes their text.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{Error, Result};
use super::round::round_div;

/// One whole, in millionths.
pub const ONE: i64 = 1_000_000;

fn read(text: &str) -> Result<i64> {
    let bad = || Error::invalid("decimal.invalid").arg("value", text);
    let value = Decimal::from_str_exact(text.trim()).map_err(|_| bad())?.normalize();
    if value.scale() > 6 {
        return Err(Error::invalid("decimal.digits").arg("value", text));
    }
    let scale = super::round::pow10(6_u32.saturating_sub(value.scale()));
    let micros = value.mantissa().checked_mul(scale).and_then(|m| i64::try_from(m).ok());
    micros.ok_or_else(|| Error::invalid("decimal.overflow").arg("value", text))
}

/// Accepts text (`"2.55"`) and whole JSON numbers; a JSON fraction has passed through a float and
/// is refused.
struct Visitor;

impl serde::de::Visitor<'_> for Visitor {
    type Value = i64;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number as text, such as \"2.55\"")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<i64, E> {
        read(text).map_err(super::error::carry)
    }
    fn visit_i64<E: serde::de::Error>(self, whole: i64) -> std::result::Result<i64, E> {
        let micros = whole.checked_mul(ONE);
        micros.ok_or_else(|| super::error::carry(Error::invalid("decimal.overflow").arg("value", whole)))
    }
    fn visit_u64<E: serde::de::Error>(self, whole: u64) -> std::result::Result<i64, E> {
        let whole = i64::try_from(whole).map_err(|_| super::error::carry(Error::invalid("decimal.overflow").arg("value", whole)))?;
        self.visit_i64(whole)
    }
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> std::result::Result<i64, E> {
        Err(super::error::carry(Error::invalid("decimal.float").arg("value", value)))
    }
}

macro_rules! decimal {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(i64);

        impl $name {
            /// Zero.
            pub const ZERO: $name = $name(0);
            /// One whole.
            pub const ONE: $name = $name(ONE);

            /// From a count of millionths.
            pub const fn from_micros(micros: i64) -> Self {
                $name(micros)
            }
            /// From a whole number; `decimal.overflow` beyond the range.
            pub fn whole(units: i64) -> Result<Self> {
                let micros = units.checked_mul(ONE);
                micros.map($name).ok_or_else(|| Error::invalid("decimal.overflow").arg("value", units))
            }
            /// Reads `2.55`; more than six decimals are refused, never cut.
            pub fn parse(text: &str) -> Result<Self> {
                read(text).map($name)
            }
            /// The count of millionths.
            pub const fn micros(self) -> i64 {
                self.0
            }
            /// Whether zero.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
            /// Whether below zero.
            pub const fn is_negative(self) -> bool {
                self.0 < 0
            }
            /// `self + other`; `decimal.overflow` beyond the range.
            pub fn plus(self, other: Self) -> Result<Self> {
                let sum = self.0.checked_add(other.0);
                sum.map($name).ok_or_else(|| Error::invalid("decimal.overflow").arg("value", self))
            }
            /// `self − other`; `decimal.overflow` beyond the range.
            pub fn minus(self, other: Self) -> Result<Self> {
                let rest = self.0.checked_sub(other.0);
                rest.map($name).ok_or_else(|| Error::invalid("decimal.overflow").arg("value", self))
            }
            /// The same value with the other sign.
            #[must_use]
            pub const fn negated(self) -> Self {
                $name(self.0.saturating_neg())
            }
            /// The value without its sign.
            #[must_use]
            pub const fn abs(self) -> Self {
                $name(self.0.saturating_abs())
            }
            /// `self × numerator ÷ denominator`, rounded half away from zero at six places.
            pub fn times_ratio(self, numerator: i64, denominator: i64) -> Result<Self> {
                let product = i128::from(self.0).checked_mul(i128::from(numerator));
                let value = product.and_then(|p| round_div(p, i128::from(denominator)));
                value.map($name).ok_or_else(|| Error::invalid("decimal.overflow").arg("value", self))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", Decimal::new(self.0, 6).normalize())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
                d.deserialize_any(Visitor).map($name)
            }
        }
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": ["string", "integer"], "pattern": r"^-?\d+(\.\d{1,6})?$",
                    "description": "exact decimal with up to six places, as text"
                })
            }
        }
    };
}

decimal! {
    /// A price per unit, in major units of a currency that stands beside it.
    Price
}
decimal! {
    /// A quantity in an item's base unit, unless a unit stands beside it.
    Quantity
}
decimal! {
    /// A rate: percent for taxes and discounts (`20` is 20 %), units per unit for exchange.
    Rate
}

impl Price {
    /// The price reduced by `rate` percent, rounded at six places.
    pub fn less_percent(self, rate: Rate) -> Result<Price> {
        self.minus(self.times_ratio(rate.micros(), 100_000_000)?)
    }
}
