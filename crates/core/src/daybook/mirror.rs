//! Messages as JSON, for people who look for a fault: ids and hashes as text, arguments and rows opened.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::{Value, json};

use super::feed::decode_images;
use super::state::{hex, unhex};
use crate::shared::{Id, Val};

/// An id.
pub fn id<S: Serializer>(bytes: &[u8; 16], to: S) -> Result<S::Ok, S::Error> {
    Id::<()>::from_bytes(*bytes).serialize(to)
}
/// An id that is read.
pub fn id_in<'d, D: Deserializer<'d>>(from: D) -> Result<[u8; 16], D::Error> {
    Id::<()>::deserialize(from).map(Id::bytes)
}
/// Bytes, in hexadecimal.
pub fn bytes<S: Serializer>(bytes: &ByteVec, to: S) -> Result<S::Ok, S::Error> {
    hex(bytes).serialize(to)
}
/// Bytes that may be absent.
pub fn some_bytes<S: Serializer>(bytes: &Option<ByteVec>, to: S) -> Result<S::Ok, S::Error> {
    bytes.as_ref().map(|bytes| hex(bytes)).serialize(to)
}
/// Bytes that are read.
pub fn bytes_in<'d, D: Deserializer<'d>>(from: D) -> Result<ByteVec, D::Error> {
    let text = String::deserialize(from)?;
    let bytes = unhex(&text);
    if hex(&bytes) == text.to_lowercase() { Ok(bytes.into()) } else { Err(D::Error::custom("not hexadecimal")) }
}
/// How many bytes there are.
pub fn length<S: Serializer>(bytes: &ByteVec, to: S) -> Result<S::Ok, S::Error> {
    bytes.len().serialize(to)
}
/// Bytes by name.
pub fn named_bytes<S: Serializer>(named: &BTreeMap<String, ByteVec>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(named.iter().map(|(name, bytes)| (name, hex(bytes))))
}
/// CBOR, opened.
pub fn cbor<S: Serializer>(bytes: &ByteVec, to: S) -> Result<S::Ok, S::Error> {
    opened(bytes).serialize(to)
}
/// CBOR by name.
pub fn named_cbor<S: Serializer>(named: &BTreeMap<String, ByteVec>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(named.iter().map(|(name, bytes)| (name, opened(bytes))))
}
/// Row images: table and values, or the key of a row that is gone.
pub fn images<S: Serializer>(scopes: &Option<Vec<ByteVec>>, to: S) -> Result<S::Ok, S::Error> {
    let Some(scopes) = scopes else { return to.serialize_none() };
    let mut rows = Vec::new();
    for image in scopes.iter().map(|bytes| decode_images(bytes)) {
        rows.extend(image.map_err(S::Error::custom)?.into_iter().map(|image| match image.row {
            Some(row) => json!({ "table": image.table, "row": values(&row) }),
            None => json!({ "table": image.table, "gone": values(&image.key) }),
        }));
    }
    rows.serialize(to)
}

fn opened(bytes: &ByteVec) -> Value {
    minicbor_serde::from_slice(bytes).unwrap_or_else(|_| Value::String(hex(bytes)))
}

fn values(row: &[Val]) -> Vec<Value> {
    let value = |val: &Val| match val {
        Val::Null => Value::Null,
        Val::Int(int) => json!(int),
        Val::Text(text) => json!(text),
        Val::Id(id) => json!(Id::<()>::from_bytes(*id)),
        Val::Bytes(bytes) => json!(hex(bytes)),
    };
    row.iter().map(value).collect()
}
