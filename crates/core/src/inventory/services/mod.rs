//! Actions on goods, one file each.

mod adjust;
mod install_locations;
mod move_stock;
mod receive;
mod reverse_adjustment;
mod save_location;

pub use adjust::Adjust;
pub use install_locations::InstallLocations;
pub use move_stock::MoveStock;
pub use receive::Receive;
pub use reverse_adjustment::ReverseAdjustment;
pub use save_location::SaveLocation;

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::identity::api::authorize;
use crate::inventory::api::{Document, Effect};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Minor, Name, Permission};

/// What a stock action made.
#[derive(Serialize, JsonSchema)]
pub struct Moved {
    /// The id that its moves name as their source.
    pub id: Id<()>,
    /// Change of the stock's value, in the base currency; none where the books do not hold costs, and for those
    /// who may not see them.
    pub value: Option<Minor>,
}

impl Moved {
    fn of(tx: &mut Tx<'_>, cx: &Context, document: &Document, effect: Option<Effect>) -> Self {
        let seen = |_: &Effect| authorize(tx, cx.actor, Permission::SeeLedger).is_ok();
        Moved { id: document.id, value: effect.filter(seen).map(|effect| effect.value) }
    }
}

/// The reason of an adjustment, required.
pub(super) fn reason(text: &Name) -> Result<Name> {
    text.required("reason").cloned()
}
