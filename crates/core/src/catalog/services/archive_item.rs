//! Takes an item out of use, or brings it back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::save_item::Saved;
use crate::catalog::model::Item;
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Permission};
use crate::vals;

/// Takes an item out of use, or brings it back. Nothing is deleted.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ArchiveItem {
    /// The item.
    pub id: Id<Item>,
    /// Bring it back instead.
    #[serde(default)]
    pub restore: bool,
}

impl Command for ArchiveItem {
    const NAME: &'static str = "catalog.archive_item";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Saved> {
        let old: Item = tx.get(vals![self.id])?;
        tx.update(&old, &Item { archived: !self.restore, ..old.clone() })?;
        Ok(Saved { id: self.id })
    }
}
