//! Asks for a decision that one's role does not grant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Asked, askable, said};
use crate::app::{more_of, records};
use crate::approvals::model::{Approval, ApprovalState};
use crate::db::Tx;
use crate::identity::api::authorize;
use crate::shared::command::{Class, Command, CommandEntry};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Note, Permission, Text};

/// Asks somebody who may to do what one's own role does not grant. It waits word for word until a
/// person whose role grants it decides.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Ask {
    /// The command: a decision of the register.
    pub command: Code,
    /// Its arguments.
    pub args: Value,
    /// Why.
    pub reason: Note,
}

impl Command for Ask {
    const NAME: &'static str = "approvals.ask";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::Decision;
    type Output = Asked;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Asked> {
        self.reason.required("reason")?;
        let known = askable(&self.command)?;
        (known.from_json)(self.args.clone(), said(cx)).map_err(|e| e.within("args"))?;
        if authorize(tx, cx.actor, known.needs).is_ok() {
            return Err(Error::new(Kind::State, "approval.not_needed"));
        }
        says_nothing_secret(known, &self.args)?;
        let approval = Approval {
            id: cx.id("approval"),
            asker: cx.actor,
            command: self.command,
            needs: known.needs,
            args: Text::new(&self.args.to_string()).map_err(|e| e.field("args"))?,
            reason: self.reason,
            asked_at: cx.now,
            state: ApprovalState::Asked,
            decided_by: None,
            decided_at: None,
            remark: Note::default(),
        };
        tx.insert(&approval)?;
        Ok(Asked { id: approval.id })
    }
}

/// `approval.secret` when `args` say a field that not everybody may see: everybody reads a request.
fn says_nothing_secret(known: &CommandEntry, args: &Value) -> Result<()> {
    let saved = records().filter(|record| record.save == Some(known.name));
    let fields = saved.flat_map(|record| more_of(record.table)).flat_map(|more| more.columns.iter().skip(more.keys));
    match fields.into_iter().find(|field| args.get(**field).is_some()) {
        Some(field) => Err(Error::invalid("approval.secret").field(format!("args.{field}"))),
        None => Ok(()),
    }
}
