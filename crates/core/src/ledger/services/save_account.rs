//! Adds an account or changes one.

use super::{SavedAccount, is_used};
use crate::db::Tx;
use crate::ledger::model::{Account, AccountKind, Role};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Currency, Id, Name, Permission};
use crate::vals;

crate::save_args! {
    /// Adds an account (no id) or changes one; what is left out stays as it is. Kind, role, currency,
    /// whether it is a heading and whether it is kept per customer or supplier are frozen once it took
    /// a line.
    pub struct SaveAccount of Account {
        code: Code,
        name: Name,
        role: Option<Role>,
        parent: Option<Id<Account>>,
        by_party: bool,
        currency: Option<Currency>,
    } choose {
        kind: AccountKind,
        postable: bool,
    }
}

impl Command for SaveAccount {
    const NAME: &'static str = "ledger.save_account";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::OnlineOnly;
    type Output = SavedAccount;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<SavedAccount> {
        let old: Option<Account> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut new = match &old {
            Some(old) => old.clone(),
            None => self.fresh(tx, cx)?,
        };
        self.put(&mut new);
        new.by_party |= new.role.is_some_and(Role::by_party);
        check(tx, &new)?;
        match &old {
            None => tx.insert(&new)?,
            Some(old) => {
                check_frozen(tx, old, &new)?;
                tx.update(old, &new)?;
            }
        }
        Ok(SavedAccount { id: new.id })
    }
}

impl SaveAccount {
    /// A new account is of the kind of its heading, unless it says its own.
    fn fresh(&self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Account> {
        let kind = match (self.kind, self.parent.value()) {
            (Some(kind), _) => kind,
            (None, Some(Some(parent))) => tx.get::<Account>(vals![*parent]).map_err(|e| e.field("parent"))?.kind,
            (None, _) => return Err(Error::invalid("account.kind_missing").field("kind")),
        };
        let (code, name) = (Code::default(), Name::default());
        Ok(Account { id: cx.id("account"), code, name, kind, role: None, parent: None, postable: true, by_party: false, currency: None, archived: false })
    }
}

fn check(tx: &mut Tx<'_>, new: &Account) -> Result<()> {
    new.code.required("code")?;
    new.name.required("name")?;
    if new.by_party && !(new.postable && matches!(new.kind, AccountKind::Asset | AccountKind::Liability)) {
        return Err(Error::invalid("account.by_party").arg("account", &new.code).field("by_party"));
    }
    check_unique(tx, new)?;
    check_place(tx, new)
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
