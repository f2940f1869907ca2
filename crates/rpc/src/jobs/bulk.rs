//! One command over many rows of a list: an entry for each, in the order of the list. What fails is told row by row; what
//! was done before somebody asked to stop stays done.

use std::collections::BTreeSet;
use std::sync::Arc;

use daybook_core::app::{App, Call, register};
use daybook_core::db::{Filter, ListQuery, list, show_value};
use daybook_core::identity::api::authorize;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::record::RecordEntry;
use daybook_core::shared::value::FieldKind;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Job;
use crate::{Desk, caption, records};

/// Failures that travel with the answer; how many there are in all is told too.
const FAILURES_MAX: usize = 500;

/// Rows of a list: some by their ids, or all that match but some.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    /// The record.
    pub record: String,
    /// These rows.
    #[serde(default)]
    pub ids: Vec<String>,
    /// All rows that match instead.
    #[serde(default)]
    pub matching: bool,
    /// Words searched for.
    pub text: Option<String>,
    /// Conditions, all of which hold.
    #[serde(default)]
    pub r#where: Vec<Filter>,
    /// Of those that match, all but these.
    #[serde(default)]
    pub except: BTreeSet<String>,
}

/// What to do with them.
#[derive(Debug, Deserialize)]
pub struct Bulk {
    /// The rows.
    #[serde(flatten)]
    pub rows: Chosen,
    /// The command: one that the record allows in bulk, or the one that archives it.
    pub command: String,
    /// Bring back instead of archiving.
    #[serde(default)]
    pub restore: bool,
}

impl Bulk {
    pub(super) fn run(self, desk: &Arc<Desk>, job: &Job) -> Result<Value> {
        desk.with(|app| self.over(app, job))
    }

    fn over(&self, app: &App, job: &Job) -> Result<Value> {
        let record = register().record(&self.rows.record)?;
        let archives = record.archive == Some(self.command.as_str());
        if !archives && record.bulk.iter().all(|bulk| bulk.command != self.command) {
            return Err(Error::invalid("bulk.not_allowed").arg("name", &self.command).record("what", record.table).field("command"));
        }
        job.stage("gathering", 0);
        let ids = self.rows.ids(app, job)?;
        job.stage("changing", u64::try_from(ids.len()).unwrap_or_default());
        let (mut done, mut failures, mut failed) = (Vec::new(), Vec::new(), 0);
        for (n, id) in (0_u64..).zip(&ids) {
            if let Err(stopped) = job.step(n) {
                job.keep(result(&done, failed, &failures, ids.len()));
                return Err(stopped);
            }
            let args = if archives { json!({ "id": id, "restore": self.restore }) } else { json!({ "id": id }) };
            match app.execute(Call::new(&self.command, args)) {
                Ok(_) => done.push(id),
                Err(error) if matches!(error.kind(), Kind::Storage | Kind::Corrupt | Kind::Internal) => return Err(error),
                Err(error) => {
                    failed += 1;
                    if failures.len() < FAILURES_MAX {
                        failures.push(json!({ "id": id, "label": words(app, record, id), "error": error.to_json() }));
                    }
                }
            }
        }
        Ok(result(&done, failed, &failures, ids.len()))
    }
}

fn result(done: &[&String], failed: usize, failures: &[Value], asked: usize) -> Value {
    json!({ "asked": asked, "done": done, "failed": failed, "failures": failures })
}

impl Chosen {
    /// Their ids, in the order of the list.
    pub fn ids(&self, app: &App, job: &Job) -> Result<Vec<String>> {
        if !self.matching {
            return Ok(self.ids.clone());
        }
        let record = register().record(&self.record)?;
        let actor = app.actor();
        let conditions = records::without_archived(record, self.r#where.clone());
        let mut query = ListQuery { text: self.text.clone(), r#where: conditions, limit: Some(500), seen_by: Some(actor), ..ListQuery::default() };
        let mut ids = Vec::new();
        loop {
            job.step(0)?;
            let page = app.read_as(actor, |tx, cx| {
                authorize(tx, cx.actor, record.needs)?;
                list(tx, record, &query)
            })?;
            let keys = page.rows.iter().filter_map(|row| row.first()).map(|key| show_value(FieldKind::Id, key));
            ids.extend(keys.filter_map(|key| key.as_str().map(str::to_owned)).filter(|id| !self.except.contains(id)));
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(ids),
            }
        }
    }
}

/// What people call the row.
fn words(app: &App, record: &RecordEntry, id: &str) -> String {
    let key = record.columns.first().copied().unwrap_or_default();
    let only = Filter { field: key.to_owned(), op: "=".to_owned(), value: id.into() };
    let query = ListQuery { r#where: vec![only], limit: Some(1), seen_by: Some(app.actor()), ..ListQuery::default() };
    let row = app.read(|tx, _| list(tx, record, &query)).ok().and_then(|page| page.rows.into_iter().next());
    row.map(|row| caption::of(record).words(record, &row)).unwrap_or_default()
}
