//! Makes one party of two that are the same firm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::save_party::Saved;
use crate::db::Tx;
use crate::parties::api;
use crate::parties::model::Party;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Permission};
use crate::vals;

/// Makes one of two entries for the same firm: the loser is archived and points to the winner.
/// Documents keep what they said.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct MergeParties {
    /// The entry that goes.
    pub loser: Id<Party>,
    /// The entry that stays.
    pub winner: Id<Party>,
}

impl Command for MergeParties {
    const NAME: &'static str = "parties.merge_parties";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Saved> {
        let loser: Party = tx.get(vals![self.loser])?;
        let winner = api::resolve(tx, self.winner)?;
        if loser.merged_into.is_some() {
            return Err(Error::new(Kind::State, "party.merged").arg("name", loser.name).field("loser"));
        }
        if winner.id == loser.id {
            return Err(Error::invalid("party.merge_self").arg("name", loser.name).field("winner"));
        }
        // What was merged into the loser before points to the winner directly.
        let mut followers: Vec<Party> = tx.find_all(&["merged_into"], vals![loser.id])?;
        followers.push(loser.clone());
        for old in followers {
            tx.update(&old, &Party { merged_into: Some(winner.id), archived: true, ..old.clone() })?;
        }
        let both = Party { is_customer: winner.is_customer || loser.is_customer, is_supplier: winner.is_supplier || loser.is_supplier, ..winner.clone() };
        tx.update(&winner, &both)?;
        Ok(Saved { id: winner.id })
    }
}
