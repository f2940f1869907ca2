//! `daybook sync`: what is new goes to the server, what is new there comes here.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use daybook_core::app::system_clock;
use daybook_core::daybook::{attention, outbox};
use daybook_core::db::Mode;
use daybook_core::files::lane::{self, Figures};
use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_rpc::Guard;
use daybook_sync::driver::{Rest, carry_files, rejoin, round};
use daybook_sync::http::HttpRoad;
use daybook_sync::seat::Seat;
use daybook_sync::trace::Traced;
use daybook_sync::{Driver, Event, Road};
use serde_json::json;

use crate::args::Sync;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// When the server cannot be reached, it is tried again after this time.
const AGAIN: Duration = Duration::from_secs(10);

/// Syncs once, or until the program is ended.
pub fn run(named: &Option<PathBuf>, sync: &Sync, screen: &Screen) -> Result<ExitCode, Failure> {
    let path = books::path(named)?;
    let mut road = HttpRoad::open(&path).at(path.display())?;
    loop {
        let (pending, raised, files) = match traced(&path, &mut road, sync.trace.as_deref()) {
            Err(error) if sync.watch && error.kind() == Kind::Busy => {
                screen.warn(&error);
                std::thread::sleep(AGAIN);
                continue;
            }
            round => round.at(path.display())?,
        };
        if screen.json {
            screen.value(&json!({ "pending": pending, "attention": raised, "files_waiting": files.waiting, "files_infected": files.infected }))?;
        } else if raised > 0 {
            screen.say(format!("{}: in step, {raised} need somebody: daybook attention", path.display()))?;
        } else {
            screen.say(format!("{}: in step", path.display()))?;
        }
        if files.waiting > 0 && !screen.json {
            screen.say(format!("{} files are on their way: daybook files list", files.waiting))?;
        }
        if files.infected > 0 {
            screen.warn(format!("the server found malware in {} of the files: daybook files list", files.infected));
        }
        if !sync.watch {
            return Ok(if raised > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS });
        }
        // Waits for news; when the server cannot be reached, for a while.
        if road.listener().and_then(daybook_sync::http::Listener::wait).is_err() {
            std::thread::sleep(AGAIN);
        }
    }
}

/// One round, with its messages written down where that was asked for.
fn traced(path: &Path, road: &mut HttpRoad, trace: Option<&Path>) -> CoreResult<(i64, i64, Figures)> {
    let Some(trace) = trace else { return once(path, road) };
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", trace.display()).caused_by(e);
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    // It holds what the books hold: nobody else reads it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lines = options.open(trace).map_err(failed)?;
    once(path, &mut Traced::new(road, lines))
}

/// One round, files last; the books are open for no longer than it takes. What waits, what needs somebody, and
/// how files stand.
pub fn once(path: &Path, road: &mut dyn Road) -> CoreResult<(i64, i64, Figures)> {
    Seat::check_open(path)?;
    loop {
        let app = Guard::of_system().open(path, Mode::Write, system_clock())?;
        app.may_sync()?;
        let mut driver = Driver::new(app.followed()?.cursor);
        match round(&mut driver, &Event::Now, &app, road, 0) {
            Rest::Until(_, None) => {
                carry_files(&mut driver, &app, road)?;
                return app.read(|tx, _| Ok((outbox::count(tx)?, attention::count(tx)?, lane::counts(tx)?)));
            }
            Rest::Until(_, Some(error)) => return Err(error),
            Rest::Rejoin => rejoin(app, path, road)?,
        }
    }
}
