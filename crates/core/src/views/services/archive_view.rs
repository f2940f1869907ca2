//! Takes a view away, or brings it back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Saved, own};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Permission};
use crate::views::model::SavedView;

/// Takes one's view away, or brings it back.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ArchiveView {
    /// The view.
    pub id: Id<SavedView>,
    /// Bring it back instead.
    #[serde(default)]
    pub restore: bool,
}

impl Command for ArchiveView {
    const NAME: &'static str = "views.archive_view";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old = own(tx, cx, self.id)?;
        tx.update(&old, &SavedView { archived: !self.restore, ..old.clone() })?;
        Ok(Saved { id: old.id })
    }
}
