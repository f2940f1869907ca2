//! What a client gets when it is let in: an access token for some minutes, and a refresh token that is
//! good once.

use daybook_core::access::{Claim, SessionId, works_here};
use daybook_core::db::Tx;
use daybook_core::identity::api::user;
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::permission::Role;
use daybook_core::shared::{Id, Instant};
use schemars::JsonSchema;
use serde::Serialize;

use super::Central;
use super::secret;
use super::token::{self, Use};

/// A session that is not refreshed ends after this time.
const SESSION_MS: i64 = 30 * 86_400_000;

/// Being let in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Grant {
    /// To be sent with every call: `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which the access token is good.
    pub expires_in: i64,
    /// To get the next access token with; good once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The session.
    pub session: SessionId,
    /// The device that the session is bound to.
    pub device: Option<DeviceId>,
    /// Who signed in.
    pub user: Person,
}

/// A person, as clients show one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Person {
    /// The id.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// What the person is in the firm.
    pub role: String,
}

/// Whom a session lets in, and where.
pub struct Subject<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// The session.
    pub session: SessionId,
    /// The machine bound to it.
    pub device: Option<DeviceId>,
}

/// The grant of `person` in a session; `refresh` is the secret of its new refresh token.
pub fn grant(central: &Central, subject: &Subject<'_>, person: Person, refresh: Option<&Refresh>, now: Instant) -> Result<Grant> {
    let Subject { tenant, session, device } = *subject;
    let claim = Claim { user: person.id, session, device, issued: now };
    Ok(Grant {
        access_token: token::issue(&central.keys, Use::Access, tenant, claim)?,
        token_type: "Bearer",
        expires_in: token::LIFE_S,
        refresh_token: refresh.map(Refresh::text),
        session,
        device,
        user: person,
    })
}

/// The person behind an id who still works here; `access.refused` otherwise. Whoever is about to set the
/// books up has no name in them yet.
pub fn person(tx: &mut Tx<'_>, id: UserId) -> Result<Person> {
    if !works_here(tx, id)? {
        return Err(refused());
    }
    let known = user(tx, id)?;
    let role = known.as_ref().map_or(Role::Owner, |user| user.role);
    Ok(Person { id, name: known.map(|user| user.name.to_string()).unwrap_or_default(), role: role.to_string() })
}

/// Name and password do not fit; says no more.
pub fn refused() -> Error {
    Error::new(Kind::Denied, "access.refused")
}

/// When a session begun or refreshed at `now` ends.
pub fn session_end(now: Instant) -> Instant {
    Instant::from_millis(now.millis().saturating_add(SESSION_MS))
}

/// A refresh token: the session's id and 256 random bits.
pub struct Refresh {
    /// The session.
    pub session: SessionId,
    secret: [u8; 32],
}

impl Refresh {
    /// A new one.
    pub fn new(session: SessionId) -> Result<Self> {
        Ok(Refresh { session, secret: secret::random()? })
    }
    /// The one that takes its place: the same at every asking, so that a question that arrives twice, or
    /// whose answer was lost, ends nobody's session.
    pub fn next(&self, central: &Central, now: Instant) -> Result<Self> {
        let old = [self.session.bytes().as_slice(), &self.secret].concat();
        Ok(Refresh { session: self.session, secret: central.keys.next_secret(now, &old)? })
    }
    /// Reads one; nothing for any other text.
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 48] = secret::decode_exact(text)?;
        let (session, secret) = bytes.split_at(16);
        Some(Refresh { session: Id::from_bytes(session.try_into().ok()?), secret: secret.try_into().ok()? })
    }
    /// The hash that is kept.
    pub fn hash(&self) -> Vec<u8> {
        secret::hash(&self.secret)
    }
    fn text(&self) -> String {
        secret::encode(&[self.session.bytes().as_slice(), &self.secret].concat())
    }
}
