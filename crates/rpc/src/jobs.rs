//! Long work on threads of its own: started by one call, watched and cancelled by others.

mod bulk;
mod import;
mod job;
mod print;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;
use serde::Deserialize;
use serde_json::Value;

pub use self::bulk::{Bulk, Chosen};
pub use self::import::{Import, UndoImport, undo};
pub use self::job::{Job, Report, State};
pub use self::print::PrintInvoices;
use crate::Desk;

/// How many ended jobs are remembered.
const KEPT: usize = 50;

/// What may be started.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Reads a file of another program into the books.
    Import(Import),
    /// Takes an import back.
    UndoImport(UndoImport),
    /// Prints all invoices of a period.
    PrintInvoices(PrintInvoices),
    /// Runs one command over many rows.
    Bulk(Bulk),
}

impl Task {
    fn run(self, desk: &Arc<Desk>, job: &Job) -> Result<Value> {
        match self {
            Task::Import(import) => import.run(desk, job),
            Task::UndoImport(undo) => undo.run(desk, job),
            Task::PrintInvoices(print) => print.run(desk, job),
            Task::Bulk(bulk) => bulk.run(desk, job),
        }
    }
}

/// The jobs of this run of the program, by their names, oldest first.
#[derive(Debug, Default)]
pub struct Jobs(Mutex<BTreeMap<String, Arc<Job>>>);

/// Starts `task` on a thread of its own and names the job.
pub fn start(desk: &Arc<Desk>, task: Task) -> Result<String> {
    let name = CommandId::mint().to_string();
    let job = Arc::new(Job::default());
    desk.jobs().enter(name.clone(), Arc::clone(&job));
    let desk = Arc::clone(desk);
    let spawned = std::thread::Builder::new().name("job".to_owned()).spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| task.run(&desk, &job)));
        job.end(outcome.unwrap_or_else(|_| Err(Error::internal("job.panicked"))));
    });
    spawned.map_err(|e| Error::internal("rpc.thread").caused_by(e))?;
    Ok(name)
}

impl Jobs {
    /// How far the job is.
    pub fn status(&self, name: &str) -> Result<Report> {
        self.named(name).map(|job| job.report())
    }
    /// Asks the job to stop; it undoes what it has half done.
    pub fn cancel(&self, name: &str) -> Result<()> {
        self.named(name).map(|job| job.cancel())
    }
    /// Asks every job to stop.
    pub fn cancel_all(&self) {
        self.lock().values().for_each(|job| job.cancel());
    }
    /// Whether any job is at work.
    pub fn any_running(&self) -> bool {
        self.lock().values().any(|job| job.report().state == State::Running)
    }

    fn enter(&self, name: String, job: Arc<Job>) {
        let mut jobs = self.lock();
        let ended: Vec<String> = jobs.iter().filter(|(_, job)| job.report().state != State::Running).map(|(name, _)| name.clone()).collect();
        for old in ended.iter().take(ended.len().saturating_sub(KEPT)) {
            jobs.remove(old);
        }
        jobs.insert(name, job);
    }
    fn named(&self, name: &str) -> Result<Arc<Job>> {
        self.lock().get(name).cloned().ok_or_else(|| Error::new(Kind::NotFound, "job.unknown").field("job"))
    }
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Job>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
