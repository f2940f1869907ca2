//! What can be done about steps.

mod redo;
mod undo;

pub use redo::Redo;
pub use undo::Undo;

use schemars::JsonSchema;
use serde::Serialize;

use super::changes::{Change, decode};
use super::model::{Step, StepCost};
use crate::db::Tx;
use crate::identity::api::authorize;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::vals;

/// What was undone or done again.
#[derive(Serialize, JsonSchema)]
pub struct Shifted {
    /// The step.
    pub step: CommandId,
    /// Its command.
    pub name: String,
}

/// The step of `actor` that the entry of `command` is, which the person may still do; `history.step_gone` when there
/// is none.
fn own_step(tx: &mut Tx<'_>, actor: UserId, command: CommandId) -> Result<Step> {
    let step = tx.find_all::<Step>(&["actor", "command"], vals![actor, command])?.into_iter().next();
    let step = step.ok_or_else(|| Error::new(Kind::NotFound, "history.step_gone"))?;
    authorize(tx, actor, crate::app::register().command(&step.name)?.needs)?;
    Ok(step)
}

/// Everything that the step changed, in the order in which it was changed, as far as the books hold it.
fn changes_of(tx: &mut Tx<'_>, step: &Step) -> Result<Vec<Change>> {
    let mut changes = decode(&step.changes)?;
    if tx.holds::<StepCost>()
        && let Some(costs) = tx.find::<StepCost>(vals![step.actor, step.n])?
    {
        changes.extend(decode(&costs.changes)?);
    }
    Ok(changes)
}
