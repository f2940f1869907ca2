//! Tokens: JSON Web Tokens signed with Ed25519, strict in everything (RFC 8725). One algorithm, three
//! header fields, no others; one type of token per use; whole seconds; no claim twice, none unknown.

use daybook_core::access::{Claim, SessionId};
use daybook_core::shared::Instant;
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::error::{Error, Kind, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use super::secret;

/// An access token is good for so many seconds.
pub const LIFE_S: i64 = 15 * 60;
/// A device has so many seconds to answer a challenge.
const CHALLENGE_S: i64 = 5 * 60;
/// Clocks of two servers may differ by so many seconds.
const LEEWAY_S: i64 = 60;
/// No token is longer.
const SIZE_MAX: usize = 4096;
const ALGORITHM: &str = "EdDSA";
const ISSUER: &str = "daybook";
const AUDIENCE: &str = "daybook-api";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// What every token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    iss: String,
    aud: String,
    /// The tenant.
    pub tenant: String,
    /// The person.
    pub sub: UserId,
    /// The session.
    pub sid: SessionId,
    /// The machine: bound to the session in an access token, to be proved in a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// What a token is for; its `typ`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To call (RFC 9068).
    Access,
    /// To be signed by a device.
    Challenge,
}

impl Use {
    const fn typ(self) -> &'static str {
        match self {
            Use::Access => "at+jwt",
            Use::Challenge => "daybook-challenge+jwt",
        }
    }
    const fn life_s(self) -> i64 {
        match self {
            Use::Access => LIFE_S,
            Use::Challenge => CHALLENGE_S,
        }
    }
}

impl Said {
    /// The claim to look up.
    pub fn claim(&self) -> Claim {
        Claim { user: self.sub, session: self.sid, device: self.device, issued: Instant::from_millis(self.iat.saturating_mul(1000)) }
    }
}

/// Issues a token that says `claim` about `tenant`.
pub fn issue(keys: &Keys, purpose: Use, tenant: &str, claim: Claim) -> Result<String> {
    let now_s = claim.issued.millis().div_euclid(1000);
    let said = Said {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        tenant: tenant.to_owned(),
        sub: claim.user,
        sid: claim.session,
        device: claim.device,
        iat: now_s,
        nbf: now_s,
        exp: now_s.saturating_add(purpose.life_s()),
    };
    let part = |value: serde_json::Result<Vec<u8>>| value.map(|bytes| secret::encode(&bytes)).unwrap_or_default();
    let body = part(serde_json::to_vec(&said));
    let (text, signature) = keys.sign(claim.issued, |kid| {
        let header = Header { alg: ALGORITHM.to_owned(), typ: purpose.typ().to_owned(), kid: kid.to_owned() };
        format!("{}.{body}", part(serde_json::to_vec(&header)))
    })?;
    Ok(format!("{text}.{}", secret::encode(&signature)))
}

/// Reads a token for `purpose`; `access.token` for everything that is not exactly one of ours, good now.
pub fn read(keys: &Keys, purpose: Use, text: &str, now: Instant) -> Result<Said> {
    said(keys, purpose, text, now).ok_or_else(|| Error::new(Kind::Denied, "access.token"))
}

fn said(keys: &Keys, purpose: Use, text: &str, now: Instant) -> Option<Said> {
    if text.len() > SIZE_MAX {
        return None;
    }
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, body) = signed.split_once('.')?;
    let header: Header = part(header)?;
    if header.alg != ALGORITHM || header.typ != purpose.typ() {
        return None;
    }
    if !keys.verify(&header.kid, signed.as_bytes(), &secret::decode_exact(signature)?, now) {
        return None;
    }
    let said: Said = part(body)?;
    let now_s = now.millis().div_euclid(1000);
    let whose = said.iss == ISSUER && said.aud == AUDIENCE;
    let when = said.iat <= now_s + LEEWAY_S && said.nbf <= now_s + LEEWAY_S && said.exp > now_s - LEEWAY_S;
    let span = said.exp.checked_sub(said.iat).is_some_and(|life| (1..=purpose.life_s()).contains(&life));
    (whose && when && span).then_some(said)
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&secret::decode(text)?).ok()
}
