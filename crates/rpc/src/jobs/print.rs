//! Printing invoices, all of a period or chosen ones, into a folder or one zip file.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use daybook_core::billing::Header;
use daybook_core::db::{Filter, ListQuery, Tx, list};
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::value::Column;
use daybook_core::shared::{Date, Id};
use daybook_paper::InvoicePaper;
use daybook_paper::bulk::{self, BulkError, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Chosen, Job};
use crate::Desk;
use crate::paper::{self, Drawer};

/// What to print.
#[derive(Debug, Deserialize)]
pub struct PrintInvoices {
    /// First day of issue; of all when absent.
    pub from: Option<Date>,
    /// Last day of issue.
    pub to: Option<Date>,
    /// Of these only. Drafts among them are left out.
    pub rows: Option<Chosen>,
    /// Into one zip file instead of a folder.
    #[serde(default)]
    pub zip: bool,
    /// Where to; the person's documents folder when a client leaves it open.
    #[serde(skip)]
    pub output: Option<PathBuf>,
}

impl PrintInvoices {
    pub(super) fn run(self, desk: &Arc<Desk>, job: &Job) -> Result<Value> {
        desk.with(|app| {
            let chosen = self.rows.as_ref().map(|rows| rows.ids(app, job)).transpose()?;
            app.read(|tx, cx| {
                daybook_core::identity::api::authorize(tx, cx.actor, daybook_core::shared::Permission::Read)?;
                let documents = self.documents(tx, chosen.as_deref())?;
                let target = match &self.output {
                    Some(path) => path.clone(),
                    None => self.usual_place(&documents)?,
                };
                self.make_room(&target)?;
                self.print(tx, job, &target, documents)
            })
        })
    }

    fn make_room(&self, target: &Path) -> Result<()> {
        let folder = if self.zip { target.parent().unwrap_or(Path::new(".")) } else { target };
        if folder.as_os_str().is_empty() {
            return Ok(());
        }
        std::fs::create_dir_all(folder).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", folder.display()).caused_by(e))
    }

    fn print(&self, tx: &mut Tx<'_>, job: &Job, target: &Path, documents: Vec<(Id<Header>, String)>) -> Result<Value> {
        let count = documents.len();
        job.stage("Printing", u64::try_from(count).unwrap_or_default());
        let failed = RefCell::new(None);
        let papers = Papers { drawer: Drawer::open(tx)?, tx, left: documents.into_iter(), failed: &failed };
        let progress = |done: usize, _| match job.step(u64::try_from(done).unwrap_or_default()) {
            Ok(()) if failed.borrow().is_none() => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        };
        let fonts = paper::fonts()?;
        let fresh = target.with_extension("zip-part");
        let outcome = if self.zip { bulk::to_zip(&fresh, papers, fonts, progress) } else { bulk::to_folder(target, papers, fonts, progress) };
        let ended = match (failed.into_inner(), outcome.map_err(unprintable)) {
            (Some(error), _) | (None, Err(error)) => Err(error),
            (None, Ok(Outcome::Cancelled(_))) => Err(Error::new(Kind::State, "job.cancelled")),
            (None, Ok(Outcome::Complete)) => Ok(json!({ "path": target, "count": count })),
        };
        if self.zip { put_in_place(&fresh, target, ended) } else { ended }
    }

    /// Ids and numbers of the posted documents that are meant, in order.
    fn documents(&self, tx: &mut Tx<'_>, chosen: Option<&[String]>) -> Result<Vec<(Id<Header>, String)>> {
        let mut conditions = vec![is("state", "=", "posted".to_owned())];
        conditions.extend(self.from.map(|day| is("issue_date", ">=", day.to_string())));
        conditions.extend(self.to.map(|day| is("issue_date", "<=", day.to_string())));
        let Some(ids) = chosen else { return posted(tx, conditions) };
        let mut documents = Vec::new();
        for id in ids {
            let mut one = conditions.clone();
            one.push(is("id", "=", id.clone()));
            documents.extend(posted(tx, one)?);
        }
        Ok(documents)
    }

    /// In the person's documents, under the first and the last number, or the days that were asked for.
    fn usual_place(&self, documents: &[(Id<Header>, String)]) -> Result<PathBuf> {
        let people = directories::UserDirs::new().ok_or_else(|| Error::new(Kind::Storage, "rpc.no_home"))?;
        let folder = people.document_dir().unwrap_or(people.home_dir());
        let number = |document: Option<&(Id<Header>, String)>| document.map(|(_, number)| number.clone()).unwrap_or_default();
        let first = self.from.map_or_else(|| number(documents.first()), |day| day.to_string());
        let last = self.to.map_or_else(|| number(documents.last()), |day| day.to_string());
        Ok(folder.join(format!("Daybook invoices {first} to {last}{}", if self.zip { ".zip" } else { "" }).replace(['/', '\\'], "-")))
    }
}

fn is(field: &str, op: &str, value: String) -> Filter {
    Filter { field: field.to_owned(), op: op.to_owned(), value: value.into() }
}

/// Ids and numbers of the documents that fit, by day.
fn posted(tx: &mut Tx<'_>, conditions: Vec<Filter>) -> Result<Vec<(Id<Header>, String)>> {
    let record = daybook_core::app::register().record("billing_document")?;
    let mut query = ListQuery { r#where: conditions, sort: Some("issue_date".to_owned()), limit: Some(500), ..ListQuery::default() };
    let number = record.columns.iter().position(|column| *column == "number").unwrap_or_default();
    let mut documents = Vec::new();
    loop {
        let page = list(tx, record, &query)?;
        for row in page.rows {
            let text = row.get(number).cloned().map(String::from_val).transpose()?.unwrap_or_default();
            if let Some(id) = row.into_iter().next() {
                documents.push((Id::from_val(id)?, text));
            }
        }
        if page.next.is_none() {
            return Ok(documents);
        }
        query.after = page.next;
    }
}

/// A zip file appears under its name when it is whole, or not at all.
fn put_in_place(fresh: &Path, target: &Path, ended: Result<Value>) -> Result<Value> {
    if ended.is_err() {
        let _ = std::fs::remove_file(fresh);
        return ended;
    }
    std::fs::rename(fresh, target).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", target.display()).caused_by(e))?;
    ended
}

/// The papers, read one by one as they are printed; ends early when one cannot be read.
struct Papers<'a, 'tx, 'c> {
    tx: &'a mut Tx<'tx>,
    drawer: Drawer,
    left: std::vec::IntoIter<(Id<Header>, String)>,
    failed: &'c RefCell<Option<Error>>,
}

impl Iterator for Papers<'_, '_, '_> {
    type Item = (String, InvoicePaper);
    fn next(&mut self) -> Option<Self::Item> {
        let (id, number) = self.left.next()?;
        match self.drawer.paper(self.tx, id) {
            Ok(paper) => Some((number, paper)),
            Err(error) => {
                self.failed.replace(Some(error));
                None
            }
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl ExactSizeIterator for Papers<'_, '_, '_> {}

fn unprintable(error: BulkError) -> Error {
    paper::unprintable(error.source).within(error.name)
}
