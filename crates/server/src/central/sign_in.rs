//! Signing in, going on, signing out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use daybook_core::access::{Account, Session, account, device, session, state};
use daybook_core::db::Tx;
use daybook_core::shared::Instant;
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::arguments::Arguments;
use super::caller::Caller;
use super::grant::{Grant, Person, Refresh, Subject, grant, person, refused, session_end};
use super::limits::Rule;
use super::peer::Client;
use super::refusal::Answer;
use super::tenants::Tenant;
use super::trail::Trail;
use super::{Central, Shared, password, reply};

/// Sessions that ended are forgotten after this time.
const FORGET_MS: i64 = 30 * 86_400_000;

/// Name and password.
#[derive(Deserialize, JsonSchema)]
pub struct SignIn {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
    /// A password to take its place; needed with a one-time password.
    pub new_password: Option<String>,
}

/// `POST /v1/{tenant}/sign-in`
pub async fn sign_in(
    State(central): State<Shared>,
    Extension(trail): Extension<Trail>,
    Path(name): Path<String>,
    client: Client,
    Arguments(given): Arguments<SignIn>,
) -> Answer {
    central.limits.take(Rule::SignInAddress, client.address())?;
    let email = account::normal_email(&given.email).map_err(|_| refused())?;
    central.limits.take(Rule::SignInAccount, format!("{name} {email}"))?;
    let tenant = central.tenants.get(&name).await?;
    trail.tenant(&name);
    let known = find(&tenant, email).await?;
    let open = known.as_ref().filter(|account| account.is_open(central.now()));
    if !central.passwords.check(given.password.clone(), open.map(|account| account.hash.clone())).await? {
        note_failure(&tenant, known, central.now()).await?;
        return Err(refused().into());
    }
    let account = known.ok_or_else(refused)?;
    let changed = new_hash(&central, &account, &given).await?;
    let granted = let_in(&central, &tenant, account, changed).await?;
    trail.caller(&name, granted.user.id);
    Ok(reply(&granted))
}

async fn find(tenant: &Arc<Tenant>, email: String) -> Result<Option<Account>> {
    let look = move |tx: &mut Tx<'_>| {
        state::check_open(tx)?;
        account::find_by_email(tx, &email)
    };
    tenant.run(move |app| app.storage().read(look)).await
}

async fn note_failure(tenant: &Arc<Tenant>, known: Option<Account>, now: Instant) -> Result<()> {
    let Some(account) = known.filter(|account| account.is_open(now)) else {
        return Ok(());
    };
    tenant.run(move |app| app.storage().write(|tx| account::note_failure(tx, account, now))).await
}

/// The hash of the password to keep from now on. `access.choose_password` when one must be chosen.
async fn new_hash(central: &Central, account: &Account, given: &SignIn) -> Result<Option<String>> {
    let Some(new) = &given.new_password else {
        let needed = || Error::new(Kind::Denied, "access.choose_password").field("new_password");
        return if account.one_time { Err(needed()) } else { Ok(None) };
    };
    if *new == given.password {
        return Err(Error::invalid("password.weak").arg("min", 12).field("new_password"));
    }
    password::check_strength(new, &account.email).map_err(|e| e.field("new_password"))?;
    central.passwords.hash(new.clone()).await.map(Some)
}

/// Begins a session, unless the account changed meanwhile.
async fn let_in(central: &Shared, tenant: &Arc<Tenant>, account: Account, changed: Option<String>) -> Result<Grant> {
    let now = central.now();
    let refresh = Refresh::new(CommandId::mint().cast())?;
    let begun = begin(&refresh, account.user, now);
    let person = tenant
        .run(move |app| {
            app.storage().write(|tx| {
                let person = person(tx, account.user)?;
                let same = account::find(tx, account.user)?.is_some_and(|now| now.hash == account.hash && !now.disabled);
                if !same {
                    return Err(refused());
                }
                let hash = changed.unwrap_or_else(|| account.hash.clone());
                account::save(tx, &Account { hash, one_time: false, failures: 0, ..account })?;
                session::forget(tx, Instant::from_millis(now.millis() - FORGET_MS))?;
                session::begin(tx, &begun)?;
                Ok(person)
            })
        })
        .await?;
    let subject = Subject { tenant: &tenant.name, session: refresh.session, device: None };
    grant(central, &subject, person, Some(&refresh), now)
}

fn begin(refresh: &Refresh, user: UserId, now: Instant) -> Session {
    Session {
        id: refresh.session,
        user,
        device: None,
        current: refresh.hash(),
        previous: Vec::new(),
        started_at: now,
        rotated_at: now,
        expires: session_end(now),
        revoked_at: None,
    }
}

/// A refresh token.
#[derive(Deserialize, JsonSchema)]
pub struct GoOn {
    /// The newest refresh token of the session.
    pub refresh_token: String,
}

/// `POST /v1/{tenant}/refresh`
pub async fn refresh(
    State(central): State<Shared>,
    Extension(trail): Extension<Trail>,
    Path(name): Path<String>,
    client: Client,
    Arguments(given): Arguments<GoOn>,
) -> Answer {
    central.limits.take(Rule::RefreshAddress, client.address())?;
    let ended = || Error::new(Kind::Denied, "access.token");
    let old = Refresh::read(&given.refresh_token).ok_or_else(ended)?;
    central.limits.take(Rule::Call, format!("{name} {}", old.session))?;
    let tenant = central.tenants.get(&name).await?;
    let now = central.now();
    let next = old.next(&central, now)?;
    let hash = next.hash();
    let gone_on = tenant.run(move |app| app.storage().write(|tx| go_on(tx, &old, &hash, now))).await?;
    let (person, device) = gone_on.ok_or_else(ended)?;
    trail.caller(&name, person.id);
    let subject = Subject { tenant: &tenant.name, session: next.session, device };
    Ok(reply(&grant(&central, &subject, person, Some(&next), now)?))
}

type GoneOn = Option<(Person, Option<DeviceId>)>;

/// The session goes on with the next token; nothing when it ended, which is kept.
fn go_on(tx: &mut Tx<'_>, old: &Refresh, next: &[u8], now: Instant) -> Result<GoneOn> {
    state::check_open(tx)?;
    let session = match session::rotate(tx, old.session, &old.hash(), next, now, session_end(now))? {
        session::Rotation::Fresh(session) => session,
        session::Rotation::Refused | session::Rotation::Reused => return Ok(None),
    };
    let there = person(tx, session.user).ok();
    let open = account::find(tx, session.user)?.is_some_and(|account| !account.disabled);
    let Some(person) = there.filter(|_| open) else {
        session::revoke(tx, session.id, now)?;
        return Ok(None);
    };
    if let Some(id) = session.device {
        device::check(tx, id)?;
        device::seen(tx, id, now)?;
    }
    Ok(Some((person, session.device)))
}

/// `POST /v1/{tenant}/sign-out`
pub async fn sign_out(State(central): State<Shared>, caller: Caller) -> Answer {
    let (id, now) = (caller.session, central.now());
    caller.tenant.run(move |app| app.storage().write(|tx| session::revoke(tx, id, now))).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
