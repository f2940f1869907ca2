//! Takes an account out of use, or back into use.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SavedAccount;
use crate::db::Tx;
use crate::ledger::model::{Account, AccountKind};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Minor, Permission};
use crate::vals;

/// Takes an account out of use: it keeps its lines and takes no new ones.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ArchiveAccount {
    /// The account.
    pub id: Id<Account>,
    /// Bring it back instead.
    #[serde(default)]
    pub restore: bool,
}

impl Command for ArchiveAccount {
    const NAME: &'static str = "ledger.archive_account";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::OnlineOnly;
    type Output = SavedAccount;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<SavedAccount> {
        let old: Account = tx.get(vals![self.id])?;
        if !self.restore {
            check_idle(tx, &old)?;
        }
        tx.update(&old, &Account { archived: !self.restore, ..old.clone() })?;
        Ok(SavedAccount { id: old.id })
    }
}

/// An account that the program uses, that has accounts under it, or whose balance is carried forward
/// and not zero, stays.
fn check_idle(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    if let Some(role) = account.role {
        return Err(Error::new(Kind::State, "account.in_use").arg("account", &account.code).arg("role", role));
    }
    let below: i64 = tx.one("SELECT count(*) FROM account WHERE parent = ?1 AND archived = 0", vals![account.id])?;
    if below > 0 {
        return Err(Error::new(Kind::State, "account.has_accounts").arg("account", &account.code).arg("count", below));
    }
    let sql = "SELECT CAST(coalesce(sum(debit) - sum(credit), 0) AS BIGINT) FROM account_balance WHERE account = ?1";
    let balance: Minor = tx.one(sql, vals![account.id])?;
    let carried = matches!(account.kind, AccountKind::Asset | AccountKind::Liability | AccountKind::Equity);
    if carried && !balance.is_zero() {
        let currency = crate::identity::api::company(tx)?.currency;
        let shown = format!("{} {currency}", balance.display(currency));
        return Err(Error::new(Kind::State, "account.has_balance").arg("account", &account.code).arg("balance", shown));
    }
    Ok(())
}
