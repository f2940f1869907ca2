//! What can be done about approvals.

mod ask;
mod decide;
mod withdraw;

pub use ask::Ask;
pub use decide::Decide;
pub use withdraw::Withdraw;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::Approval;
use crate::shared::command::{Class, CommandEntry, Names};
use crate::shared::error::{Error, Result};
use crate::shared::{Context, Id};

/// Which request.
#[derive(Serialize, JsonSchema)]
pub struct Asked {
    /// The request.
    pub id: Id<Approval>,
}

/// The command `name`, if it is one that may be asked for: a decision, and none about approvals.
/// `approval.not_askable` otherwise.
fn askable(name: &str) -> Result<&'static CommandEntry> {
    let known = crate::app::register().command(name)?;
    let asks = known.class == Class::Decision && !known.name.starts_with("approvals.");
    if asks { Ok(known) } else { Err(Error::invalid("approval.not_askable").field("command")) }
}

/// Which names the command that is asked for may say: those there are, when it is said for the first time.
fn said(cx: &Context) -> Names {
    if cx.redo { Names::Any } else { Names::Known }
}
