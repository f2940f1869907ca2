//! Opens a batch and keeps its mapping.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Step;
use crate::db::Tx;
use crate::importing::model::{Batch, Mapped};
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Code, Context, Minor, Name, Note, Permission};
use crate::vals;

/// Opens an import batch and keeps its column mapping for the next file with the same header.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct StartBatch {
    /// What is imported.
    pub kind: Code,
    /// Name of the file.
    pub file_name: Name,
    /// Hash of its bytes.
    pub file_hash: Code,
    /// Hash of its header.
    pub header: Code,
    /// The column mapping, as JSON.
    pub mapping: Note,
    /// Rows of data.
    pub row_count: i64,
}

impl Command for StartBatch {
    const NAME: &'static str = "importing.start_batch";
    const NEEDS: Permission = Permission::Import;
    const CLASS: Class = Class::Fact;
    type Output = Step;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Step> {
        let mapped = Mapped { kind: self.kind.clone(), header: self.header, mapping: self.mapping.clone() };
        match tx.find::<Mapped>(vals![mapped.kind, mapped.header])? {
            Some(old) => tx.update(&old, &mapped)?,
            None => tx.insert(&mapped)?,
        }
        let batch = Batch {
            id: cx.id("import_batch"),
            kind: self.kind,
            file_name: self.file_name,
            file_hash: self.file_hash,
            mapping: self.mapping,
            row_count: self.row_count,
            invoices: 0,
            credit_notes: 0,
            adjustments: 0,
            new_parties: 0,
            new_items: 0,
            net: Minor::ZERO,
            credit_net: Minor::ZERO,
            currency: crate::identity::api::company(tx)?.currency,
            imported_at: cx.now,
            undone_at: None,
        };
        tx.insert(&batch)?;
        Ok(Step { id: batch.id })
    }
}
