//! Who calls: what every handler behind sign-in takes.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use daybook_core::access::{self, SessionId};
use daybook_core::identity::api::authorize;
use daybook_core::shared::Permission;
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::error::{Error, Kind, Result};

use super::limits::Rule;
use super::place::unknown;
use super::refusal::Refusal;
use super::tenants::Tenant;
use super::token::{self, Use};
use super::trail::Trail;
use super::{Central, Shared};

/// A person who is signed in at the tenant of the path. The tenant comes from the path and must be the
/// token's; nothing in a body can name another.
pub struct Caller {
    /// The tenant.
    pub tenant: Arc<Tenant>,
    /// The person.
    pub user: UserId,
    /// The machine that proved its key in this session.
    pub device: Option<DeviceId>,
    /// The session.
    pub session: SessionId,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, central: &Shared) -> std::result::Result<Self, Refusal> {
        let named = tenant_of(parts, central).await;
        let said = token::read(&central.keys, Use::Access, bearer(&parts.headers)?, central.now())?;
        if said.tenant != named {
            return Err(unknown().into());
        }
        let claim = said.claim();
        central.limits.take(rule_of(parts), format!("{named} {}", claim.session))?;
        let tenant = central.tenants.get(&named).await?;
        let held = tenant.run(move |app| app.storage().read(|tx| access::check(tx, claim))).await;
        if let Err(error) = held {
            return Err(gone(central, &named, error).into());
        }
        if let Some(trail) = parts.extensions.get::<Trail>() {
            trail.caller(&named, claim.user);
        }
        Ok(Caller { tenant, user: claim.user, device: claim.device, session: claim.session })
    }
}

impl Caller {
    /// `permission.denied` unless the person's role grants `needs`.
    pub async fn must(&self, needs: Permission) -> Result<()> {
        let user = self.user;
        self.tenant.run(move |app| app.read(|tx, _| authorize(tx, user, needs))).await
    }
}

/// What is counted of a request: the lane of files must not use up the calls of its session.
fn rule_of(parts: &Parts) -> Rule {
    let path = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    if path.contains("/sync/files") { Rule::Piece } else { Rule::Call }
}

/// The tenant that the path names.
async fn tenant_of(parts: &mut Parts, central: &Shared) -> String {
    let params = RawPathParams::from_request_parts(parts, central).await;
    let named = params.ok().and_then(|params| params.iter().find(|(name, _)| *name == "tenant").map(|(_, value)| value.to_owned()));
    named.unwrap_or_default()
}

/// The token of the `Authorization` header; tokens in addresses are not looked at.
fn bearer(headers: &HeaderMap) -> Result<&str> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let only = given.next().filter(|_| given.next().is_none());
    let text = only.and_then(|value| value.to_str().ok()).and_then(|value| value.split_once(' '));
    match text {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Error::new(Kind::Denied, "access.token")),
    }
}

/// A tenant that was dropped while it was open is closed here too.
fn gone(central: &Central, name: &str, error: Error) -> Error {
    if error.code() == "tenant.unknown" {
        central.tenants.forget(name);
    }
    error
}
