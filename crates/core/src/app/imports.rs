//! Carrying out an import: one transaction, all or nothing, with progress; the same file twice changes
//! nothing; undone as a batch by reversal.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;
use serde_json::{Value, json};

use super::{App, Batch, Call};
use crate::billing::{Draft, Kind, LineDraft};
use crate::importing::sales::{Counts, Group, Plan, PlannedDocument};
use crate::importing::{Mapping, Table};
use crate::shared::command::read_args;
use crate::shared::error::{Error, Kind as ErrorKind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Code, Id, Instant, Name, Note};
use crate::tax::ItemKind;
use crate::vals;

/// Told how far a long job is: done, of how many, doing what. Breaking cancels it; nothing is kept then.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64, &'static str) -> ControlFlow<()>;

/// A file to import.
pub struct SalesFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The mapping; the kept or guessed one when absent.
    pub mapping: Option<Mapping>,
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
    /// The batch; none for a dry run.
    pub batch: Option<String>,
    /// Whether the file was imported before, and nothing was done.
    pub repeated: bool,
}

impl App {
    /// Plans the import of a sales file and writes nothing. A mapping that does not fit yet is reported
    /// with the columns, so that a person can complete it.
    pub fn plan_sales_import(&self, file: &SalesFile<'_>) -> Result<ImportReport> {
        let table = Table::read(file.bytes)?;
        self.read(|tx, _| {
            let mapping = chosen_mapping(tx, file, &table)?;
            if mapping.check(&table, Plan::fields()).is_err() && file.mapping.is_none() {
                return Ok(report(&table, mapping, None, tx)?);
            }
            let plan = Plan::make(tx, &table, &mapping)?;
            let earlier = earlier_batch(tx, &table.hash)?;
            let mut report = report(&table, mapping, Some(&plan), tx)?;
            report.repeated = earlier.is_some();
            Ok(report)
        })
    }

    /// Imports a sales file. `import.cancelled` when `progress` breaks; nothing is kept then.
    pub fn import_sales(&self, file: &SalesFile<'_>, progress: Progress<'_>) -> Result<ImportReport> {
        let table = Table::read(file.bytes)?;
        tell(progress, 0, 1, "reading")?;
        let (mapping, plan, earlier, attempt) = self.read(|tx, _| {
            let mapping = chosen_mapping(tx, file, &table)?;
            let plan = Plan::make(tx, &table, &mapping)?;
            let attempt: i64 = tx.one("SELECT count(*) FROM import_batch WHERE file_hash = ?1", vals![table.hash])?;
            Ok((mapping, plan, earlier_batch(tx, &table.hash)?, attempt))
        })?;
        let mut summary = self.read(|tx, _| report(&table, mapping.clone(), Some(&plan), tx))?;
        if let Some(batch) = earlier {
            summary.batch = Some(batch);
            summary.repeated = true;
            return Ok(summary);
        }
        let seed = format!("{}:{}", table.hash, attempt);
        let id = CommandId::seeded(self.now(), seed.as_bytes());
        let batch = self.batch(Some(id.cast()), |batch| {
            let mut run = Run { batch, seed, step: 0, at: self.now(), ids: BTreeMap::new() };
            run.all(file.name, &table, &mapping, &plan, progress)
        })?;
        summary.batch = Some(batch);
        Ok(summary)
    }

    /// Undoes an import: every document it posted is reversed, every adjustment taken back, in one
    /// transaction. Customers and items stay; they may be in use elsewhere.
    pub fn undo_import(&self, batch_id: Id<crate::importing::Batch>, progress: Progress<'_>) -> Result<()> {
        self.batch(None, |batch| {
            let found: Vec<(String, Id<()>)> = batch.tx().all(
                "SELECT DISTINCT outcome, subject FROM import_row WHERE batch = ?1 AND subject IS NOT NULL AND outcome IN ('line', 'adjustment') ORDER BY outcome DESC, subject",
                vals![batch_id],
            )?;
            let total = count(found.len());
            for (done, (outcome, subject)) in (0..).zip(&found) {
                tell(progress, done, total, "reversing")?;
                undo_one(batch, outcome, *subject)?;
            }
            batch.execute(Call::new("importing.close_undo", json!({ "batch": batch_id }))).map(drop)
        })
    }
}

