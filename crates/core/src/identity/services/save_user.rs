//! Adds a person or changes one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::identity::model::User;
use crate::shared::command::{Class, Command};
use crate::shared::context::UserTag;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::permission::Role;
use crate::shared::{Context, Id, Name, Permission};
use crate::vals;

/// Adds a person (no id) or changes one.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SaveUser {
    /// The person to change.
    pub id: Option<Id<UserTag>>,
    /// Name.
    pub name: Name,
    /// What the person is in the firm.
    pub role: Role,
    /// E-mail.
    #[serde(default)]
    pub email: Name,
    /// Whether the person has left.
    #[serde(default)]
    pub archived: bool,
}

/// Who was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The person.
    pub id: Id<UserTag>,
}

impl Command for SaveUser {
    const NAME: &'static str = "identity.save_user";
    const NEEDS: Permission = Permission::Administer;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        self.name.required("name")?;
        let id = self.id.unwrap_or_else(|| cx.id("app_user"));
        let user = User { id, name: self.name, role: self.role, email: self.email, archived: self.archived };
        match self.id {
            None => tx.insert(&user)?,
            Some(id) => {
                let old: User = tx.get(vals![id])?;
                tx.update(&old, &user)?;
            }
        }
        let owners: i64 = tx.one("SELECT count(*) FROM app_user WHERE role = 'owner' AND archived = 0", &[])?;
        if owners == 0 {
            return Err(Error::new(Kind::State, "user.last_owner").field("role"));
        }
        Ok(Saved { id })
    }
}
