//! Values on their way between JSON, the statements and the database.

use super::unknown_field;
use crate::shared::error::{Error, Result};
use crate::shared::record::Field;
use crate::shared::value::{FieldKind, Val};
use crate::shared::{Currency, Date, Id, Minor, Price, Quantity, Rate};

/// The JSON form of a stored value.
pub fn show_value(kind: FieldKind, val: &Val) -> serde_json::Value {
    match (kind, val) {
        (_, Val::Null) => serde_json::Value::Null,
        (FieldKind::Bool, Val::Int(int)) => (*int != 0).into(),
        (FieldKind::Price | FieldKind::Quantity | FieldKind::Rate, Val::Int(int)) => Quantity::from_micros(*int).to_string().into(),
        (_, Val::Int(int)) => (*int).into(),
        (_, Val::Text(text)) => text.as_str().into(),
        (_, Val::Id(bytes)) => Id::<()>::from_bytes(*bytes).to_string().into(),
        (_, Val::Bytes(bytes)) => bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into(),
    }
}

/// Reads the JSON form of a value of `field`; null where it may be empty.
pub(super) fn read_value(field: &Field, value: &serde_json::Value) -> Result<Val> {
    use crate::shared::command::read_args;
    use crate::shared::value::Column;
    if value.is_null() && field.optional {
        return Ok(Val::Null);
    }
    let value = value.clone();
    let read = || match field.kind {
        FieldKind::Money => read_args::<Minor>(value).map(|v| v.to_val()),
        FieldKind::Price => read_args::<Price>(value).map(|v| v.to_val()),
        FieldKind::Quantity => read_args::<Quantity>(value).map(|v| v.to_val()),
        FieldKind::Rate => read_args::<Rate>(value).map(|v| v.to_val()),
        FieldKind::Date => read_args::<Date>(value).map(|v| v.to_val()),
        FieldKind::Bool => read_args::<bool>(value).map(|v| v.to_val()),
        FieldKind::Integer | FieldKind::Instant => read_args::<i64>(value).map(Val::Int),
        FieldKind::Reference | FieldKind::Id => read_args::<Id<()>>(value).map(|v| v.to_val()),
        FieldKind::Currency => read_args::<Currency>(value).map(|v| v.to_val()),
        FieldKind::Text | FieldKind::Choice | FieldKind::Country => read_args::<String>(value).map(Val::Text),
        FieldKind::Bytes => Err(unknown_field(field.name, &[])),
    };
    read().map_err(|e| e.field(field.name))
}

/// A value as a parameter of a statement.
pub(super) fn to_sea(val: Val) -> sea_query::Value {
    match val {
        Val::Null => sea_query::Value::String(None),
        Val::Int(int) => int.into(),
        Val::Text(text) => text.into(),
        Val::Id(bytes) => bytes.to_vec().into(),
        Val::Bytes(bytes) => bytes.into(),
    }
}

/// A parameter that sea-query gathered, as a value.
pub(super) fn from_sea(value: sea_query::Value) -> Result<Val> {
    use sea_query::Value as V;
    Ok(match value {
        V::BigInt(Some(int)) => Val::Int(int),
        V::BigUnsigned(Some(int)) => Val::Int(i64::try_from(int).unwrap_or(i64::MAX)),
        V::Int(Some(int)) => Val::Int(int.into()),
        V::String(Some(text)) => Val::Text(text.to_string()),
        V::Bytes(Some(bytes)) => <[u8; 16]>::try_from(bytes.as_slice()).map_or_else(|_| Val::Bytes(bytes.to_vec()), Val::Id),
        V::String(None) => Val::Null,
        _ => return Err(Error::internal("list.value")),
    })
}