/// Reverses one document or adjustment, unless somebody did already.
fn undo_one(batch: &mut Batch<'_, '_>, outcome: &str, subject: Id<()>) -> Result<()> {
    let (name, done) = match outcome {
        "line" => ("billing.reverse_invoice", "SELECT count(*) FROM billing_document WHERE reverses = ?1"),
        _ => ("inventory.reverse_adjustment", "SELECT count(*) FROM stock_move r JOIN stock_move m ON m.id = r.reverses WHERE m.source_id = ?1"),
    };
    if batch.tx().one::<i64>(done, vals![subject])? > 0 {
        return Ok(());
    }
    batch.execute(Call::new(name, json!({ "id": subject, "reason": "Import undone" }))).map(drop)
}

/// One run of an import inside its transaction.
struct Run<'a, 'b, 'c> {
    batch: &'a mut Batch<'b, 'c>,
    seed: String,
    step: u64,
    at: Instant,
    ids: BTreeMap<String, Value>,
}

impl Run<'_, '_, '_> {
    /// Executes the next step under an id that follows from the file.
    fn execute(&mut self, name: &str, args: Value) -> Result<Value> {
        self.step += 1;
        let id = CommandId::seeded(self.at, format!("{}:{}", self.seed, self.step).as_bytes());
        self.batch.execute(Call::new(name, args).with_id(id)).map(|outcome| outcome.result)
    }

    fn all(&mut self, file: &str, table: &Table, mapping: &Mapping, plan: &Plan, progress: Progress<'_>) -> Result<String> {
        let total = count(plan.parties.len() + plan.items.len() + plan.documents.len());
        let started = self.execute("importing.start_batch", start_args(file, table, mapping)?)?;
        let batch = started.get("id").cloned().unwrap_or_default();
        let mut done = 0;
        let parties = self.parties(plan, progress, &mut done, total)?;
        let items = self.items(plan, progress, &mut done, total)?;
        let mut skipped = Vec::new();
        for document in &plan.documents {
            tell(progress, done, total, "posting")?;
            done += 1;
            if document.known {
                skipped.extend(document.lines.iter().filter_map(|(place, _)| plan.rows.get(*place)).map(|row| row.n));
                continue;
            }
            self.document(plan, document, &batch, &parties, &items)?;
        }
        self.notes(plan, &batch, skipped)?;
        let counts = &plan.counts;
        let finish = json!({
            "batch": batch, "invoices": counts.invoices, "credit_notes": counts.credit_notes, "adjustments": counts.adjustments,
            "new_parties": counts.new_parties, "new_items": counts.new_items, "net": counts.net, "credit_net": counts.credit_net,
        });
        self.execute("importing.finish_batch", finish)?;
        tell(progress, total, total, "saving")?;
        batch.as_str().map(str::to_owned).ok_or_else(|| Error::internal("command.encode"))
    }

    fn parties(&mut self, plan: &Plan, progress: Progress<'_>, done: &mut u64, total: u64) -> Result<Vec<Value>> {
        let mut ids = Vec::with_capacity(plan.parties.len());
        for party in &plan.parties {
            tell(progress, *done, total, "customers")?;
            *done += 1;
            ids.push(match party.known {
                Some(known) => json!(known),
                None => {
                    let args = json!({ "code": party.code, "name": party.name, "country": party.country, "is_customer": true, "payment_days": 30 });
                    self.execute("parties.save_party", args)?.get("id").cloned().unwrap_or_default()
                }
            });
        }
        Ok(ids)
    }

    fn items(&mut self, plan: &Plan, progress: Progress<'_>, done: &mut u64, total: u64) -> Result<Vec<Value>> {
        let mut ids = Vec::with_capacity(plan.items.len());
        for item in &plan.items {
            tell(progress, *done, total, "items")?;
            *done += 1;
            ids.push(match item.known {
                Some(known) => json!(known),
                None => {
                    let category = self.category(item.group)?;
                    let kind = if item.kind == ItemKind::Goods { "goods" } else { "service" };
                    let args = json!({ "code": item.code, "name": item.name, "kind": kind, "sales_price": item.price, "category": category });
                    self.execute("catalog.save_item", args)?.get("id").cloned().unwrap_or_default()
                }
            });
        }
        Ok(ids)
    }

    /// The category of a group, made when first needed; goods have none.
    fn category(&mut self, group: Group) -> Result<Value> {
        let (name, role) = match group {
            Group::Goods | Group::Other => return Ok(Value::Null),
            Group::Carriage => ("Postage and carriage", crate::ledger::api::Role::FreightOut),
            Group::Fees => ("Fees and charges", crate::ledger::api::Role::FeesExpense),
        };
        if let Some(id) = self.ids.get(name) {
            return Ok(id.clone());
        }
        let known: Option<(Id<()>,)> = self.batch.tx().opt("SELECT id FROM item_category WHERE name = ?1", vals![name.to_owned()])?;
        let id = match known {
            Some((id,)) => json!(id),
            None => {
                let account = crate::ledger::api::account_of(self.batch.tx(), role)?.code;
                let args = json!({ "name": name, "tax_class": "standard", "revenue_account": account });
                self.execute("catalog.save_category", args)?.get("id").cloned().unwrap_or_default()
            }
        };
        self.ids.insert(name.to_owned(), id.clone());
        Ok(id)
    }

    fn document(&mut self, plan: &Plan, document: &PlannedDocument, batch: &Value, parties: &[Value], items: &[Value]) -> Result<()> {
        match document.kind {
            None => self.adjustments(plan, document, batch, items),
            Some(kind) => {
                let draft = draft(plan, document, kind, parties, items)?;
                let rows: Vec<i64> = document.lines.iter().filter_map(|(place, _)| plan.rows.get(*place)).map(|row| row.n).collect();
                let args = json!({ "batch": batch, "draft": draft, "rows": rows });
                let at = |e: Error| match document.lines.first().and_then(|(place, _)| plan.rows.get(*place)) {
                    Some(row) => e.within(format!("document {} (row {})", document.number, row.n)),
                    None => e,
                };
                self.execute("importing.import_document", args).map_err(at).map(drop)
            }
        }
    }

    fn adjustments(&mut self, plan: &Plan, document: &PlannedDocument, batch: &Value, items: &[Value]) -> Result<()> {
        for (place, item) in &document.lines {
            let Some(row) = plan.rows.get(*place) else { continue };
            let reason = if row.description.is_empty() { document.number.clone() } else { Name::fitted(&format!("{}: {}", document.number, row.description)) };
            let adjustment = json!({ "date": document.date, "item": items.get(*item), "quantity": row.quantity, "reason": reason });
            self.execute("importing.import_adjustment", json!({ "batch": batch, "adjustment": adjustment, "row": row.n }))?;
        }
        Ok(())
    }

    fn notes(&mut self, plan: &Plan, batch: &Value, skipped: Vec<i64>) -> Result<()> {
        let mut after = 0;
        for chunk in plan.issues.chunks(500) {
            self.execute("importing.note_issues", json!({ "batch": batch, "after": after, "issues": chunk }))?;
            after += chunk.len();
        }
        if skipped.is_empty() {
            return Ok(());
        }
        self.execute("importing.note_issues", json!({ "batch": batch, "after": after, "issues": [], "skipped": skipped })).map(drop)
    }
}

