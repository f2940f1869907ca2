//! Dates as files write them. The order of day and month is found from the whole column; when both fit,
//! a person must say which.

use crate::shared::Date;
use crate::shared::error::{Error, Result};

/// How a column writes dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// 2010-12-31.
    Ymd,
    /// 31.12.2010, 31/12/2010.
    Dmy,
    /// 12/31/2010.
    Mdy,
}

impl DateOrder {
    /// The order that a mapping names.
    pub fn from_word(word: &str) -> Result<Self> {
        match word {
            "ymd" => Ok(DateOrder::Ymd),
            "dmy" => Ok(DateOrder::Dmy),
            "mdy" => Ok(DateOrder::Mdy),
            _ => Err(Error::invalid("import.date_order").arg("value", word)),
        }
    }
    /// The order that fits most cells: those that it does not fit are wrong. `import.ambiguous_dates` when two fit as
    /// many and they differ.
    pub fn detect<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Result<Self> {
        let fits = |order: DateOrder| cells.clone().filter(|cell| order.read(cell).is_some()).count();
        let (ymd, dmy, mdy) = (fits(DateOrder::Ymd), fits(DateOrder::Dmy), fits(DateOrder::Mdy));
        match dmy.cmp(&mdy) {
            _ if ymd >= dmy.max(mdy) => Ok(DateOrder::Ymd),
            std::cmp::Ordering::Greater => Ok(DateOrder::Dmy),
            std::cmp::Ordering::Less => Ok(DateOrder::Mdy),
            std::cmp::Ordering::Equal => Err(Error::invalid("import.ambiguous_dates").field("date")),
        }
    }
    /// The date of a cell, a time after it left aside; `None` when it is not a date in this order.
    pub fn read(self, cell: &str) -> Option<Date> {
        let day = cell.split([' ', 'T']).next()?;
        let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
        let [a, b, c] = parts.as_slice() else { return None };
        let (year, month, day) = match self {
            DateOrder::Ymd => (*a, *b, *c),
            DateOrder::Dmy => (*c, *b, *a),
            DateOrder::Mdy => (*c, *a, *b),
        };
        if year.len() != 4 || month.len() > 2 || day.len() > 2 {
            return None;
        }
        Date::ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    }
}
