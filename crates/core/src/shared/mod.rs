//! Value types and the vocabulary every module shares. Knows no domain and no database.

pub mod arguments;
pub mod command;
pub mod context;
pub mod currency;
pub mod date;
pub mod decimal;
pub mod error;
pub mod given;
pub mod id;
pub mod labels;
pub mod money;
pub mod nearest;
pub mod permission;
pub mod record;
pub mod round;
pub mod state;
pub mod text;
pub mod value;

pub use command::{Class, Command, Query};
pub use context::Context;
pub use currency::Currency;
pub use date::{Date, Instant};
pub use decimal::{Price, Quantity, Rate};
pub use error::{Error, Kind, Result};
pub use given::Given;
pub use id::Id;
pub use money::{Minor, Money};
pub use permission::Permission;
pub use record::{Field, Record, field};
pub use text::{Code, Name, Note, Text};
pub use value::{Column, FromRow, Val};
