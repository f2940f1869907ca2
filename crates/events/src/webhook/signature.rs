//! Signatures: HMAC-SHA256 over `id.timestamp.body`, with a secret that only the receiver has too.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use daybook_core::shared::{Error, Result};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a written secret begins with.
const PREFIX: &str = "whsec_";
/// Bytes of a new secret; the specification asks for 24 to 64.
const SECRET_BYTES: usize = 32;

/// A new secret: `whsec_` and 32 random bytes in base64. `random.failed` when the system gives none.
pub fn new_secret() -> Result<String> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal("random.failed").arg("detail", e))?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The `webhook-signature` of a body: `v1,` and the code in base64. `delivery.secret` when the secret is none.
pub fn sign(secret: &str, id: &str, seconds: i64, body: &[u8]) -> Result<String> {
    let unusable = || Error::invalid("delivery.secret");
    let key = secret.strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok()).ok_or_else(unusable)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| unusable())?;
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}
