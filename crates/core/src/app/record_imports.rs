//! Carrying out an import of records: one saving command for each row, all in one transaction.

use serde_json::{Map, Value, json};

use super::import_steps::{ImportFile, ImportReport, Meter, Opened, Progress, Steps, chosen_mapping, earlier_batch, report, seed, tell};
use super::{App, more_of, register};
use crate::db::Tx;
use crate::importing::records::{PlannedRecord, RecordPlan, Target};
use crate::importing::sales::Counts;
use crate::importing::{Mapping, Table, WrongCell, header_hash};
use crate::shared::Context;
use crate::shared::command::Names;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;

impl App {
    /// Plans the import of records (`parties`, `items`, or any record with a saving command) and writes
    /// nothing. A mapping that does not fit yet is reported with the columns, so that a person can
    /// complete it.
    pub fn plan_record_import(&self, kind: &str, file: &ImportFile<'_>) -> Result<ImportReport> {
        let table = file.table()?;
        let (report, rehearsed) = self.read(|tx, cx| {
            let target = target(kind)?.seen_by(tx, cx.actor);
            let mapping = chosen_mapping(tx, &target.kind, file, &table, target.guess(&table))?;
            if mapping.check(&table, &target.specs()).is_err() && file.mapping.is_none() {
                return Ok((report(tx, &table, mapping, &target.specs(), None)?, None));
            }
            let plan = plan(tx, &target, &table, &mapping)?;
            let repeated = earlier_batch(tx, &target.kind, &table.hash)?.is_some();
            let counts = counts(&target, &plan);
            let report = report(tx, &table, mapping.clone(), &target.specs(), Some((counts, &plan.issues)))?;
            Ok((ImportReport { repeated, ..report }, Some((target, mapping, plan))))
        })?;
        let Some((target, mapping, mut plan)) = rehearsed else { return Ok(report) };
        if !report.repeated && self.storage.writable() {
            let work = Work { target: &target, file: file.name, table: &table, mapping: &mapping, plan: &plan };
            let refused = self.rehearse(|tx, cx| rehearse(tx, cx, &work))?;
            plan.wrong.extend(refused);
            plan.wrong.sort_by_key(|cell| cell.row);
        }
        Ok(report.with_wrong(&plan.wrong))
    }

    /// Imports records. Rows whose record the books have are left out and reported; a record that went out
    /// of use because its import was undone comes back into use, as its row says now.
    /// `import.cancelled` when `progress` breaks; nothing is kept then.
    pub fn import_records(&self, kind: &str, file: &ImportFile<'_>, progress: Progress<'_>) -> Result<ImportReport> {
        let target = self.read(|tx, cx| Ok(target(kind)?.seen_by(tx, cx.actor)))?;
        let table = file.table()?;
        tell(progress, 0, 1, "reading")?;
        let (mapping, plan, earlier, seed) = self.read(|tx, _| {
            let mapping = chosen_mapping(tx, &target.kind, file, &table, target.guess(&table))?;
            let plan = plan(tx, &target, &table, &mapping)?;
            plan.check()?;
            Ok((mapping, plan, earlier_batch(tx, &target.kind, &table.hash)?, seed(tx, &target.kind, &table.hash)?))
        })?;
        let counts = counts(&target, &plan);
        let mut summary = self.read(|tx, _| report(tx, &table, mapping.clone(), &target.specs(), Some((counts, &plan.issues))))?;
        if earlier.is_some() {
            return Ok(ImportReport { batch: earlier, repeated: true, ..summary });
        }
        let id = CommandId::seeded(self.now(), seed.as_bytes());
        let batch = self.batch(Some(id.cast()), |batch| {
            let mut meter = Meter::new(progress, plan.records.len());
            let work = Work { target: &target, file: file.name, table: &table, mapping: &mapping, plan: &plan };
            let batch = carry_out(&mut Steps::new(batch, seed, self.now()), &work, "records", &mut meter)?;
            meter.end()?;
            Ok(batch)
        })?;
        summary.batch = Some(batch);
        Ok(summary)
    }
}

/// What rows of `kind` become.
pub(super) fn target(kind: &str) -> Result<Target> {
    let target = Target::find(kind, |name| register().record(name), |name| register().command(name))?;
    let table = target.record.table;
    Ok(target.with_more(more_of(table)))
}

/// The plan of a file of records.
pub(super) fn plan(tx: &mut Tx<'_>, target: &Target, table: &Table, mapping: &Mapping) -> Result<RecordPlan> {
    RecordPlan::make(tx, target, table, mapping, &|name| register().record(name))
}

fn counts(target: &Target, plan: &RecordPlan) -> Counts {
    let fresh = plan.fresh();
    let of = |table: &str| if target.record.table == table { fresh } else { 0 };
    Counts { new_records: fresh, known_records: plan.known(), new_parties: of("party"), new_items: of("item"), ..Counts::default() }
}

