//! Exact conversion between units: what cannot be said in millionths of the target unit is refused,
//! never rounded.

use super::model::{Item, ItemUnit, Unit};
use crate::db::Tx;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Quantity};
use crate::vals;

/// How many base units one unit is, as a reduced fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: i128,
    /// Below the line.
    pub denominator: i128,
}

impl Ratio {
    /// One to one.
    pub const ONE: Ratio = Ratio { numerator: 1, denominator: 1 };

    /// Reduced; `None` unless both are positive.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if numerator <= 0 || denominator <= 0 {
            return None;
        }
        let divisor = greatest_divisor(numerator, denominator);
        Some(Ratio { numerator: numerator.checked_div(divisor)?, denominator: denominator.checked_div(divisor)? })
    }
    /// `self ÷ other`.
    pub fn per(self, other: Ratio) -> Option<Self> {
        Ratio::new(self.numerator.checked_mul(other.denominator)?, self.denominator.checked_mul(other.numerator)?)
    }
    /// `micros` millionths times the ratio: `None` beyond the range, `Some(None)` when inexact.
    fn apply(self, micros: i64) -> Option<Option<i64>> {
        let product = i128::from(micros).checked_mul(self.numerator)?;
        if product.checked_rem(self.denominator)? != 0 {
            return Some(None);
        }
        i64::try_from(product.checked_div(self.denominator)?).ok().map(Some)
    }
}

fn greatest_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a, b);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

/// The unit; `unit.unknown` when there is none with this code.
pub fn unit(tx: &mut Tx<'_>, code: &str) -> Result<Unit> {
    tx.find(vals![code.to_owned()])?.ok_or_else(|| Error::invalid("unit.unknown").arg("value", code).field("unit"))
}

/// How many base units of `item` one `unit` is: by the item's own table, or by the physical ratio of
/// two units of one dimension; `unit.no_ratio` when neither says.
pub fn ratio(tx: &mut Tx<'_>, item: &Item, code: &Code) -> Result<Ratio> {
    if *code == item.base_unit {
        return Ok(Ratio::ONE);
    }
    let no_ratio = || Error::invalid("unit.no_ratio").arg("unit", code).arg("base", &item.base_unit).arg("item", &item.name).field("unit");
    let own: Option<ItemUnit> = tx.find_all(&["item", "unit"], vals![item.id, *code])?.into_iter().next();
    if let Some(own) = own {
        return Ratio::new(own.numerator.into(), own.denominator.into()).ok_or_else(no_ratio);
    }
    let (from, base) = (unit(tx, code)?, unit(tx, &item.base_unit)?);
    let same = from.dimension == base.dimension;
    let fraction = |unit: &Unit| Ratio::new(unit.numerator?.into(), unit.denominator?.into());
    fraction(&from).filter(|_| same).and_then(|from| from.per(fraction(&base)?)).ok_or_else(no_ratio)
}

/// `quantity` of a unit as base units; `unit.inexact` when six decimals cannot say it.
pub fn exact(quantity: Quantity, ratio: Ratio, unit: &str, item: &Item) -> Result<Quantity> {
    match ratio.apply(quantity.micros()) {
        Some(Some(micros)) => Ok(Quantity::from_micros(micros)),
        Some(None) => Err(Error::invalid("unit.inexact").arg("quantity", quantity).arg("unit", unit).arg("base", &item.base_unit).field("quantity")),
        None => Err(Error::invalid("decimal.overflow").arg("value", quantity).field("quantity")),
    }
}
