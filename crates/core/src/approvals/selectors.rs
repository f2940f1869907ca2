//! Questions about what is asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{concerning, may_decide};
use super::model::ApprovalState;
use crate::db::Tx;
use crate::identity::api::user;
use crate::shared::{Context, Id, Instant, Permission, Query, Result};

/// Requests that concern the person who asks this: those of others on which the person may decide, and own
/// ones that are not over.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Open {}

/// A request in words.
#[derive(Serialize)]
pub struct Shown {
    /// Its id.
    pub id: Id<super::model::Approval>,
    /// Who asks.
    pub asker_name: String,
    /// The command.
    pub name: String,
    /// Its arguments.
    pub args: serde_json::Value,
    /// Why it is asked for.
    pub reason: String,
    /// When it was asked for.
    pub asked_at: Instant,
    /// How it stands.
    pub state: ApprovalState,
    /// Whether the person who looks asks for it.
    pub own: bool,
    /// Whether the person who looks may decide.
    pub may_decide: bool,
    /// Who denied it.
    pub decided_by_name: String,
    /// Why.
    pub remark: String,
}

impl Query for Open {
    const NAME: &'static str = "approvals.open";
    const NEEDS: Permission = Permission::Read;
    type Output = Vec<Shown>;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Vec<Shown>> {
        let mut shown = Vec::new();
        for approval in concerning(tx, cx.actor)? {
            let mut name = |id| -> Result<String> { Ok(user(tx, id)?.map(|user| user.name.to_string()).unwrap_or_default()) };
            let asker_name = name(approval.asker)?;
            let decided_by_name = approval.decided_by.map_or_else(|| Ok(String::new()), &mut name)?;
            shown.push(Shown {
                own: approval.asker == cx.actor,
                may_decide: may_decide(tx, cx.actor, &approval),
                id: approval.id,
                asker_name,
                name: approval.command.to_string(),
                args: serde_json::from_str(&approval.args).unwrap_or_default(),
                reason: approval.reason.to_string(),
                asked_at: approval.asked_at,
                state: approval.state,
                decided_by_name,
                remark: approval.remark.to_string(),
            });
        }
        Ok(shown)
    }
}
