//! Finding accounts: by role, id or number, in a chart that is read once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Account, Role};
use super::posting::AccountRef;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Id};

/// Accounts in memory.
#[derive(Debug, Default)]
pub struct Accounts {
    by_id: BTreeMap<Id<Account>, Account>,
    by_role: BTreeMap<Role, Id<Account>>,
    by_code: BTreeMap<Code, Id<Account>>,
}

impl Accounts {
    /// The whole chart.
    pub fn load(tx: &mut Tx<'_>) -> Result<Self> {
        Ok(tx.find_all::<Account>(&[], &[])?.into_iter().collect())
    }
    /// The whole chart, read when it is not known yet.
    pub fn chart(tx: &mut Tx<'_>) -> Result<Arc<Self>> {
        tx.known(&["account"], Self::load)
    }
    /// The account meant; `account.unknown` or `account.role_missing` otherwise.
    pub fn get(&self, account: &AccountRef) -> Result<&Account> {
        let id = match account {
            AccountRef::Role(role) => self.by_role.get(role),
            AccountRef::Id(id) => Some(id),
            AccountRef::Code(code) => self.by_code.get(code),
        };
        id.and_then(|id| self.by_id.get(id)).ok_or_else(|| missing(account))
    }
    /// All of them, by id.
    pub fn all(&self) -> impl Iterator<Item = &Account> {
        self.by_id.values()
    }
}

impl FromIterator<Account> for Accounts {
    fn from_iter<I: IntoIterator<Item = Account>>(rows: I) -> Self {
        let mut accounts = Accounts::default();
        for account in rows {
            if let Some(role) = account.role {
                accounts.by_role.insert(role, account.id);
            }
            accounts.by_code.insert(account.code.clone(), account.id);
            accounts.by_id.insert(account.id, account);
        }
        accounts
    }
}

/// The error that says which account is not there.
pub(super) fn missing(account: &AccountRef) -> Error {
    match account {
        AccountRef::Role(role) => Error::new(Kind::State, "account.role_missing").arg("role", role),
        AccountRef::Id(id) => Error::invalid("account.unknown").arg("account", id),
        AccountRef::Code(code) => Error::invalid("account.unknown").arg("account", code),
    }
}

/// `account.heading` or `account.archived` unless lines may be posted to `account`.
pub(super) fn check_postable(account: &Account, allow_archived: bool) -> Result<()> {
    let code = match (account.postable, account.archived) {
        (false, _) => "account.heading",
        (true, true) if !allow_archived => "account.archived",
        _ => return Ok(()),
    };
    Err(Error::invalid(code).arg("account", &account.code).arg("name", &account.name))
}
