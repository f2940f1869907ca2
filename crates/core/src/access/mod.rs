//! Who may come in from outside: accounts, sessions, machines, and whether the tenant is open at all.
//!
//! These are kernel tables of the server. They are written outside the record door, so that they are
//! neither replicated nor dumped, and nobody keeps them in memory: a second program may write them while
//! another serves. Nothing here knows passwords, tokens or the network: hashes come in as they are.

pub mod account;
pub mod device;
pub mod session;
pub mod state;

use crate::db::Tx;
use crate::identity::api::{find_company, user};
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Id, Instant};

pub use account::Account;
pub use device::AccessDevice;
pub use session::{Session, SessionId, SessionTag};

/// What a token says; what is looked up at every request.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Who.
    pub user: UserId,
    /// In which sign-in.
    pub session: SessionId,
    /// On which machine, if it proved one.
    pub device: Option<DeviceId>,
    /// When the token was issued.
    pub issued: Instant,
}

/// Checks that what a token says still holds. `tenant.suspended` and `device.revoked` say why not;
/// everything else is `access.token`.
pub fn check(tx: &mut Tx<'_>, claim: Claim) -> Result<()> {
    let refused = || Error::new(Kind::Denied, "access.token");
    state::check_open(tx)?;
    let account = account::find(tx, claim.user)?.ok_or_else(refused)?;
    if !works_here(tx, claim.user)? || account.disabled || claim.issued < account.not_before {
        return Err(refused());
    }
    let session = session::find(tx, claim.session)?.ok_or_else(refused)?;
    if session.user != claim.user || session.revoked_at.is_some() {
        return Err(refused());
    }
    if let Some(device) = claim.device {
        if session.device != Some(device) {
            return Err(refused());
        }
        device::check(tx, device)?;
    }
    Ok(())
}

/// Whether the person is one of the firm, or about to set it up.
pub fn works_here(tx: &mut Tx<'_>, id: UserId) -> Result<bool> {
    match user(tx, id)? {
        Some(user) => Ok(!user.archived),
        None => Ok(find_company(tx)?.is_none()),
    }
}

/// Ends the sessions of a person and every token issued so far; with `disable` the password does not let
/// in any more either, until the person is invited again. The session `kept` goes on with new tokens.
pub fn shut_out(tx: &mut Tx<'_>, user: UserId, disable: bool, kept: Option<SessionId>, now: Instant) -> Result<()> {
    let account = account::find(tx, user)?.ok_or_else(|| Error::new(Kind::NotFound, "user.unknown"))?;
    account::save(tx, &Account { disabled: account.disabled || disable, not_before: whole_second(now), ..account })?;
    session::revoke_of_user(tx, user, kept, now)
}

/// Tokens know whole seconds. Those of the same second are refused with their session.
fn whole_second(now: Instant) -> Instant {
    Instant::from_millis(now.millis() - now.millis().rem_euclid(1000))
}

/// Ends a machine's access: no answer to it any more, its sessions are over.
pub fn shut_out_device(tx: &mut Tx<'_>, device: DeviceId, now: Instant) -> Result<()> {
    device::revoke(tx, device, now)?;
    session::revoke_of_device(tx, device, now)
}

/// The id of what a path names; what is no id names nothing.
pub fn named<T>(text: &str, code: &'static str) -> Result<Id<T>> {
    Id::parse(text).map_err(|_| Error::new(Kind::NotFound, code))
}
