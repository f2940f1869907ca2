//! The rows of what may be undone.

use crate::record;
use crate::shared::context::UserTag;
use crate::shared::id::CommandId;
use crate::shared::{Code, Id, Instant, field};

record! {
    /// Where the steps of a person begin and end.
    pub struct Trail in "history_trail" key 1 {
        /// The person.
        actor: Id<UserTag> = field().to("app_user"),
        /// The oldest step that is kept.
        first: i64,
        /// The newest; smaller than the oldest when there is none.
        last: i64,
        /// Bytes of their changes.
        size: i64,
        /// How many of them are undone now.
        undone: i64,
    }
}

record! {
    /// What one entry of a person changed.
    pub struct Step in "history_step" key 2 removable {
        /// The person.
        actor: Id<UserTag> = field().to("app_user").listed(),
        /// Its place in the person's trail.
        n: i64,
        /// The entry.
        command: CommandId,
        /// Its command.
        name: Code = field().wide(20).listed(),
        /// When it was done.
        done_at: Instant = field().listed(),
        /// 0, or as which of the undone ones it was undone: the largest is done again first.
        undone: i64,
        /// The changed rows, as [`super::changes`] writes them.
        changes: Vec<u8>,
    }
}

record! {
    /// What of a step only those see who see costs.
    pub struct StepCost in "history_cost" key 2 removable {
        /// The person.
        actor: Id<UserTag>,
        /// The step's place.
        n: i64,
        /// The changed rows.
        changes: Vec<u8>,
    }
}
