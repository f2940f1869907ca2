//! Business dates and recorded instants. A business date is a date, never an instant: no time zone
//! can move an entry into another year.

use std::fmt;

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::error::{Error, Result};

/// A calendar date of the Gregorian calendar, years 1900 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// Reads `2010-12-01`; `date.invalid` for anything else, 29 February 2023 included.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Error::invalid("date.invalid").arg("value", text);
        let shaped = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return Err(bad());
        }
        let date: civil::Date = text.parse().map_err(|_| bad())?;
        if date.year() < 1900 { Err(bad()) } else { Ok(Date(date)) }
    }
    /// The date `year`-`month`-`day`, when there is one.
    pub fn ymd(year: i16, month: i8, day: i8) -> Result<Self> {
        let bad = || Error::invalid("date.invalid").arg("value", format!("{year:04}-{month:02}-{day:02}"));
        civil::Date::new(year, month, day).map(Date).map_err(|_| bad())
    }
    /// The date of an instant in UTC.
    pub fn of(instant: Instant) -> Result<Self> {
        let bad = || Error::invalid("date.invalid").arg("value", instant.0);
        let stamp = jiff::Timestamp::from_millisecond(instant.0).map_err(|_| bad())?;
        Ok(Date(stamp.to_zoned(jiff::tz::TimeZone::UTC).date()))
    }
    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }
    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }
    /// The day of the month.
    pub fn day(self) -> i8 {
        self.0.day()
    }
    /// `days` later, or earlier when negative.
    pub fn plus_days(self, days: i32) -> Result<Self> {
        let span = jiff::Span::new().try_days(days).map_err(|_| Error::invalid("date.invalid").arg("value", days))?;
        self.0.checked_add(span).map(Date).map_err(|_| Error::invalid("date.invalid").arg("value", self))
    }
    /// The first day of the month.
    #[must_use]
    pub fn month_start(self) -> Self {
        Date(self.0.first_of_month())
    }
    /// The last day of the month.
    #[must_use]
    pub fn month_end(self) -> Self {
        Date(self.0.last_of_month())
    }
    /// The month as `2010-12`.
    pub fn month_text(self) -> String {
        format!("{:04}-{:02}", self.year(), self.month())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}
impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        Date::parse(&String::deserialize(d)?).map_err(super::error::carry)
    }
}
impl schemars::JsonSchema for Date {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date"})
    }
}

/// When something was recorded: milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// From milliseconds since 1970 in UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Instant(millis)
    }
    /// Milliseconds since 1970 in UTC.
    pub const fn millis(self) -> i64 {
        self.0
    }
}
