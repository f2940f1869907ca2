//! Questions about files.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Attachment, Subject};
use crate::db::Tx;
use crate::shared::{Code, Context, Id, Permission, Query, Result};

/// The files attached to something.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct FilesOf {
    /// What sort of thing it is.
    pub kind: Subject,
    /// The thing.
    pub id: Id<()>,
}

impl Query for FilesOf {
    const NAME: &'static str = "files.of";
    const NEEDS: Permission = Permission::Read;
    type Output = Vec<Attachment>;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Vec<Attachment>> {
        super::api::files_of(tx, &Code::new(self.kind.word())?, self.id)
    }
}
