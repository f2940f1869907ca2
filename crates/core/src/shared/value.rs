//! What a database column can hold, and how Rust types fit into one column.

use super::currency::Currency;
use super::date::{Date, Instant};
use super::decimal::{Price, Quantity, Rate};
use super::error::{Error, Result};
use super::id::Id;
use super::money::Minor;
use super::text::Text;

/// A database value, the same for SQLite and PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Val {
    /// SQL NULL.
    Null,
    /// 64-bit integer; also booleans (0, 1) and every scaled decimal.
    Int(i64),
    /// Text, compared byte by byte.
    Text(String),
    /// A 16-byte id.
    Id([u8; 16]),
    /// Other bytes.
    Bytes(Vec<u8>),
}

/// How a field is shown and edited. Presentation only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// An opaque id.
    Id,
    /// Text.
    Text,
    /// Amount in minor units of the record's `currency`.
    Money,
    /// Unit price.
    Price,
    /// Quantity.
    Quantity,
    /// Percent or exchange rate.
    Rate,
    /// Calendar date.
    Date,
    /// Milliseconds since 1970 in UTC.
    Instant,
    /// Yes or no.
    Bool,
    /// One of a closed set of words.
    Choice,
    /// A link to another record.
    Reference,
    /// ISO 4217 code.
    Currency,
    /// ISO 3166-1 alpha-2 code.
    Country,
    /// A whole number.
    Integer,
    /// Bytes, never shown.
    Bytes,
}

/// A Rust type that fits one column.
pub trait Column: Sized {
    /// How it is shown.
    const KIND: FieldKind;
    /// Whether NULL is a value of it.
    const OPTIONAL: bool = false;
    /// The words a [`FieldKind::Choice`] allows.
    const CHOICES: &'static [&'static str] = &[];
    /// The value to store.
    fn to_val(&self) -> Val;
    /// Reads a stored value; `books.value` when it does not fit.
    fn from_val(val: Val) -> Result<Self>;
}

/// A stored value of the wrong shape: the books were written by something else.
pub(crate) fn misfit(expected: &'static str, val: &Val) -> Error {
    Error::new(super::error::Kind::Corrupt, "books.value").arg("expected", expected).arg("found", format!("{val:?}"))
}

macro_rules! int_column {
    ($($type:ty, $kind:ident, $to:expr, $from:expr;)*) => {$(
        impl Column for $type {
            const KIND: FieldKind = FieldKind::$kind;
            fn to_val(&self) -> Val {
                let to: fn(&$type) -> i64 = $to;
                Val::Int(to(self))
            }
            fn from_val(val: Val) -> Result<Self> {
                let from: fn(i64) -> Result<$type> = $from;
                match val {
                    Val::Int(int) => from(int),
                    other => Err(misfit(stringify!($type), &other)),
                }
            }
        }
    )*};
}

int_column! {
    i64, Integer, |v| *v, Ok;
    bool, Bool, |v| i64::from(*v), |int| Ok(int != 0);
    Minor, Money, |v| v.units(), Minor::new;
    Price, Price, |v| v.micros(), |int| Ok(Price::from_micros(int));
    Quantity, Quantity, |v| v.micros(), |int| Ok(Quantity::from_micros(int));
    Rate, Rate, |v| v.micros(), |int| Ok(Rate::from_micros(int));
    Instant, Instant, |v| v.millis(), |int| Ok(Instant::from_millis(int));
}

macro_rules! text_column {
    ($($type:ty, $kind:ident, $from:expr;)*) => {$(
        impl Column for $type {
            const KIND: FieldKind = FieldKind::$kind;
            fn to_val(&self) -> Val {
                Val::Text(self.to_string())
            }
            fn from_val(val: Val) -> Result<Self> {
                match val {
                    Val::Text(text) => $from(&text),
                    other => Err(misfit(stringify!($type), &other)),
                }
            }
        }
    )*};
}

text_column! {
    Date, Date, Date::parse;
    Currency, Currency, Currency::parse;
}

impl<const MAX: usize> Column for Text<MAX> {
    const KIND: FieldKind = FieldKind::Text;
    fn to_val(&self) -> Val {
        Val::Text(self.as_str().to_owned())
    }
    fn from_val(val: Val) -> Result<Self> {
        match val {
            Val::Text(text) => Text::owned(text),
            other => Err(misfit("text", &other)),
        }
    }
}

impl Column for String {
    const KIND: FieldKind = FieldKind::Text;
    fn to_val(&self) -> Val {
        Val::Text(self.clone())
    }
    fn from_val(val: Val) -> Result<Self> {
        match val {
            Val::Text(text) => Ok(text),
            other => Err(misfit("text", &other)),
        }
    }
}

impl<T> Column for Id<T> {
    const KIND: FieldKind = FieldKind::Reference;
    fn to_val(&self) -> Val {
        Val::Id(self.bytes())
    }
    fn from_val(val: Val) -> Result<Self> {
        match val {
            Val::Id(bytes) => Ok(Id::from_bytes(bytes)),
            Val::Bytes(bytes) => <[u8; 16]>::try_from(bytes.as_slice()).map(Id::from_bytes).map_err(|_| misfit("id", &Val::Bytes(bytes))),
            other => Err(misfit("id", &other)),
        }
    }
}

impl Column for Vec<u8> {
    const KIND: FieldKind = FieldKind::Bytes;
    fn to_val(&self) -> Val {
        Val::Bytes(self.clone())
    }
    fn from_val(val: Val) -> Result<Self> {
        match val {
            Val::Bytes(bytes) => Ok(bytes),
            Val::Id(bytes) => Ok(bytes.to_vec()),
            other => Err(misfit("bytes", &other)),
        }
    }
}

impl<C: Column> Column for Option<C> {
    const KIND: FieldKind = C::KIND;
    const OPTIONAL: bool = true;
    const CHOICES: &'static [&'static str] = C::CHOICES;
    fn to_val(&self) -> Val {
        self.as_ref().map_or(Val::Null, Column::to_val)
    }
    fn from_val(val: Val) -> Result<Self> {
        if val == Val::Null { Ok(None) } else { C::from_val(val).map(Some) }
    }
}

/// The values of one row, taken from the left.
pub type Cells = std::vec::IntoIter<Val>;

/// Takes the next cell as a `C`.
pub fn take<C: Column>(cells: &mut Cells) -> Result<C> {
    let short = || Error::internal("books.columns");
    C::from_val(cells.next().ok_or_else(short)?)
}

/// What a row of a query can be read as: tuples of columns, and records.
pub trait FromRow: Sized {
    /// Reads one row.
    fn from_row(cells: &mut Cells) -> Result<Self>;
}

macro_rules! tuple_row {
    ($($name:ident)+) => {
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            fn from_row(cells: &mut Cells) -> Result<Self> {
                Ok(($(take::<$name>(cells)?,)+))
            }
        }
    };
}
tuple_row!(A);
tuple_row!(A B);
tuple_row!(A B C);
tuple_row!(A B C D);
tuple_row!(A B C D E);
tuple_row!(A B C D E F);
tuple_row!(A B C D E F G);
tuple_row!(A B C D E F G H);
tuple_row!(A B C D E F G H I);
tuple_row!(A B C D E F G H I J);

/// Values to bind, from anything that fits a column: `vals![account, date]`.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => {
        &[$($crate::shared::value::Column::to_val(&$value)),*]
    };
}
