//! Making a tenant: its books, its company, and the owner's way in. All of it, or nothing stays.

use daybook_core::access::{Account, account};
use daybook_core::app::App;
use daybook_core::shared::Instant;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::Result;
use serde_json::Value;

use super::place::{Place, Timer};
use super::{password, secret};

/// A one-time password is good for a week.
const ONE_TIME_MS: i64 = 7 * 86_400_000;

/// A tenant to make.
pub struct NewTenant {
    /// Its name.
    pub name: String,
    /// Arguments of `identity.create_company`; the owner sets the books up when absent.
    pub company: Option<Value>,
    /// The name with which the owner signs in.
    pub owner_email: String,
    /// The owner's password; one for the first sign-in is made when absent.
    pub password: Option<String>,
}

/// Makes the tenant. Answers the one-time password, if one was made.
pub fn provision(place: &Place, timer: &Timer, new: NewTenant) -> Result<Option<String>> {
    let email = account::normal_email(&new.owner_email)?;
    if let Some(password) = &new.password {
        password::check_strength(password, &email)?;
    }
    let app = place.add(&new.name, timer)?;
    let made = fill(&app, &email, new.company, new.password);
    drop(app);
    if made.is_err() {
        place.drop(&new.name)?;
    }
    made
}

fn fill(app: &App, email: &str, company: Option<Value>, password: Option<String>) -> Result<Option<String>> {
    if let Some(company) = company {
        app.set_up(company)?;
    }
    let one_time = if password.is_none() { Some(secret::one_time_password()?) } else { None };
    let chosen = password.or_else(|| one_time.clone()).unwrap_or_default();
    let account = new_account(app.actor(), email, password::hash(&chosen)?, one_time.is_some(), app.now());
    app.storage().write(|tx| account::save(tx, &account))?;
    Ok(one_time)
}

/// An account with this password hash; nothing is held against it. Tokens issued before `now` end.
pub fn new_account(user: UserId, email: &str, hash: String, one_time: bool, now: Instant) -> Account {
    let never = Instant::from_millis(0);
    let expires = if one_time { Instant::from_millis(now.millis().saturating_add(ONE_TIME_MS)) } else { never };
    Account { user, email: email.to_owned(), hash, one_time, expires, disabled: false, failures: 0, locked_until: never, not_before: never }
}
