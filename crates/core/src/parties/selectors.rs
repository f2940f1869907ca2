//! Questions about parties.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Address, Identifier, Party};
use crate::db::Tx;
use crate::shared::{Context, Id, Permission, Query, Result};
use crate::vals;

/// A party with its addresses and identifiers.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct PartyDetails {
    /// The party.
    pub id: Id<Party>,
}

/// The answer.
#[derive(Serialize)]
pub struct Details {
    /// The party.
    pub party: Party,
    /// Its further addresses, archived ones too.
    pub addresses: Vec<Address>,
    /// Its identifiers, archived ones too.
    pub identifiers: Vec<Identifier>,
}

impl Query for PartyDetails {
    const NAME: &'static str = "parties.party";
    const NEEDS: Permission = Permission::Read;
    type Output = Details;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Details> {
        let party = super::api::party(tx, self.id)?;
        let addresses = tx.find_all(&["party"], vals![self.id])?;
        let identifiers = tx.find_all(&["party"], vals![self.id])?;
        Ok(Details { party, addresses, identifiers })
    }
}
