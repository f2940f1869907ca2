//! Does an undone step again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Shifted, changes_of, own_step};
use crate::db::Tx;
use crate::history::model::Step;
use crate::history::shift::shift;
use crate::history::trail::{keep, trail_of};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Context, Permission};

/// Does again what was undone last, where nobody changed it since.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Redo {
    /// The command id of the entry that was undone.
    pub step: CommandId,
}

impl Command for Redo {
    const NAME: &'static str = "history.redo";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::Decision;
    type Output = Shifted;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Shifted> {
        let step = own_step(tx, cx.actor, self.step)?;
        let (old, mut trail) = trail_of(tx, cx.actor)?;
        if step.undone == 0 || step.undone != trail.undone {
            return Err(Error::new(Kind::State, "history.not_next"));
        }
        let changes = changes_of(tx, &step)?;
        shift(tx, cx.actor, &changes)?;
        trail.undone -= 1;
        tx.update(&step, &Step { undone: 0, ..step.clone() })?;
        keep(tx, old, &trail)?;
        Ok(Shifted { step: self.step, name: step.name.to_string() })
    }
}
