//! Ends what one asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Asked;
use crate::approvals::APPROVAL;
use crate::approvals::model::{Approval, ApprovalState};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Permission};
use crate::vals;

/// Ends what one asked for oneself: before somebody decides, or after it was denied.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Withdraw {
    /// The request.
    pub id: Id<Approval>,
}

impl Command for Withdraw {
    const NAME: &'static str = "approvals.withdraw";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::Decision;
    type Output = Asked;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Asked> {
        let old: Approval = tx.get(vals![self.id])?;
        if old.asker != cx.actor {
            return Err(Error::new(Kind::Denied, "approval.not_own"));
        }
        APPROVAL.check(old.state.word(), ApprovalState::Withdrawn.word(), Self::NAME)?;
        tx.update(&old, &Approval { state: ApprovalState::Withdrawn, ..old.clone() })?;
        Ok(Asked { id: old.id })
    }
}
