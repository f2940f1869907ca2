//! Accounts: the name and password hash with which a person signs in.

use crate::db::Tx;
use crate::shared::Instant;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::value::{Cells, FromRow, take};
use crate::vals;

/// Wrong passwords in a row after which an account waits.
const FAILURES_FREE: i64 = 5;
/// The longest it waits, in minutes.
const WAIT_MAX_MINUTES: i64 = 15;

/// An account.
#[derive(Clone, Debug)]
pub struct Account {
    /// The person.
    pub user: UserId,
    /// The name to sign in with: an e-mail address in lower case.
    pub email: String,
    /// Hash of the password with everything needed to check one (PHC string).
    pub hash: String,
    /// Whether the password was given by somebody else, and is replaced at the first sign-in.
    pub one_time: bool,
    /// When such a password ends.
    pub expires: Instant,
    /// Whether nobody may sign in with it.
    pub disabled: bool,
    /// Wrong passwords in a row.
    pub failures: i64,
    /// No password is looked at before.
    pub locked_until: Instant,
    /// Tokens issued before are not accepted.
    pub not_before: Instant,
}

impl Account {
    /// Whether a password would be looked at now.
    pub fn is_open(&self, now: Instant) -> bool {
        let ended = self.one_time && self.expires < now;
        !self.disabled && !ended && self.locked_until <= now
    }
}

impl FromRow for Account {
    fn from_row(cells: &mut Cells) -> Result<Self> {
        Ok(Account {
            user: take(cells)?,
            email: take(cells)?,
            hash: take(cells)?,
            one_time: take(cells)?,
            expires: take(cells)?,
            disabled: take(cells)?,
            failures: take(cells)?,
            locked_until: take(cells)?,
            not_before: take(cells)?,
        })
    }
}

/// The form in which e-mail addresses are compared: trimmed, lower case. `sign_in.email` when it is none.
pub fn normal_email(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let parts: Vec<&str> = email.split('@').collect();
    let plain = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    match parts.as_slice() {
        [name, host] if plain && email.len() <= 200 && !name.is_empty() && !host.is_empty() => Ok(email),
        _ => Err(Error::invalid("sign_in.email").field("email")),
    }
}

/// Makes the account of `from` that of `to`, with its sessions and machines: books that are sent whole
/// bring their owner's id.
pub fn move_to(tx: &mut Tx<'_>, from: UserId, to: UserId) -> Result<()> {
    if from == to {
        return Ok(());
    }
    let account = find(tx, from)?.ok_or_else(|| Error::new(Kind::NotFound, "user.unknown"))?;
    let parked = Account { user: to, email: format!("{} ", account.email), ..account.clone() };
    save(tx, &parked)?;
    for table in ["access_session", "access_device"] {
        tx.run(&format!("UPDATE {table} SET user_id = ?2 WHERE user_id = ?1"), vals![from, to])?;
    }
    tx.run("DELETE FROM access_account WHERE user_id = ?1", vals![from])?;
    save(tx, &Account { email: account.email, ..parked })
}

/// The account of a person.
pub fn find(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Account>> {
    tx.opt("SELECT user_id, email, hash, one_time, expires, disabled, failures, locked_until, not_before FROM access_account WHERE user_id = ?1", vals![user])
}

/// The account with this e-mail address, in its [normal form](normal_email).
pub fn find_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<Account>> {
    tx.opt(
        "SELECT user_id, email, hash, one_time, expires, disabled, failures, locked_until, not_before FROM access_account WHERE email = ?1",
        vals![email.to_owned()],
    )
}

/// All accounts, by e-mail.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Account>> {
    tx.all("SELECT user_id, email, hash, one_time, expires, disabled, failures, locked_until, not_before FROM access_account ORDER BY email", &[])
}

/// Makes the account or replaces what is known of it. `sign_in.email_taken` when another person has the
/// address.
pub fn save(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    if find_by_email(tx, &account.email)?.is_some_and(|other| other.user != account.user) {
        return Err(Error::new(Kind::Conflict, "sign_in.email_taken").arg("email", &account.email).field("email"));
    }
    tx.run(
        "INSERT INTO access_account (user_id, email, hash, one_time, expires, disabled, failures, locked_until, not_before) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (user_id) DO UPDATE SET email = excluded.email, hash = excluded.hash, \
         one_time = excluded.one_time, expires = excluded.expires, disabled = excluded.disabled, failures = excluded.failures, \
         locked_until = excluded.locked_until, not_before = excluded.not_before",
        vals![
            account.user,
            account.email,
            account.hash,
            account.one_time,
            account.expires,
            account.disabled,
            account.failures,
            account.locked_until,
            account.not_before
        ],
    )
    .map(drop)
}

/// Notes a wrong password. Every fifth in a row makes the account wait: 1, 2, 4, 8, then 15 minutes.
pub fn note_failure(tx: &mut Tx<'_>, account: Account, now: Instant) -> Result<()> {
    let failures = account.failures.saturating_add(1);
    let waits = failures % FAILURES_FREE == 0;
    let doubled = u32::try_from(failures / FAILURES_FREE - 1).ok().and_then(|times| 1_i64.checked_shl(times.min(8)));
    let minutes = doubled.unwrap_or(WAIT_MAX_MINUTES).clamp(1, WAIT_MAX_MINUTES);
    let locked_until = if waits { Instant::from_millis(now.millis() + minutes * 60_000) } else { account.locked_until };
    save(tx, &Account { failures, locked_until, ..account })
}
