//! Keeps a list as it looks, under a name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Saved, own};
use crate::app::register;
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Id, Name, Permission, Text};
use crate::views::model::{Look, SavedView};

/// Keeps a list as it looks under a name (no id), or changes one's own view.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SaveView {
    /// The view to change; a new one when it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id<SavedView>>,
    /// Whose list.
    pub record: Code,
    /// What it is called.
    pub name: Name,
    /// Whether everybody sees it.
    #[serde(default)]
    pub shared: bool,
    /// What it looks like.
    pub look: Look,
}

impl Command for SaveView {
    const NAME: &'static str = "views.save_view";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        self.name.required("name")?;
        register().record(&self.record).map_err(|e| e.field("record"))?;
        let look = serde_json::to_string(&self.look).map_err(|e| Error::internal("command.encode").caused_by(e))?;
        let old = self.id.map(|id| own(tx, cx, id)).transpose()?;
        let view = SavedView {
            id: old.as_ref().map_or_else(|| cx.id("saved_view"), |old| old.id),
            record: self.record,
            name: self.name,
            owner: cx.actor,
            shared: self.shared,
            look: Text::new(&look).map_err(|e| e.field("look"))?,
            archived: false,
        };
        match &old {
            Some(old) => tx.update(old, &view)?,
            None => tx.insert(&view)?,
        }
        Ok(Saved { id: view.id })
    }
}