/// The draft of a planned document. A credit note's amounts are positive.
fn draft(plan: &Plan, document: &PlannedDocument, kind: Kind, parties: &[Value], items: &[Value]) -> Result<Draft> {
    let party = parties.get(document.party).cloned().unwrap_or_default();
    let mut draft: Draft = read_args(json!({ "kind": kind, "party": party, "lines": [] }))?;
    draft.issue_date = Some(document.date);
    if plan.parties.get(document.party).is_some_and(|party| party.country != document.country) && !document.country.is_empty() {
        draft.delivery_country = Some(document.country.clone());
    }
    draft.imported_number = Some(document.number.clone());
    for (place, item) in &document.lines {
        let (Some(row), Some(planned)) = (plan.rows.get(*place), plan.items.get(*item)) else { continue };
        let quantity = if kind == Kind::CreditNote { row.quantity.negated() } else { row.quantity };
        let own_words = !row.description.is_empty() && row.description != planned.name;
        draft.lines.push(LineDraft {
            item: Some(read_args(items.get(*item).cloned().unwrap_or_default())?),
            name: if own_words { row.description.clone() } else { Name::default() },
            quantity: Some(quantity),
            unit_price: Some(row.price),
            price_includes_tax: Some(false),
            ..LineDraft::default()
        });
    }
    Ok(draft)
}

