//! Decides on what somebody asks for, and does it when it is approved.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{askable, said};
use crate::approvals::APPROVAL;
use crate::approvals::model::{Approval, ApprovalState};
use crate::db::Tx;
use crate::identity::api::authorize;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Note, Permission};
use crate::vals;

/// Approves what somebody asks for, and thereby does it, or denies it for a reason. Who asks does not
/// decide; who decides must be allowed to do it.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Decide {
    /// The request.
    pub id: Id<Approval>,
    /// Whether it is approved.
    pub approve: bool,
    /// Why it is denied.
    #[serde(default)]
    pub remark: Note,
}

/// What was decided.
#[derive(Serialize, JsonSchema)]
pub struct Decided {
    /// The request.
    pub id: Id<Approval>,
    /// What the command answered, when it was approved.
    pub result: Value,
}

impl Command for Decide {
    const NAME: &'static str = "approvals.decide";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::Decision;
    type Output = Decided;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Decided> {
        let old: Approval = tx.get(vals![self.id])?;
        let state = if self.approve { ApprovalState::Approved } else { ApprovalState::Denied };
        APPROVAL.check(old.state.word(), state.word(), Self::NAME)?;
        if old.asker == cx.actor {
            return Err(Error::new(Kind::Denied, "approval.own"));
        }
        let known = askable(&old.command)?;
        authorize(tx, cx.actor, known.needs)?;
        let result = if self.approve {
            let args = serde_json::from_str(&old.args).map_err(|e| Error::new(Kind::Corrupt, "daybook.envelope").caused_by(e))?;
            (known.from_json)(args, said(cx))?.run(tx, cx)?
        } else {
            self.remark.required("remark")?;
            Value::Null
        };
        let new = Approval { state, decided_by: Some(cx.actor), decided_at: Some(cx.now), remark: self.remark, ..old.clone() };
        tx.update(&old, &new)?;
        Ok(Decided { id: old.id, result })
    }
}
