//! What others may know of approvals.

use crate::approvals::model::{Approval, ApprovalState};
use crate::db::Tx;
use crate::identity::api::authorize;
use crate::shared::context::UserId;
use crate::shared::error::Result;
use crate::vals;

/// What concerns `actor`: requests of others on which this person may decide, and own ones that are not over.
/// Oldest first.
pub fn concerning(tx: &mut Tx<'_>, actor: UserId) -> Result<Vec<Approval>> {
    let sql = "SELECT id FROM approval WHERE state IN ('asked', 'denied') ORDER BY asked_at, id";
    let ids: Vec<(crate::shared::Id<Approval>,)> = tx.all(sql, &[])?;
    let mut found = Vec::new();
    for (id,) in ids {
        let approval: Approval = tx.get(vals![id])?;
        if approval.asker == actor || may_decide(tx, actor, &approval) {
            found.push(approval);
        }
    }
    Ok(found)
}

/// How many of them wait for `actor`: to decide, or to take note of a denial.
pub fn waiting_for(tx: &mut Tx<'_>, actor: UserId) -> Result<i64> {
    let waits = concerning(tx, actor)?.into_iter().filter(|approval| approval.asker != actor || approval.state == ApprovalState::Denied);
    Ok(i64::try_from(waits.count()).unwrap_or(i64::MAX))
}

/// Whether `actor` may decide on a request that waits: not the asker, and somebody who could do it alone.
pub(super) fn may_decide(tx: &mut Tx<'_>, actor: UserId, approval: &Approval) -> bool {
    approval.state == ApprovalState::Asked && approval.asker != actor && authorize(tx, actor, approval.needs).is_ok()
}
