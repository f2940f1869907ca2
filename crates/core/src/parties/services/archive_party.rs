//! Takes a party out of use, or brings it back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::save_party::Saved;
use crate::db::Tx;
use crate::parties::model::Party;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Permission};
use crate::vals;

/// Takes a customer or supplier out of use, or brings it back. Nothing is deleted.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ArchiveParty {
    /// The party.
    pub id: Id<Party>,
    /// Bring it back instead.
    #[serde(default)]
    pub restore: bool,
}

impl Command for ArchiveParty {
    const NAME: &'static str = "parties.archive_party";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Saved> {
        let old: Party = tx.get(vals![self.id])?;
        if old.merged_into.is_some() {
            return Err(Error::new(Kind::State, "party.merged").arg("name", old.name));
        }
        tx.update(&old, &Party { archived: !self.restore, ..old.clone() })?;
        Ok(Saved { id: self.id })
    }
}
