//! Random secrets, and how bytes travel in text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daybook_core::shared::error::{Error, Result};

/// Letters and digits that nobody confuses.
const PLAIN: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";

/// `N` random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal("random.failed").caused_by(e.to_string()))?;
    Ok(bytes)
}

/// A password to hand to a person: 100 random bits in five groups.
pub fn one_time_password() -> Result<String> {
    let letter = |byte: &u8| char::from(PLAIN.get(usize::from(*byte % 32)).copied().unwrap_or(b'a'));
    let letters: Vec<char> = random::<20>()?.iter().map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// Bytes as unpadded base64 for URLs (RFC 4648 section 5).
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of such text; nothing for any other form, stray bits at the end included.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Exactly `N` bytes of such text.
pub fn decode_exact<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

/// The hash under which a random secret is kept: it has bits enough to need no slow one.
pub fn hash(secret: &[u8]) -> Vec<u8> {
    blake3::hash(secret).as_bytes().to_vec()
}
