//! Reading a file of another program into the books, or only looking what that would do; and taking an
//! import back.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use daybook_core::app::{App, ImportFile, ImportReport};
use daybook_core::importing::northwind::{self, Northwind};
use daybook_core::importing::{Batch, Mapping, Mended};
use daybook_core::shared::Id;
use daybook_core::shared::error::{Error, Kind, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Job;
use crate::Desk;

/// Issues that travel with the answer; the query `importing.report` pages through all of them.
const ISSUES_MAX: usize = 500;

/// What to import.
#[derive(Debug, Deserialize)]
pub struct Import {
    /// Handle of the file.
    pub file: String,
    /// What is in it: `sales`, `parties`, `items`, or any record that can be saved.
    pub import: String,
    /// Column → field; null for a column that means nothing. The kept or guessed mapping when absent.
    pub mapping: Option<BTreeMap<String, Option<String>>>,
    /// Cells that a person mended.
    #[serde(default)]
    pub mended: Vec<Mended>,
    /// Only look what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// Whether columns that the mapping does not name keep what is guessed for them.
    #[serde(skip)]
    pub completed: bool,
}

impl Import {
    pub(super) fn run(self, desk: &Arc<Desk>, job: &Job) -> Result<Value> {
        let (path, name) = desk.uploads().find(&self.file)?;
        if self.import == "northwind" {
            return desk.with(|app| import_northwind(app, job, &path, self.dry_run));
        }
        let bytes = read(&path)?;
        desk.with(|app| {
            let mapping = self.mapping(app, &name, &bytes)?;
            self.carry_out(app, job, ImportFile { name: &name, bytes: &bytes, mapping, mended: &self.mended }).map(answer)
        })
    }

    fn carry_out(&self, app: &App, job: &Job, file: ImportFile<'_>) -> Result<ImportReport> {
        let progress = &mut |done, total, stage| job.advance(done, total, stage);
        match (self.import.as_str(), self.dry_run) {
            ("sales", true) => app.plan_sales_import(&file),
            ("sales", false) => app.import_sales(&file, progress),
            (kind, true) => app.plan_record_import(kind, &file),
            (kind, false) => app.import_records(kind, &file, progress),
        }
    }

    /// The core's form of the mapping: field → column.
    fn mapping(&self, app: &App, name: &str, bytes: &[u8]) -> Result<Option<Mapping>> {
        let Some(chosen) = &self.mapping else {
            return Ok(None);
        };
        let mut mapping = Mapping::default();
        if self.completed {
            let look = Import { file: String::new(), import: self.import.clone(), mapping: None, mended: Vec::new(), dry_run: true, completed: false };
            mapping = look.carry_out(app, &Job::default(), ImportFile { name, bytes, mapping: None, mended: &self.mended })?.mapping;
        }
        for (column, field) in chosen {
            mapping.columns.retain(|_, taken| taken != column);
            if let Some(field) = field {
                mapping.columns.insert(field.clone(), column.clone());
            }
        }
        Ok(Some(mapping))
    }
}

/// The report in the form that clients know.
fn answer(report: ImportReport) -> Value {
    let issue_count = report.issues.len();
    let counts = report.counts;
    let columns: Vec<Value> = report
        .columns
        .iter()
        .map(|column| json!({ "name": column.get("name"), "sample": column.get("samples"), "mapped_to": column.get("mapped_to") }))
        .collect();
    json!({
        "columns": columns, "fields": report.fields, "rows": report.rows, "currency": report.currency,
        "documents": { "invoices": counts.invoices, "credit_notes": counts.credit_notes, "adjustments": counts.adjustments, "known": counts.known_documents },
        "net": counts.net, "credit_net": counts.credit_net,
        "new_parties": counts.new_parties, "new_items": counts.new_items,
        "new_records": counts.new_records, "known_records": counts.known_records,
        "issues": report.issues.get(..issue_count.min(ISSUES_MAX)), "issue_count": issue_count,
        "wrong": report.wrong, "wrong_count": report.wrong_count,
        "batch": report.batch, "repeated": report.repeated,
    })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Error::new(Kind::Storage, "upload.unreadable").arg("name", path.display()).caused_by(e))
}

/// Northwind is several tables in one folder.
fn import_northwind(app: &App, job: &Job, folder: &Path, dry_run: bool) -> Result<Value> {
    let tables = northwind::FILES.iter().map(|name| read(&folder.join(name))).collect::<Result<Vec<_>>>()?;
    let [customers, suppliers, products, orders, order_lines] = tables.as_slice() else {
        return Err(Error::internal("rpc.encode"));
    };
    let tables = Northwind { customers, suppliers, products, orders, order_lines };
    let progress = &mut |done, total, stage| job.advance(done, total, stage);
    let report = if dry_run { app.plan_northwind(&tables, progress)? } else { app.import_northwind(&tables, progress)? };
    Ok(json!(report))
}

/// An import to take back.
#[derive(Debug, Deserialize)]
pub struct UndoImport {
    /// Its batch.
    pub batch: Id<Batch>,
}

impl UndoImport {
    pub(super) fn run(self, desk: &Arc<Desk>, job: &Job) -> Result<Value> {
        desk.with(|app| undo(app, self.batch, &mut |done, total, stage| job.advance(done, total, stage)))
    }
}

/// Reverses everything that `batch` posted.
pub fn undo(app: &App, batch: Id<Batch>, progress: &mut dyn FnMut(u64, u64, &'static str) -> ControlFlow<()>) -> Result<Value> {
    app.undo_import(batch, progress)?;
    Ok(json!({ "batch": batch }))
}
