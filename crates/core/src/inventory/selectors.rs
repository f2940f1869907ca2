//! Questions about stock.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::Item;
use crate::db::Tx;
use crate::shared::{Context, Id, Permission, Quantity, Query, Result};

/// On hand of one item in the firm's own locations.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct OnHand {
    /// The item.
    pub item: Id<Item>,
}

/// The answer.
#[derive(Serialize)]
pub struct Answer {
    /// On hand, in the item's base unit.
    pub on_hand: Quantity,
}

impl Query for OnHand {
    const NAME: &'static str = "inventory.on_hand";
    const NEEDS: Permission = Permission::Read;
    type Output = Answer;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Answer> {
        Ok(Answer { on_hand: super::api::on_hand(tx, self.item)? })
    }
}
