//! Dealing with work that did not go through: tried again with a change, or let go with a reason. Each in
//! one transaction: nothing is done twice, and no item is settled without what settles it.

use serde_json::Value;

use super::{App, Call, Outcome};
use crate::daybook::attention::{self, Item};
use crate::db::Tx;
use crate::shared::Permission;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;

impl App {
    /// Does what an open item tried, with other arguments and under a new id, and settles the item by it.
    /// When that fails, the item stays open. `attention.not_open` when somebody dealt with it before.
    pub fn resubmit(&self, command: CommandId, args: Value) -> Result<Outcome> {
        self.batch(None, |batch| {
            let item = find(batch.tx(), command)?;
            let call = Call::new(&item.name, args);
            let by = call.id;
            let outcome = batch.execute(call)?;
            attention::resolve(batch.tx(), command, "resubmitted", "", Some(by))?;
            Ok(outcome)
        })
    }
    /// Lets an open item go, for a reason. Only who tried it may, and who administers the firm.
    pub fn discard(&self, command: CommandId, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Error::invalid("text.required").field("remark"));
        }
        let actor = self.actor();
        self.storage.write(|tx| {
            if find(tx, command)?.actor != actor {
                crate::identity::api::authorize(tx, actor, Permission::Administer)?;
            }
            attention::resolve(tx, command, "discarded", reason, None)
        })
    }
}

fn find(tx: &mut Tx<'_>, command: CommandId) -> Result<Item> {
    let open = attention::open(tx)?.into_iter().find(|item| item.command == command);
    open.ok_or_else(|| Error::new(Kind::NotFound, "attention.not_open").arg("command", command))
}
