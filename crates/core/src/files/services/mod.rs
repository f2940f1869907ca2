//! Actions on files, one file each.

mod attach;
mod detach;

pub use attach::Attach;
pub use detach::Detach;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::Subject;
use crate::shared::Id;

/// What a file was attached to or taken from.
#[derive(Serialize, JsonSchema)]
pub struct Attached {
    /// What sort of thing it is.
    pub kind: Subject,
    /// The thing.
    pub id: Id<()>,
    /// The place of the file there.
    pub n: i64,
}
