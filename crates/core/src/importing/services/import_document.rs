//! Posts a document of the file, and traces its rows to its lines.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::billing::Draft;
use crate::billing::api::Header;
use crate::db::Tx;
use crate::importing::model::{Batch, Outcome, RowTrace};
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Context, Id, Minor, Permission};

/// Posts a document of the file, under its own number and date, and traces its rows to its lines.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ImportDocument {
    /// The batch.
    pub batch: Id<Batch>,
    /// What it says.
    pub draft: Draft,
    /// The row of the file behind each line.
    pub rows: Vec<i64>,
}

/// The document that was posted.
#[derive(Serialize, JsonSchema)]
pub struct Imported {
    /// The document.
    pub id: Id<Header>,
    /// Its net.
    pub net: Minor,
}

impl Command for ImportDocument {
    const NAME: &'static str = "importing.import_document";
    const NEEDS: Permission = Permission::Import;
    const CLASS: Class = Class::Fact;
    type Output = Imported;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Imported> {
        let document = crate::billing::api::post_new(tx, cx, &self.draft)?;
        let subject = Some(document.header.id.cast());
        let traces: Vec<RowTrace> =
            (1_i64..).zip(self.rows).map(|(line, n)| RowTrace { batch: self.batch, n, outcome: Outcome::Line, subject, line }).collect();
        tx.insert_all(&traces)?;
        Ok(Imported { id: document.header.id, net: document.header.net })
    }
}
