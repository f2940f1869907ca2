//! Carrying out an import of sales: one transaction, all or nothing, with progress; the same file twice changes
//! nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::App;
use super::import_steps::{ImportFile, ImportReport, Meter, Opened, Progress, Steps, chosen_mapping, earlier_batch, report, seed, tell};
use crate::billing::{Draft, Kind, LineDraft};
use crate::importing::sales::{Group, Plan, PlannedDocument};
use crate::importing::{Mapping, header_hash};
use crate::shared::command::read_args;
use crate::shared::error::{Error, Result};
use crate::shared::id::CommandId;
use crate::shared::{Id, Name};
use crate::tax::ItemKind;
use crate::vals;

/// What the batches are called.
const KIND: &str = "sales";

impl App {
    /// Plans the import of a sales file and writes nothing. A mapping that does not fit yet is reported
    /// with the columns, so that a person can complete it.
    pub fn plan_sales_import(&self, file: &ImportFile<'_>) -> Result<ImportReport> {
        let table = file.table()?;
        self.read(|tx, _| {
            let mapping = chosen_mapping(tx, KIND, file, &table, Mapping::guess(&table, Plan::fields()))?;
            if mapping.check(&table, Plan::fields()).is_err() && file.mapping.is_none() {
                return report(tx, &table, mapping, Plan::fields(), None);
            }
            let plan = Plan::make(tx, &table, &mapping)?;
            let earlier = earlier_batch(tx, KIND, &table.hash)?;
            let mut report = report(tx, &table, mapping, Plan::fields(), Some((plan.counts, &plan.issues)))?;
            report.repeated = earlier.is_some();
            Ok(report.with_wrong(&plan.wrong))
        })
    }

    /// Imports a sales file. `import.cancelled` when `progress` breaks; nothing is kept then.
    pub fn import_sales(&self, file: &ImportFile<'_>, progress: Progress<'_>) -> Result<ImportReport> {
        let table = file.table()?;
        tell(progress, 0, 1, "reading")?;
        let (mapping, plan, earlier, seed) = self.read(|tx, _| {
            let mapping = chosen_mapping(tx, KIND, file, &table, Mapping::guess(&table, Plan::fields()))?;
            let plan = Plan::make(tx, &table, &mapping)?;
            plan.check()?;
            Ok((mapping, plan, earlier_batch(tx, KIND, &table.hash)?, seed(tx, KIND, &table.hash)?))
        })?;
        let mut summary = self.read(|tx, _| report(tx, &table, mapping.clone(), Plan::fields(), Some((plan.counts, &plan.issues))))?;
        if let Some(batch) = earlier {
            summary.batch = Some(batch);
            summary.repeated = true;
            return Ok(summary);
        }
        let id = CommandId::seeded(self.now(), seed.as_bytes());
        let batch = self.batch(Some(id.cast()), |batch| {
            let mut run = Run { steps: Steps::new(batch, seed, self.now()), ids: BTreeMap::new() };
            let opened = Opened { kind: KIND, file: file.name, hash: &table.hash, header: header_hash(&table), mapping: &mapping, rows: table.rows.len() };
            run.all(&opened, &plan, progress)
        })?;
        summary.batch = Some(batch);
        Ok(summary)
    }
}

/// One run of an import inside its transaction.
struct Run<'a, 'b, 'c> {
    steps: Steps<'a, 'b, 'c>,
    ids: BTreeMap<&'static str, Value>,
}

impl Run<'_, '_, '_> {
    fn all(&mut self, opened: &Opened<'_>, plan: &Plan, progress: Progress<'_>) -> Result<String> {
        let mut meter = Meter::new(progress, plan.parties.len() + plan.items.len() + plan.documents.len());
        let batch = self.steps.start(opened)?;
        let parties = self.parties(plan, &mut meter)?;
        let items = self.items(plan, &mut meter)?;
        let mut skipped = Vec::new();
        for document in &plan.documents {
            meter.step("posting")?;
            if document.known {
                skipped.extend(document.lines.iter().filter_map(|(place, _)| plan.rows.get(*place)).map(|row| row.n));
                continue;
            }
            self.document(plan, document, &batch, &parties, &items)?;
        }
        self.steps.notes(&batch, &plan.issues, &skipped)?;
        let batch = self.steps.finish(&batch, &plan.counts)?;
        meter.end()?;
        Ok(batch)
    }

    fn parties(&mut self, plan: &Plan, meter: &mut Meter<'_>) -> Result<Vec<Value>> {
        let mut ids = Vec::with_capacity(plan.parties.len());
        for party in &plan.parties {
            meter.step("customers")?;
            ids.push(match party.known {
                Some(known) => json!(known),
                None => {
                    let args = json!({ "code": party.code, "name": party.name, "country": party.country, "is_customer": true, "payment_days": 30 });
                    self.steps.make("parties.save_party", args)?
                }
            });
        }
        Ok(ids)
    }

    fn items(&mut self, plan: &Plan, meter: &mut Meter<'_>) -> Result<Vec<Value>> {
        let mut ids = Vec::with_capacity(plan.items.len());
        for item in &plan.items {
            meter.step("items")?;
            ids.push(match item.known {
                Some(known) => json!(known),
                None => {
                    let category = self.category(item.group)?;
                    let kind = if item.kind == ItemKind::Goods { "goods" } else { "service" };
                    let args = json!({ "code": item.code, "name": item.name, "kind": kind, "sales_price": item.price, "category": category });
                    self.steps.make("catalog.save_item", args)?
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
        let known: Option<(Id<()>,)> = self.steps.tx().opt("SELECT id FROM item_category WHERE name = ?1", vals![name.to_owned()])?;
        let id = match known {
            Some((id,)) => json!(id),
            None => {
                let account = crate::ledger::api::account_of(self.steps.tx(), role)?.code;
                let args = json!({ "name": name, "tax_class": "standard", "revenue_account": account });
                self.steps.make("catalog.save_category", args)?
            }
        };
        self.ids.insert(name, id.clone());
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
                self.steps.execute("importing.import_document", args).map_err(at).map(drop)
            }
        }
    }

    fn adjustments(&mut self, plan: &Plan, document: &PlannedDocument, batch: &Value, items: &[Value]) -> Result<()> {
        for (place, item) in &document.lines {
            let Some(row) = plan.rows.get(*place) else { continue };
            let reason = if row.description.is_empty() { document.number.clone() } else { Name::fitted(&format!("{}: {}", document.number, row.description)) };
            let adjustment = json!({ "date": document.date, "item": items.get(*item), "quantity": row.quantity, "reason": reason });
            self.steps.execute("importing.import_adjustment", json!({ "batch": batch, "adjustment": adjustment, "row": row.n }))?;
        }
        Ok(())
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