fn start_args(file: &str, table: &Table, mapping: &Mapping) -> Result<Value> {
    let text = serde_json::to_string(mapping).map_err(|e| Error::internal("command.encode").caused_by(e))?;
    Ok(json!({
        "kind": "sales", "file_name": Name::fitted(file), "file_hash": table.hash, "header": crate::importing::header_hash(table),
        "mapping": Note::new(&text)?, "row_count": table.rows.len(),
    }))
}

/// The given mapping, else the one kept for this header, else the guessed one.
fn chosen_mapping(tx: &mut crate::db::Tx<'_>, file: &SalesFile<'_>, table: &Table) -> Result<Mapping> {
    if let Some(mapping) = &file.mapping {
        let mut whole = Mapping::guess(table, Plan::fields());
        for (field, column) in &mapping.columns {
            whole.columns.retain(|_, used| used != column);
            whole.columns.insert(field.clone(), column.clone());
        }
        whole.dates = mapping.dates.clone();
        return Ok(whole);
    }
    let header = Code::new(&crate::importing::header_hash(table))?;
    let kept: Option<crate::importing::Mapped> = tx.find(vals![Code::new("sales")?, header])?;
    let kept = kept.and_then(|kept| serde_json::from_str(&kept.mapping).ok());
    Ok(kept.unwrap_or_else(|| Mapping::guess(table, Plan::fields())))
}

/// The batch that imported these bytes and was not undone.
fn earlier_batch(tx: &mut crate::db::Tx<'_>, hash: &str) -> Result<Option<String>> {
    let found: Option<(Id<()>,)> = tx.opt("SELECT id FROM import_batch WHERE file_hash = ?1 AND undone_at IS NULL LIMIT 1", vals![hash.to_owned()])?;
    Ok(found.map(|(id,)| id.to_string()))
}

fn report(table: &Table, mapping: Mapping, plan: Option<&Plan>, tx: &mut crate::db::Tx<'_>) -> Result<ImportReport> {
    let columns = (0..).zip(&table.header).map(|(place, name)| {
        let field = mapping.columns.iter().find(|(_, column)| *column == name).map(|(field, _)| field);
        json!({ "name": name, "samples": table.samples(place), "mapped_to": field })
    });
    let currency = crate::identity::api::company(tx)?.currency;
    Ok(ImportReport {
        columns: columns.collect(),
        fields: Plan::fields().iter().map(|field| json!(field)).collect(),
        rows: table.rows.len(),
        counts: plan.map(|plan| plan.counts).unwrap_or_default(),
        currency: currency.to_string(),
        issues: plan.map(|plan| plan.issues.iter().map(crate::importing::shown_issue).collect()).unwrap_or_default(),
        batch: None,
        repeated: false,
        mapping,
    })
}

fn tell(progress: Progress<'_>, done: u64, total: u64, stage: &'static str) -> Result<()> {
    match progress(done, total, stage) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::new(ErrorKind::State, "import.cancelled")),
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
