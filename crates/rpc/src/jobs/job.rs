//! One job: how far it is, whether it shall stop, what came of it.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use daybook_core::shared::error::{Error, Kind, Result};
use serde::Serialize;
use serde_json::Value;

/// Where a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// At work.
    #[default]
    Running,
    /// Ended well.
    Done,
    /// Stopped because somebody asked; nothing is half done. A result says what was done before.
    Cancelled,
    /// Ended with an error; nothing is half done.
    Failed,
}

/// What `job.status` answers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Where it stands.
    pub state: State,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 while that is not known.
    pub total: u64,
    /// What it is doing, in words.
    pub stage: String,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "wire_form")]
    pub error: Option<Arc<Error>>,
}

/// What people read while a stage lasts.
fn words(stage: &str) -> &str {
    match stage {
        "reading" => "Reading the file",
        "customers" => "Adding customers",
        "items" => "Adding items",
        "records" => "Adding records",
        "posting" => "Posting documents",
        "reversing" => "Reversing documents",
        "saving" => "Saving",
        "gathering" => "Finding the rows",
        "changing" => "Changing",
        other => other,
    }
}

fn wire_form<S: serde::Serializer>(error: &Option<Arc<Error>>, out: S) -> std::result::Result<S::Ok, S::Error> {
    error.as_ref().map(|error| error.to_json()).serialize(out)
}

/// A job at work.
#[derive(Debug, Default)]
pub struct Job {
    stop: AtomicBool,
    report: Mutex<Report>,
}

impl Job {
    /// Begins a stage of `total` steps.
    pub fn stage(&self, stage: &str, total: u64) {
        let mut report = self.lock();
        (report.stage, report.done, report.total) = (stage.to_owned(), 0, total);
    }
    /// Notes that `done` steps of the stage are done; `job.cancelled` when somebody asked to stop.
    pub fn step(&self, done: u64) -> Result<()> {
        self.lock().done = done;
        if self.stopped() { Err(Error::new(Kind::State, "job.cancelled")) } else { Ok(()) }
    }
    /// Notes how far a stage is; breaks when somebody asked to stop.
    pub fn advance(&self, done: u64, total: u64, stage: &str) -> ControlFlow<()> {
        let mut report = self.lock();
        if report.stage != words(stage) {
            report.stage = words(stage).to_owned();
        }
        (report.done, report.total) = (done, total);
        drop(report);
        if self.stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
    /// Notes what came of it before somebody asked to stop.
    pub fn keep(&self, result: Value) {
        self.lock().result = Some(result);
    }
    /// Whether somebody asked to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
    /// Asks to stop.
    pub fn cancel(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
    /// How far it is.
    pub fn report(&self) -> Report {
        self.lock().clone()
    }
    /// Notes how it ended.
    pub(super) fn end(&self, outcome: Result<Value>) {
        let mut report = self.lock();
        match outcome {
            Ok(result) => {
                report.state = State::Done;
                report.done = report.total;
                report.result = Some(result);
            }
            Err(_) if self.stopped() => report.state = State::Cancelled,
            Err(error) => {
                report.state = State::Failed;
                report.error = Some(Arc::new(error));
            }
        }
    }
    fn lock(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
