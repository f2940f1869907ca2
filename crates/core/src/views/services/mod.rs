//! What can be done with views, one file each.

mod archive_view;
mod save_view;

pub use archive_view::ArchiveView;
pub use save_view::SaveView;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::SavedView;
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id};
use crate::vals;

/// Which view.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The view.
    pub id: Id<SavedView>,
}

/// A view of the actor's; `view.not_own` for one of somebody else.
fn own(tx: &mut Tx<'_>, cx: &Context, id: Id<SavedView>) -> Result<SavedView> {
    let view: SavedView = tx.get(vals![id])?;
    if view.owner == cx.actor { Ok(view) } else { Err(Error::new(Kind::Denied, "view.not_own")) }
}
