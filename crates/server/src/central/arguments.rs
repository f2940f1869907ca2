//! Bodies: JSON of bounded size, depth and patience.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use daybook_core::shared::command::read_args;
use daybook_core::shared::error::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Shared;
use super::refusal::Refusal;

/// The deepest nesting of a body.
pub const DEPTH_MAX: usize = 64;

/// A JSON body as it came; an empty one counts as `{}`.
pub struct Body(pub Value);

impl FromRequest<Shared> for Body {
    type Rejection = Refusal;
    async fn from_request(request: Request, central: &Shared) -> std::result::Result<Self, Refusal> {
        let bytes = bytes(request, central).await?;
        Ok(Body(read_json(&bytes)?))
    }
}

/// A JSON body read as arguments; the error names the field that does not fit.
pub struct Arguments<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Shared> for Arguments<T> {
    type Rejection = Refusal;
    async fn from_request(request: Request, central: &Shared) -> std::result::Result<Self, Refusal> {
        let Body(value) = Body::from_request(request, central).await?;
        if !value.is_object() {
            return Err(Error::invalid("args.invalid").arg("detail", "expected an object with named values").into());
        }
        Ok(Arguments(read_args(value)?))
    }
}

/// The bytes of a body: `rpc.too_large`, `http.slow`.
pub async fn bytes(request: Request, central: &Shared) -> Result<Bytes> {
    let max = central.settings.body_max;
    let read = axum::body::to_bytes(request.into_body(), max);
    match tokio::time::timeout(central.settings.body_timeout, read).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Error::invalid("rpc.too_large").arg("max", max)),
        Err(_) => Err(Error::invalid("http.slow")),
    }
}

/// Reads JSON that is nested no deeper than [`DEPTH_MAX`].
pub fn read_json(bytes: &[u8]) -> Result<Value> {
    if bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    if depth(bytes) > DEPTH_MAX {
        return Err(Error::invalid("http.too_deep").arg("max", DEPTH_MAX));
    }
    serde_json::from_slice(bytes).map_err(|e| Error::invalid("rpc.not_json").arg("detail", &e).caused_by(e))
}

/// How deep arrays and objects are nested, found without building them.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut deepest, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
