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
use crate::shared::value::{Cells, FromRow, take};
use crate::shared::{Id, Instant};
use crate::vals;

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

/// Checks that what a token says still holds, in one look. `tenant.suspended` and `device.revoked` say
/// why not; everything else is `access.token`.
pub fn check(tx: &mut Tx<'_>, claim: Claim) -> Result<()> {
    let held: Option<Held> = tx.opt(include_str!("sql/check.sql"), vals![claim.user, claim.session, claim.device])?;
    let refused = || Error::new(Kind::Denied, "access.token");
    let held = held.ok_or_else(refused)?;
    if held.suspended {
        return Err(Error::new(Kind::Denied, "tenant.suspended"));
    }
    let here = match held.archived {
        Some(archived) => !archived,
        None => works_here(tx, claim.user)?,
    };
    let bound = claim.device.is_none() || held.device == claim.device;
    if !here || held.disabled || claim.issued < held.not_before || held.whose != Some(claim.user) || held.ended || !bound {
        return Err(refused());
    }
    if held.shut_out && claim.device.is_some() { Err(Error::new(Kind::Denied, "device.revoked")) } else { Ok(()) }
}

/// What is kept about everything that a token says.
struct Held {
    disabled: bool,
    not_before: Instant,
    archived: Option<bool>,
    whose: Option<UserId>,
    ended: bool,
    device: Option<DeviceId>,
    shut_out: bool,
    suspended: bool,
}

impl FromRow for Held {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        let (disabled, not_before, archived, whose) = (take(cells)?, take(cells)?, take(cells)?, take(cells)?);
        let (ended, device): (Option<Instant>, _) = (take(cells)?, take(cells)?);
        let (known, revoked): (Option<DeviceId>, Option<Instant>) = (take(cells)?, take(cells)?);
        let (retired, suspended): (Option<bool>, Option<String>) = (take(cells)?, take(cells)?);
        let shut_out = known.is_none() || revoked.is_some() || retired == Some(true);
        Ok(Held { disabled, not_before, archived, whose, ended: ended.is_some(), device, shut_out, suspended: suspended.is_some_and(|value| value == "yes") })
    }
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
