//! Takes a file off what it is attached to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Attached;
use crate::db::Tx;
use crate::files::model::{Attachment, Subject};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Permission};
use crate::vals;

/// Takes a file off; one on something posted stays.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Detach {
    /// What sort of thing it is attached to.
    pub kind: Subject,
    /// The thing.
    pub id: Id<()>,
    /// The place of the file there.
    pub n: i64,
}

impl Command for Detach {
    const NAME: &'static str = "files.detach";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Attached;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Attached> {
        let attached: Attachment = tx.get(vals![Code::new(self.kind.word())?, self.id, self.n])?;
        if attached.kept {
            return Err(Error::new(Kind::State, "file.kept").arg("name", &attached.name));
        }
        tx.remove(&attached)?;
        Ok(Attached { kind: self.kind, id: self.id, n: self.n })
    }
}
