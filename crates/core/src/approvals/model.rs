//! The rows of approvals.

use crate::shared::context::UserTag;
use crate::shared::{Code, Id, Instant, Note, Permission, Text, field};
use crate::{choice, record};

choice! {
    /// How it stands with what somebody asks for.
    pub enum ApprovalState {
        /// It waits for somebody.
        Asked = "asked",
        /// Somebody did it.
        Approved = "approved",
        /// Somebody did not want it.
        Denied = "denied",
        /// The asker has no need of it any more.
        Withdrawn = "withdrawn",
    }
}

record! {
    /// What somebody asks another to do.
    pub struct Approval in "approval" key 1 {
        /// The id.
        id: Id<Approval>,
        /// Who asks.
        asker: Id<UserTag> = field().to("app_user").listed(),
        /// The command.
        command: Code = field().wide(20).listed(),
        /// The permission that it needs.
        needs: Permission,
        /// Its arguments, as JSON.
        args: Text<64000>,
        /// Why it is asked for.
        reason: Note = field().wide(30).listed(),
        /// When it was asked for.
        asked_at: Instant = field().listed(),
        /// How it stands.
        state: ApprovalState = field().listed(),
        /// Who decided.
        decided_by: Option<Id<UserTag>> = field().to("app_user").listed(),
        /// When it was decided.
        decided_at: Option<Instant>,
        /// Why it was denied.
        remark: Note,
    }
}
