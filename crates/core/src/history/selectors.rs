//! Questions about what may be undone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::changes::{Change, decode};
use super::model;
use crate::app::register;
use crate::daybook::rebase::current_row;
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::id::CommandId;
use crate::shared::value::Val;
use crate::shared::{Context, Id, Instant, Permission, Query};
use crate::{choice, vals};

/// What the person who asks may undo, and do again: the next one first.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Steps {
    /// How many of each at most.
    #[serde(default = "one")]
    pub limit: usize,
}

fn one() -> usize {
    1
}

choice! {
    /// What a step did to the record that it is about.
    pub enum Deed {
        /// It was not there before.
        Made = "made",
        /// It says something else.
        Changed = "changed",
        /// It is gone.
        Removed = "removed",
    }
}

/// A step in words.
#[derive(Serialize)]
pub struct Shown {
    /// The command id of its entry.
    pub step: CommandId,
    /// Its command.
    pub name: String,
    /// When it was done.
    pub done_at: Instant,
    /// What it did to the record that it is about.
    pub deed: Deed,
    /// The record.
    pub record: String,
    /// Its id, where it has one.
    pub id: Option<Id<()>>,
    /// What it is called, where it has a name.
    pub label: String,
}

/// Both directions.
#[derive(Serialize)]
pub struct Both {
    /// What may be undone.
    pub undo: Vec<Shown>,
    /// What may be done again.
    pub redo: Vec<Shown>,
}

impl Query for Steps {
    const NAME: &'static str = "history.steps";
    const NEEDS: Permission = Permission::Read;
    type Output = Both;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Both> {
        let limit = self.limit.min(usize::try_from(super::trail::KEPT).unwrap_or(usize::MAX));
        let steps: Vec<model::Step> = tx.find_all(&["actor"], vals![cx.actor])?;
        let (mut undone, mut done): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| step.undone > 0);
        done.reverse();
        undone.sort_by_key(|step| std::cmp::Reverse(step.undone));
        let mut words = |steps: Vec<model::Step>| steps.into_iter().take(limit).map(|step| shown(tx, step)).collect::<Result<Vec<_>>>();
        Ok(Both { undo: words(done)?, redo: words(undone)? })
    }
}

fn shown(tx: &mut Tx<'_>, step: model::Step) -> Result<Shown> {
    let changes = decode(&step.changes)?;
    let subject = subject(&step.name, &changes);
    let id = match subject.map(|change| change.key.as_slice()) {
        Some([Val::Id(id)]) => Some(Id::from_bytes(*id)),
        _ => None,
    };
    let label = subject.map(|change| label(tx, change)).transpose()?.unwrap_or_default();
    let deed = match subject.map(|change| (change.was.is_some(), change.is.is_some())) {
        Some((false, _)) => Deed::Made,
        Some((_, false)) => Deed::Removed,
        _ => Deed::Changed,
    };
    let record = subject.map(|change| change.table.clone()).unwrap_or_default();
    Ok(Shown { step: step.command, name: step.name.to_string(), done_at: step.done_at, deed, record, id, label })
}

/// The change that the step is about: of the record that its command saves, or else of the draft, or the first.
fn subject<'c>(name: &str, changes: &'c [Change]) -> Option<&'c Change> {
    let saved = |change: &&Change| register().record(&change.table).is_ok_and(|record| record.save == Some(name) || record.archive == Some(name));
    let draft = |change: &&Change| change.table == "billing_document" || change.table == "billing_draft";
    changes.iter().find(saved).or_else(|| changes.iter().find(draft)).or_else(|| changes.first())
}

/// What the row is called now, or was before it went.
fn label(tx: &mut Tx<'_>, change: &Change) -> Result<String> {
    let record = register().record(&change.table)?;
    let Some(column) = record.search.first() else { return Ok(String::new()) };
    let place = record.columns.iter().position(|name| name == column).unwrap_or_default();
    let current = current_row(tx, record, &change.key)?;
    let value = current.as_ref().and_then(|row| row.get(place)).or_else(|| change.value(column));
    Ok(if let Some(Val::Text(text)) = value { text.clone() } else { String::new() })
}