/// A plan and where it came from.
pub(super) struct Work<'a> {
    pub(super) target: &'a Target,
    pub(super) file: &'a str,
    pub(super) table: &'a Table,
    pub(super) mapping: &'a Mapping,
    pub(super) plan: &'a RecordPlan,
}

/// Carries out a plan of records inside a transaction; gives the batch.
pub(super) fn carry_out(steps: &mut Steps<'_, '_, '_>, work: &Work<'_>, stage: &'static str, meter: &mut Meter<'_>) -> Result<String> {
    let (table, plan) = (work.table, work.plan);
    let opened =
        Opened { kind: &work.target.kind, file: work.file, hash: &table.hash, header: header_hash(table), mapping: work.mapping, rows: table.rows.len() };
    let batch = steps.start(&opened)?;
    let links = make_links(steps, plan)?;
    let (mut traced, mut skipped) = (Vec::new(), Vec::new());
    for record in &plan.records {
        meter.step(stage)?;
        if record.known {
            skipped.push(record.n);
            continue;
        }
        let id = save(steps, work.target, record, &links).map_err(|e| in_row(e, record.n, work).map_or_else(|e| e, |wrong| wrong.error()))?;
        traced.push(json!({ "n": record.n, "subject": id }));
    }
    steps.trace(&batch, &traced)?;
    steps.notes(&batch, &plan.issues, &skipped)?;
    steps.finish(&batch, &counts(work.target, plan))
}

fn make_links(steps: &mut Steps<'_, '_, '_>, plan: &RecordPlan) -> Result<Vec<Value>> {
    let make = |link: &crate::importing::records::NewLink| if link.unused { Ok(Value::Null) } else { steps.make(link.save, json!({ "name": link.name })) };
    plan.links.iter().map(make).collect()
}

fn save(steps: &mut Steps<'_, '_, '_>, target: &Target, record: &PlannedRecord, links: &[Value]) -> Result<Value> {
    let mut args = args_of(record, links);
    if let (Some(id), Some(archive)) = (record.restores, target.record.archive) {
        args.insert("id".to_owned(), json!(id));
        if !record.archived {
            steps.execute(archive, json!({ "id": id, "restore": true }))?;
        }
    }
    let id = steps.make(target.save.name, Value::Object(args))?;
    if let Some(archive) = target.record.archive.filter(|_| record.archived) {
        steps.execute(archive, json!({ "id": id }))?;
    }
    Ok(id)
}

/// How many rows are tried before anything is imported. What the books refuse further down is told when it is
/// imported; nothing of the file is kept then.
const REHEARSED: usize = 5_000;

/// What the books would refuse of a plan. Everything that it does is taken back.
fn rehearse(tx: &mut Tx<'_>, cx: &Context, work: &Work<'_>) -> Result<Vec<WrongCell>> {
    let mut links = Vec::with_capacity(work.plan.links.len());
    for link in &work.plan.links {
        links.push(if link.unused { Value::Null } else { tried(tx, cx, link.save, json!({ "name": link.name }))? });
    }
    let mut wrong = Vec::new();
    for record in work.plan.records.iter().filter(|record| !record.known && record.restores.is_none()).take(REHEARSED) {
        let args = Value::Object(args_of(record, &links));
        if let Err(error) = tx.savepoint(|tx| tried(tx, cx, work.target.save.name, args)) {
            wrong.push(in_row(error, record.n, work)?);
        }
    }
    Ok(wrong)
}

/// Runs a command without an entry; gives the id of what it makes.
fn tried(tx: &mut Tx<'_>, cx: &Context, name: &str, args: Value) -> Result<Value> {
    let mut cx = Context::new(CommandId::mint(), cx.actor, cx.device, cx.now);
    let answer = (register().command(name)?.from_json)(args, Names::Known)?.run(tx, &mut cx)?;
    Ok(answer.get("id").cloned().unwrap_or_default())
}

/// The arguments of the saving command, with the records that were made first.
fn args_of(record: &PlannedRecord, links: &[Value]) -> Map<String, Value> {
    let mut args = record.args.clone();
    for (field, place) in &record.made {
        args.insert((*field).to_owned(), links.get(*place).cloned().unwrap_or_default());
    }
    args
}

/// What a saving command refuses is a matter of its row, and of the column behind the field. Everything else is not.
fn in_row(reason: Error, row: i64, work: &Work<'_>) -> Result<WrongCell> {
    if !matches!(reason.kind(), Kind::Invalid | Kind::Conflict | Kind::NotFound | Kind::State) {
        return Err(reason);
    }
    let field = reason.field_path().unwrap_or_default().to_owned();
    let column = work.mapping.columns.get(&field).cloned().unwrap_or_default();
    let value = work.table.says(row, &column).to_owned();
    Ok(WrongCell { row, column: if column.is_empty() { field.clone() } else { column }, value, field, reason })
}
