//! Following a job of the desk with a progress bar; Ctrl-C asks it to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use daybook_core::shared::error::{Error, Kind};
use daybook_rpc::Desk;
use daybook_rpc::jobs::{self, Report, State, Task};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use crate::failure::{Failure, Placed};

const LOOK_EVERY: Duration = Duration::from_millis(60);

/// How a job ended.
pub enum Ended {
    /// With a result.
    Done(Value),
    /// Because somebody asked; nothing is half done.
    Cancelled,
    /// With an error.
    Failed(Arc<Error>),
}

/// Runs `task` to its end, with a bar on the terminal unless the output is for programs.
pub fn run(desk: &Arc<Desk>, task: Task, quiet: bool) -> Result<Ended, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    let installed = ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed));
    installed.map_err(|e| Failure::at("Ctrl-C", Error::internal("rpc.thread").caused_by(e)))?;
    let name = jobs::start(desk, task).at("job")?;
    let bar = bar(quiet);
    loop {
        if stop.load(Ordering::Relaxed) {
            desk.jobs().cancel(&name).at("job")?;
        }
        let report = desk.jobs().status(&name).at("job")?;
        show(&bar, &report);
        if report.state != State::Running {
            bar.finish_and_clear();
            return Ok(ended(report));
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn ended(report: Report) -> Ended {
    match report.state {
        State::Cancelled => Ended::Cancelled,
        State::Failed => Ended::Failed(report.error.unwrap_or_else(|| Arc::new(Error::internal("job.panicked")))),
        State::Done | State::Running => Ended::Done(report.result.unwrap_or_default()),
    }
}

/// The failure of a job that was cancelled.
pub fn cancelled(place: impl std::fmt::Display) -> Failure {
    Failure::at(place, Error::new(Kind::State, "job.cancelled"))
}

fn bar(quiet: bool) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
    let shape = "{msg:20} [{bar:40}] {human_pos}/{human_len} {elapsed} (about {eta} left)";
    ProgressStyle::with_template(shape).map(|style| bar.set_style(style.progress_chars("=> "))).unwrap_or_default();
    bar
}

fn show(bar: &ProgressBar, report: &Report) {
    bar.set_message(report.stage.clone());
    bar.set_length(report.total.max(report.done));
    bar.set_position(report.done);
}
