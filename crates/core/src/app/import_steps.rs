//! What every import has in common: the file, progress, the mapping that is used, repeatable steps inside
//! one transaction, the report.

use std::ops::ControlFlow;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Batch, Call};
use crate::db::Tx;
use crate::importing::sales::Counts;
use crate::importing::{FieldSpec, Issue, Mapped, Mapping, Mended, Table, WrongCell};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Code, Id, Instant, Name, Note};
use crate::vals;

/// Told how far a long job is: done, of how many, doing what. Breaking cancels it; nothing is kept then.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64, &'static str) -> ControlFlow<()>;

/// A file to import.
pub struct ImportFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The whole mapping as a person left it: what it does not name is not read. The kept or guessed one
    /// when absent.
    pub mapping: Option<Mapping>,
    /// Cells that a person mended.
    pub mended: &'a [Mended],
}

impl ImportFile<'_> {
    /// What the file says, with the mended cells.
    pub(super) fn table(&self) -> Result<Table> {
        let mut table = Table::read(self.bytes)?;
        table.mend(self.mended)?;
        Ok(table)
    }
}

/// What an import did, or would do.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    /// The columns of the file, with samples and what they are mapped to.
    pub columns: Vec<Value>,
    /// The fields that columns may be mapped to.
    pub fields: Vec<Value>,
    /// The mapping that was used.
    pub mapping: Mapping,
    /// Rows of data.
    pub rows: usize,
    /// How much of what.
    #[serde(flatten)]
    pub counts: Counts,
    /// The currency of the amounts.
    pub currency: String,
    /// What a person should know.
    pub issues: Vec<Value>,
    /// Cells that stand in the way: row, column, value, reason. The first of them only.
    pub wrong: Vec<Value>,
    /// How many there are.
    pub wrong_count: usize,
    /// The batch; none for a dry run.
    pub batch: Option<String>,
    /// Whether the file was imported before, and nothing was done.
    pub repeated: bool,
}

/// So many wrong cells are told at once.
const WRONG_TOLD: usize = 200;

impl ImportReport {
    /// With the cells that stand in the way.
    pub(super) fn with_wrong(self, wrong: &[WrongCell]) -> Self {
        ImportReport { wrong: wrong.iter().take(WRONG_TOLD).map(WrongCell::shown).collect(), wrong_count: wrong.len(), ..self }
    }
}

/// Counts the steps of a long job and tells how far it is.
pub(super) struct Meter<'p> {
    progress: Progress<'p>,
    done: u64,
    total: u64,
}

impl<'p> Meter<'p> {
    pub(super) fn new(progress: Progress<'p>, total: usize) -> Self {
        Meter { progress, done: 0, total: u64::try_from(total).unwrap_or(u64::MAX) }
    }
    /// Begins a step; `import.cancelled` when somebody asked to stop.
    pub(super) fn step(&mut self, stage: &'static str) -> Result<()> {
        let done = self.done.min(self.total);
        self.done += 1;
        tell(self.progress, done, self.total, stage)
    }
    /// Everything is done but the saving.
    pub(super) fn end(&mut self) -> Result<()> {
        tell(self.progress, self.total, self.total, "saving")
    }
}

pub(super) fn tell(progress: Progress<'_>, done: u64, total: u64, stage: &'static str) -> Result<()> {
    match progress(done, total, stage) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::new(Kind::State, "import.cancelled")),
    }
}

/// The steps of an import inside its transaction, each under an id that follows from the file.
pub(super) struct Steps<'a, 'b, 'c> {
    pub(super) batch: &'a mut Batch<'b, 'c>,
    seed: String,
    step: u64,
    at: Instant,
}

/// What is known of a file before its first row.
pub(super) struct Opened<'a> {
    pub(super) kind: &'a str,
    pub(super) file: &'a str,
    pub(super) hash: &'a str,
    pub(super) header: String,
    pub(super) mapping: &'a Mapping,
    pub(super) rows: usize,
}

