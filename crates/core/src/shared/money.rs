//! Money: an integer count of minor units with a currency. Never a float.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::currency::Currency;
use super::decimal::{Price, Quantity, Rate};
use super::error::{Error, Kind, Result};
use super::round::{allocate, pow10, round_div};

/// The largest amount Daybook holds, in minor units: 2^53 − 1, so that every amount is exact in
/// JavaScript too (90 trillion in cents).
pub const MINOR_MAX: i64 = 9_007_199_254_740_991;

/// An amount in minor units of a currency that stands beside it (in the same row or document).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Minor(i64);

impl Minor {
    /// Nothing.
    pub const ZERO: Minor = Minor(0);

    /// An amount of `units` minor units; `money.overflow` beyond ±(2^53 − 1).
    pub fn new(units: i64) -> Result<Self> {
        if units.unsigned_abs() > MINOR_MAX.unsigned_abs() {
            return Err(Error::invalid("money.overflow").arg("value", units));
        }
        Ok(Minor(units))
    }
    /// The count of minor units.
    pub fn units(self) -> i64 {
        self.0
    }
    /// `self + other`; `money.overflow` beyond the range.
    pub fn plus(self, other: Minor) -> Result<Minor> {
        Minor::new(self.0.saturating_add(other.0))
    }
    /// `self − other`; `money.overflow` beyond the range.
    pub fn minus(self, other: Minor) -> Result<Minor> {
        Minor::new(self.0.saturating_sub(other.0))
    }
    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Minor {
        Minor(-self.0)
    }
    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Minor {
        Minor(self.0.abs())
    }
    /// Whether nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
    /// Σ of amounts; `money.overflow` beyond the range.
    pub fn sum(amounts: impl IntoIterator<Item = Minor>) -> Result<Minor> {
        amounts.into_iter().try_fold(Minor::ZERO, Minor::plus)
    }
    /// `rate` percent of the amount, rounded half away from zero.
    pub fn percent(self, rate: Rate) -> Result<Minor> {
        ratio(i128::from(self.0) * i128::from(rate.micros()), 100_000_000)
    }
    /// The net part of a gross amount that includes `rate` percent: `gross ÷ (1 + rate)`, rounded.
    pub fn net_of(self, rate: Rate) -> Result<Minor> {
        let whole = 100_000_000 + i128::from(rate.micros());
        ratio(i128::from(self.0) * 100_000_000, whole)
    }
    /// The share `part ÷ whole` of the amount, rounded.
    pub fn share(self, part: i64, whole: i64) -> Result<Minor> {
        ratio(i128::from(self.0) * i128::from(part), i128::from(whole))
    }
    /// `quantity × price ÷ base` in minor units of a currency with `digits`, rounded: BT-131 of
    /// EN 16931 before allowances.
    pub fn extend(quantity: Quantity, price: Price, base: Quantity, digits: u32) -> Result<Minor> {
        let overflow = || Error::invalid("money.overflow").arg("value", format!("{quantity} × {price}"));
        let product = i128::from(quantity.micros()).checked_mul(i128::from(price.micros()));
        let scaled = product.and_then(|p| p.checked_mul(pow10(digits))).ok_or_else(overflow)?;
        let whole = i128::from(base.micros()).checked_mul(1_000_000).ok_or_else(overflow)?;
        round_div(scaled, whole).ok_or_else(overflow).and_then(Minor::new)
    }
    /// Splits the amount over `weights` by largest remainder; the parts add up exactly.
    pub fn allocate(self, weights: &[i64]) -> Result<Vec<Minor>> {
        let parts = allocate(self.0, weights);
        let parts = parts.ok_or_else(|| Error::invalid("money.overflow").arg("value", self.0))?;
        parts.into_iter().map(Minor::new).collect()
    }
    /// The amount as a decimal text with the digits of `currency`: `1453092.81`.
    pub fn display(self, currency: Currency) -> String {
        Decimal::new(self.0, currency.digits()).to_string()
    }
}

fn ratio(numerator: i128, denominator: i128) -> Result<Minor> {
    let units = round_div(numerator, denominator);
    units.ok_or_else(|| Error::invalid("money.overflow").arg("value", numerator)).and_then(Minor::new)
}

/// An amount with its currency: what signatures take when no row stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Money {
    /// Count of minor units.
    pub amount: Minor,
    /// The currency they are of.
    pub currency: Currency,
}

impl Money {
    /// `units` minor units of `currency`.
    pub fn new(units: i64, currency: Currency) -> Result<Self> {
        Ok(Money { amount: Minor::new(units)?, currency })
    }
    /// Nothing, in `currency`.
    pub fn zero(currency: Currency) -> Self {
        Money { amount: Minor::ZERO, currency }
    }
    /// Reads `1234.5` as an amount of `currency`; more digits than it has are refused, never cut.
    pub fn parse(text: &str, currency: Currency) -> Result<Self> {
        let bad = || Error::invalid("money.invalid").arg("value", text).arg("currency", currency);
        let value = Decimal::from_str_exact(text.trim()).map_err(|_| bad())?.normalize();
        if value.scale() > currency.digits() {
            return Err(Error::invalid("money.digits").arg("value", text).arg("currency", currency).arg("digits", currency.digits()));
        }
        let overflow = || Error::invalid("money.overflow").arg("value", text);
        let mantissa = value.mantissa().checked_mul(pow10(currency.digits() - value.scale()));
        let units = mantissa.and_then(|m| i64::try_from(m).ok()).ok_or_else(overflow)?;
        Money::new(units, currency).map_err(|_| overflow())
    }
    /// `self + other`; `money.currency` when the currencies differ.
    pub fn plus(self, other: Money) -> Result<Money> {
        self.same(other)?;
        Ok(Money { amount: self.amount.plus(other.amount)?, ..self })
    }
    /// `self − other`; `money.currency` when the currencies differ.
    pub fn minus(self, other: Money) -> Result<Money> {
        self.same(other)?;
        Ok(Money { amount: self.amount.minus(other.amount)?, ..self })
    }
    fn same(self, other: Money) -> Result<()> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(Error::new(Kind::Invalid, "money.currency").arg("left", self.currency).arg("right", other.currency))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount.display(self.currency), self.currency)
    }
}

impl Serialize for Minor {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.serialize_i64(self.0)
    }
}
impl<'de> Deserialize<'de> for Minor {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        Minor::new(i64::deserialize(d)?).map_err(super::error::carry)
    }
}
impl schemars::JsonSchema for Minor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Minor".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "integer", "minimum": -MINOR_MAX, "maximum": MINOR_MAX,
            "description": "amount in minor units of the currency beside it"
        })
    }
}
