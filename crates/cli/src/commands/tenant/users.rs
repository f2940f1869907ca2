//! `daybook tenant user`: the operator's help for people who cannot come in.

use daybook_core::access::{self, Account, account};
use daybook_core::app::Call;
use daybook_core::identity::api::user as find_user;
use daybook_core::shared::Id;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_server::central::{Place, hash_password, new_account, one_time_password};
use serde_json::{Value, json};

use crate::args::UserCommand;
use crate::commands::central::timer;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Does what is asked.
pub fn run(place: &Place, user: &UserCommand, screen: &Screen) -> Result<(), Failure> {
    match user {
        UserCommand::List { tenant } => list(place, tenant, screen),
        UserCommand::Add { tenant, email, name, role } => {
            let password = add(place, tenant, email, &json!({ "name": name, "role": role, "email": email })).at(tenant)?;
            say(screen, email, &password)
        }
        UserCommand::Invite { tenant, email } => {
            let password = invite(place, tenant, email).at(tenant)?;
            say(screen, email, &password)
        }
    }
}

fn say(screen: &Screen, email: &str, password: &str) -> Result<(), Failure> {
    if screen.json {
        return screen.value(&json!({ "email": email, "password": password }));
    }
    screen.say(format!("{email} signs in with the one-time password {password}"))
}

fn list(place: &Place, tenant: &str, screen: &Screen) -> Result<(), Failure> {
    let all = place
        .read_beside(tenant, |tx| {
            let accounts = account::all(tx)?;
            accounts.into_iter().map(|account| Ok((find_user(tx, account.user)?, account))).collect::<CoreResult<Vec<_>>>()
        })
        .at(tenant)?;
    let shown: Vec<Value> = all
        .iter()
        .map(|(person, account)| {
            let name = person.as_ref().map(|person| person.name.to_string());
            json!({ "id": account.user, "email": account.email, "name": name, "role": person.as_ref().map(|person| person.role), "state": state(account) })
        })
        .collect();
    if screen.json {
        return screen.value(&json!({ "users": shown }));
    }
    for user in &shown {
        let text = |name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        screen.say(format!("{:<32}{:<24}{:<12}{}", text("email"), text("name"), text("role"), text("state")))?;
    }
    Ok(())
}

fn state(account: &Account) -> &'static str {
    match (account.disabled, account.one_time) {
        (true, _) => "shut out",
        (false, true) => "invited",
        (false, false) => "",
    }
}

/// Adds the person by the command of the register, as the tenant's own device.
fn add(place: &Place, tenant: &str, email: &str, person: &Value) -> CoreResult<String> {
    let email = account::normal_email(email)?;
    let password = one_time_password()?;
    let hash = hash_password(&password)?;
    let app = place.open(tenant, &timer())?;
    app.batch(None, |batch| {
        let saved = batch.execute(Call::new("identity.save_user", person.clone()))?;
        let id: UserId = Id::parse(saved.result.get("id").and_then(Value::as_str).unwrap_or_default())?;
        account::save(batch.tx(), &new_account(id, &email, hash, true, app.now()))
    })?;
    Ok(password)
}

fn invite(place: &Place, tenant: &str, email: &str) -> CoreResult<String> {
    let email = account::normal_email(email)?;
    let password = one_time_password()?;
    let hash = hash_password(&password)?;
    let now = timer()();
    place.write_beside(tenant, |tx| {
        let known = account::find_by_email(tx, &email)?.ok_or_else(|| Error::new(Kind::NotFound, "user.unknown"))?;
        account::save(tx, &new_account(known.user, &email, hash, true, now))?;
        access::shut_out(tx, known.user, false, None, now)
    })?;
    Ok(password)
}