impl<'a, 'b, 'c> Steps<'a, 'b, 'c> {
    pub(super) fn new(batch: &'a mut Batch<'b, 'c>, seed: String, at: Instant) -> Self {
        Steps { batch, seed, step: 0, at }
    }
    pub(super) fn tx(&mut self) -> &mut Tx<'c> {
        self.batch.tx()
    }
    /// Executes the next step.
    pub(super) fn execute(&mut self, name: &str, args: Value) -> Result<Value> {
        self.step += 1;
        let id = CommandId::seeded(self.at, format!("{}:{}", self.seed, self.step).as_bytes());
        self.batch.execute(Call::new(name, args).with_id(id)).map(|outcome| outcome.result)
    }
    /// Executes a step that makes a record, and gives its id.
    pub(super) fn make(&mut self, name: &str, args: Value) -> Result<Value> {
        self.execute(name, args)?.get("id").cloned().ok_or_else(|| Error::internal("command.encode"))
    }
    /// Opens the batch.
    pub(super) fn start(&mut self, opened: &Opened<'_>) -> Result<Value> {
        let text = serde_json::to_string(opened.mapping).map_err(|e| Error::internal("command.encode").caused_by(e))?;
        let args = json!({
            "kind": opened.kind, "file_name": Name::fitted(opened.file), "file_hash": opened.hash, "header": opened.header,
            "mapping": Note::new(&text)?, "row_count": opened.rows,
        });
        self.make("importing.start_batch", args)
    }
    /// Traces rows to the records they became.
    pub(super) fn trace(&mut self, batch: &Value, rows: &[Value]) -> Result<()> {
        for chunk in rows.chunks(500) {
            self.execute("importing.trace_records", json!({ "batch": batch, "rows": chunk }))?;
        }
        Ok(())
    }
    /// Writes the report, and the rows that became nothing.
    pub(super) fn notes(&mut self, batch: &Value, issues: &[Issue], skipped: &[i64]) -> Result<()> {
        let mut after = 0;
        for chunk in issues.chunks(500) {
            self.execute("importing.note_issues", json!({ "batch": batch, "after": after, "issues": chunk }))?;
            after += chunk.len();
        }
        for chunk in skipped.chunks(500) {
            self.execute("importing.note_issues", json!({ "batch": batch, "after": after, "issues": [], "skipped": chunk }))?;
        }
        Ok(())
    }
    /// Closes the batch, and gives its id as text.
    pub(super) fn finish(&mut self, batch: &Value, counts: &Counts) -> Result<String> {
        let args = json!({
            "batch": batch, "invoices": counts.invoices, "credit_notes": counts.credit_notes, "adjustments": counts.adjustments,
            "new_parties": counts.new_parties, "new_items": counts.new_items, "net": counts.net, "credit_net": counts.credit_net,
        });
        self.execute("importing.finish_batch", args)?;
        batch.as_str().map(str::to_owned).ok_or_else(|| Error::internal("command.encode"))
    }
}

/// The given mapping, else the one kept for this header, else the guessed one.
pub(super) fn chosen_mapping(tx: &mut Tx<'_>, kind: &str, file: &ImportFile<'_>, table: &Table, guessed: Mapping) -> Result<Mapping> {
    if let Some(mapping) = &file.mapping {
        return Ok(mapping.clone());
    }
    let header = Code::new(&crate::importing::header_hash(table))?;
    let kept: Option<Mapped> = tx.find(vals![Code::new(kind)?, header])?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept.mapping).ok()).unwrap_or(guessed))
}

/// The batch that imported these bytes as `kind` and was not undone.
pub(super) fn earlier_batch(tx: &mut Tx<'_>, kind: &str, hash: &str) -> Result<Option<String>> {
    let sql = "SELECT id FROM import_batch WHERE file_hash = ?1 AND kind = ?2 AND undone_at IS NULL LIMIT 1";
    let found: Option<(Id<()>,)> = tx.opt(sql, vals![hash.to_owned(), kind.to_owned()])?;
    Ok(found.map(|(id,)| id.to_string()))
}

/// What the ids of the steps follow from: the file, and how often it was imported before.
pub(super) fn seed(tx: &mut Tx<'_>, kind: &str, hash: &str) -> Result<String> {
    let attempt: i64 = tx.one("SELECT count(*) FROM import_batch WHERE file_hash = ?1 AND kind = ?2", vals![hash.to_owned(), kind.to_owned()])?;
    Ok(format!("{kind}:{hash}:{attempt}"))
}

/// The report of a plan; of the columns alone when there is none yet.
pub(super) fn report(tx: &mut Tx<'_>, table: &Table, mapping: Mapping, fields: &[FieldSpec], plan: Option<(Counts, &[Issue])>) -> Result<ImportReport> {
    let columns = (0..).zip(&table.header).map(|(place, name)| {
        let field = mapping.columns.iter().find(|(_, column)| *column == name).map(|(field, _)| field);
        json!({ "name": name, "samples": table.samples(place), "mapped_to": field })
    });
    let mut fields: Vec<&FieldSpec> = fields.iter().collect();
    fields.dedup_by_key(|field| field.name);
    let (counts, issues) = plan.unwrap_or_default();
    Ok(ImportReport {
        columns: columns.collect(),
        fields: fields.into_iter().map(|field| json!(field)).collect(),
        rows: table.rows.len(),
        counts,
        currency: crate::identity::api::company(tx)?.currency.to_string(),
        issues: issues.iter().map(crate::importing::shown_issue).collect(),
        wrong: Vec::new(),
        wrong_count: 0,
        batch: None,
        repeated: false,
        mapping,
    })
}
