//! Attaches a file whose content the books have already.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Attached;
use crate::db::Tx;
use crate::files::api;
use crate::files::model::{Attachment, StoredFile, Subject};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Permission};
use crate::vals;

/// Attaches a stored file to the company, a contact, an item or a journal entry.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Attach {
    /// What sort of thing it is attached to.
    pub kind: Subject,
    /// The thing.
    pub id: Id<()>,
    /// The file, as storing it answered.
    pub file: StoredFile,
}

impl Command for Attach {
    const NAME: &'static str = "files.attach";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Attached;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Attached> {
        let (kind, word) = (self.kind, self.kind.word());
        let found: Option<(i64,)> = tx.opt(&format!("SELECT 1 FROM {word} WHERE id = ?1"), vals![self.id])?;
        found.ok_or_else(|| Error::new(Kind::NotFound, "record.not_found").arg("what", word).field("id"))?;
        api::check(tx, cx, &self.file).map_err(|e| e.within("file"))?;
        let word = Code::new(word)?;
        let there = api::files_of(tx, &word, self.id)?;
        if let Some(same) = there.iter().find(|other| other.hash == self.file.hash) {
            return Err(Error::new(Kind::Conflict, "file.attached").arg("name", &same.name).field("file"));
        }
        let n = there.last().map_or(1, |last| last.n + 1);
        tx.insert(&Attachment::of(word, self.id, n, &self.file, kind.is_final()))?;
        Ok(Attached { kind, id: self.id, n })
    }
}
