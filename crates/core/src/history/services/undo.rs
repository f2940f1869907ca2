//! Undoes a step: the rows say again what they said before it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Shifted, changes_of, own_step};
use crate::db::Tx;
use crate::history::changes::Change;
use crate::history::model::Step;
use crate::history::shift::shift;
use crate::history::trail::{keep, trail_of};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Context, Permission};

/// Puts back what an own earlier entry changed in master data, settings or drafts, where nobody changed it since.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Undo {
    /// The command id of that entry.
    pub step: CommandId,
}

impl Command for Undo {
    const NAME: &'static str = "history.undo";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::Decision;
    type Output = Shifted;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Shifted> {
        let step = own_step(tx, cx.actor, self.step)?;
        if step.undone > 0 {
            return Err(Error::new(Kind::State, "history.undone"));
        }
        let back: Vec<Change> = changes_of(tx, &step)?.into_iter().rev().map(Change::turned).collect();
        shift(tx, cx.actor, &back)?;
        let (old, mut trail) = trail_of(tx, cx.actor)?;
        trail.undone += 1;
        tx.update(&step, &Step { undone: trail.undone, ..step.clone() })?;
        keep(tx, old, &trail)?;
        Ok(Shifted { step: self.step, name: step.name.to_string() })
    }
}
