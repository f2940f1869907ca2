//! People's way in: invited by an administrator, with a password of their own, shut out again.

use axum::extract::{Path, State};
use daybook_core::access::{self, Account, Claim, account};
use daybook_core::app::App;
use daybook_core::db::Tx;
use daybook_core::identity::User;
use daybook_core::identity::api::{authorize, user as find_user};
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::permission::Role;
use daybook_core::shared::{Instant, Permission};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::arguments::Arguments;
use super::caller::Caller;
use super::grant::{Person, Subject, grant, person, refused};
use super::limits::Rule;
use super::provision::new_account;
use super::refusal::Answer;
use super::{Shared, password, reply, secret};

/// How a person is invited.
#[derive(Deserialize, JsonSchema)]
pub struct Invite {
    /// The name to sign in with; what the books know of the person when absent.
    pub email: Option<String>,
}

/// `POST /v1/{tenant}/users/{id}/invite`: a one-time password, shown once. Whatever let the person in
/// before ends.
pub async fn invite(State(central): State<Shared>, caller: Caller, Path((_, id)): Path<(String, String)>, Arguments(given): Arguments<Invite>) -> Answer {
    caller.must(Permission::Administer).await?;
    let id: UserId = access::named(&id, "user.unknown")?;
    let one_time = secret::one_time_password()?;
    let hash = central.passwords.hash(one_time.clone()).await?;
    let (actor, now) = (caller.user, central.now());
    let account = caller.tenant.run(move |app| open_account(app, actor, id, given.email.as_deref(), hash, now)).await?;
    Ok(reply(&json!({ "id": id, "email": account.email, "password": one_time, "expires": account.expires })))
}

/// Opens the account of a person with a one-time password.
fn open_account(app: &App, actor: UserId, id: UserId, email: Option<&str>, hash: String, now: Instant) -> Result<Account> {
    app.storage().write(|tx| {
        let person = subordinate(tx, actor, id)?;
        if person.archived {
            return Err(Error::new(Kind::NotFound, "user.unknown"));
        }
        let known = account::find(tx, id)?;
        let kept = known.as_ref().map_or_else(|| person.email.to_string(), |account| account.email.clone());
        let email = account::normal_email(email.unwrap_or(&kept))?;
        let account = new_account(id, &email, hash, true, now);
        account::save(tx, &account)?;
        access::shut_out(tx, id, false, None, now)?;
        Ok(account)
    })
}

/// The person, whom `actor` may administer: nobody but an owner touches an owner's way in.
fn subordinate(tx: &mut Tx<'_>, actor: UserId, id: UserId) -> Result<User> {
    authorize(tx, actor, Permission::Administer)?;
    let person = find_user(tx, id)?.ok_or_else(|| Error::new(Kind::NotFound, "user.unknown"))?;
    let owner = |user: &User| user.role == Role::Owner;
    if owner(&person) && !find_user(tx, actor)?.is_some_and(|user| owner(&user)) {
        return Err(Error::new(Kind::Denied, "permission.denied").arg("needs", Permission::Administer));
    }
    Ok(person)
}

/// A new password.
#[derive(Deserialize, JsonSchema)]
pub struct ChangePassword {
    /// The password that is good now.
    pub current: String,
    /// The one to take its place.
    pub new: String,
}

/// `POST /v1/{tenant}/users/{id}/password`: one's own. The other sessions end, this one goes on with the
/// token of the answer.
pub async fn change_password(
    State(central): State<Shared>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Arguments(given): Arguments<ChangePassword>,
) -> Answer {
    let id: UserId = access::named(&id, "user.unknown")?;
    if id != caller.user {
        return Err(Error::new(Kind::NotFound, "user.unknown").into());
    }
    central.limits.take(Rule::SignInAccount, format!("{} {id}", caller.tenant.name))?;
    let find = move |app: &App| app.storage().read(|tx| account::find(tx, id));
    let account = caller.tenant.run(find).await?.ok_or_else(refused)?;
    if !central.passwords.check(given.current.clone(), Some(account.hash.clone())).await? {
        return Err(refused().into());
    }
    password::check_strength(&given.new, &account.email).map_err(|e| e.field("new"))?;
    let hash = central.passwords.hash(given.new).await?;
    let (claim, now) = (Claim { user: id, session: caller.session, device: caller.device, issued: central.now() }, central.now());
    let person = caller.tenant.run(move |app| replace(app, Account { hash, one_time: false, ..account }, claim, now)).await?;
    let subject = Subject { tenant: &caller.tenant.name, session: caller.session, device: caller.device };
    Ok(reply(&grant(&central, &subject, person, None, now)?))
}

fn replace(app: &App, account: Account, claim: Claim, now: Instant) -> Result<Person> {
    app.storage().write(|tx| {
        account::save(tx, &account)?;
        access::shut_out(tx, claim.user, false, Some(claim.session), now)?;
        person(tx, claim.user)
    })
}

/// `POST /v1/{tenant}/users/{id}/revoke`: every session ends, the password lets in no more.
pub async fn revoke(State(central): State<Shared>, caller: Caller, Path((_, id)): Path<(String, String)>) -> Answer {
    caller.must(Permission::Administer).await?;
    let id: UserId = access::named(&id, "user.unknown")?;
    let (actor, now) = (caller.user, central.now());
    let shut_out = move |app: &App| {
        app.storage().write(|tx| {
            subordinate(tx, actor, id)?;
            access::shut_out(tx, id, true, None, now)
        })
    };
    caller.tenant.run(shut_out).await?;
    Ok(reply(&json!({ "id": id })))
}
