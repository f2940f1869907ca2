//! Adds an account or changes one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{SavedAccount, is_used};
use crate::db::Tx;
use crate::ledger::model::{Account, AccountKind, Role};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Currency, Id, Name, Permission};
use crate::vals;

/// Adds an account (no id) or changes one. Kind, role, currency and whether it is a heading are
/// frozen once it took a line.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SaveAccount {
    /// The account to change.
    pub id: Option<Id<Account>>,
    /// Its number.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// What it is.
    pub kind: AccountKind,
    /// What the program uses it for.
    pub role: Option<Role>,
    /// The heading it stands under.
    pub parent: Option<Id<Account>>,
    /// Whether it takes lines; a heading does not.
    #[serde(default = "yes")]
    pub postable: bool,
    /// Kept per customer or supplier, with open items; always so for receivable and payable.
    #[serde(default)]
    pub by_party: bool,
    /// Takes lines of this currency only.
    pub currency: Option<Currency>,
}

fn yes() -> bool {
    true
}

impl Command for SaveAccount {
    const NAME: &'static str = "ledger.save_account";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::OnlineOnly;
    type Output = SavedAccount;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<SavedAccount> {
        self.code.required("code")?;
        self.name.required("name")?;
        let old: Option<Account> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let id = self.id.unwrap_or_else(|| cx.id("account"));
        let archived = old.as_ref().is_some_and(|old| old.archived);
        let by_party = self.by_party || self.role.is_some_and(Role::by_party);
        let SaveAccount { code, name, kind, role, parent, postable, currency, .. } = self;
        let new = Account { id, code, name, kind, role, parent, postable, by_party, currency, archived };
        if by_party && !(postable && matches!(kind, AccountKind::Asset | AccountKind::Liability)) {
            return Err(Error::invalid("account.by_party").arg("account", &new.code).field("by_party"));
        }
        check_unique(tx, &new)?;
        check_place(tx, &new)?;
        match old {
            None => tx.insert(&new)?,
            Some(old) => {
                check_frozen(tx, &old, &new)?;
                tx.update(&old, &new)?;
            }
        }
        Ok(SavedAccount { id })
    }
}

fn check_unique(tx: &mut Tx<'_>, new: &Account) -> Result<()> {
    let other = |found: Vec<Account>| found.into_iter().find(|account| account.id != new.id);
    if other(tx.find_all(&["code"], vals![new.code])?).is_some() {
        return Err(Error::new(Kind::Conflict, "account.code_taken").arg("account", &new.code).field("code"));
    }
    let Some(role) = new.role else { return Ok(()) };
    if !new.postable || new.archived {
        return Err(Error::invalid("account.role_place").arg("role", role).field("role"));
    }
    match other(tx.find_all(&["role"], vals![role])?) {
        Some(taken) => Err(Error::new(Kind::Conflict, "account.role_taken").arg("role", role).arg("account", &taken.code).field("role")),
        None => Ok(()),
    }
}

/// A parent is a heading of the same kind, and no account stands under itself.
fn check_place(tx: &mut Tx<'_>, new: &Account) -> Result<()> {
    let mut above = new.parent;
    while let Some(id) = above {
        if id == new.id {
            return Err(Error::invalid("account.parent_loop").arg("account", &new.code).field("parent"));
        }
        let parent: Account = tx.get(vals![id]).map_err(|e| e.field("parent"))?;
        if parent.postable || parent.kind != new.kind {
            return Err(Error::invalid("account.parent").arg("account", &parent.code).arg("kind", new.kind).field("parent"));
        }
        above = parent.parent;
    }
    Ok(())
}

fn check_frozen(tx: &mut Tx<'_>, old: &Account, new: &Account) -> Result<()> {
    let changed = [
        ("kind", old.kind != new.kind),
        ("postable", old.postable != new.postable),
        ("role", old.role != new.role),
        ("by_party", old.by_party != new.by_party),
        ("currency", old.currency != new.currency && new.currency.is_some()),
    ];
    let Some((field, _)) = changed.into_iter().find(|(_, differs)| *differs) else { return Ok(()) };
    if is_used(tx, old.id)? {
        return Err(Error::new(Kind::State, "account.frozen").arg("account", &old.code).arg("what", field).field(field));
    }
    let below: i64 = tx.one("SELECT count(*) FROM account WHERE parent = ?1", vals![old.id])?;
    if below > 0 {
        return Err(Error::new(Kind::State, "account.has_accounts").arg("account", &old.code).arg("count", below).field(field));
    }
    Ok(())
}
