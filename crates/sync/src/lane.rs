//! The lane of files: one piece after another, behind the entries and never before them. What is next lies
//! in the books; this knows only when to rest.

use daybook_core::app::App;
use daybook_core::files::lane::Step;
use daybook_core::planted;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::{Code, Instant};

use crate::backoff::wait_ms;
use crate::driver::Road;

/// How often the lane looks whether there is something to ask, ms.
const IDLE_MS: i64 = 60_000;

/// When the lane goes on.
#[derive(Debug, Default)]
pub struct Lane {
    failures: u32,
    until_ms: i64,
    /// Whether answers of before are to be asked for again, and since when that is so, ms.
    woken: bool,
    stale_ms: i64,
}

/// What a step came to.
#[derive(Debug)]
pub enum Pace {
    /// It did something; there may be more at once.
    Went,
    /// Nothing to do until this time (ms), or until somebody wants a file. With what went wrong, if it did.
    Rests(i64, Option<Error>),
}

impl Lane {
    /// Does one step, when it is time. The caller sees to it that the device is in step: `dice` is any number,
    /// for the jitter.
    pub fn step(&mut self, app: &App, road: &mut dyn Road, dice: u64) -> Pace {
        let now_ms = app.now().millis();
        if now_ms < self.until_ms {
            return Pace::Rests(self.until_ms, None);
        }
        if std::mem::take(&mut self.woken) {
            self.stale_ms = now_ms;
        }
        match app.next_file_step(Instant::from_millis(self.stale_ms)).and_then(|step| perform(app, road, &step)) {
            Ok(true) => {
                self.failures = 0;
                Pace::Went
            }
            Ok(false) => Pace::Rests(now_ms + IDLE_MS, None),
            Err(error) => {
                self.failures = self.failures.saturating_add(1);
                self.until_ms = now_ms + wait_ms(self.failures, dice);
                Pace::Rests(self.until_ms, Some(error))
            }
        }
    }
    /// Somebody waits: no rest is kept any longer, and nothing is taken for what it was.
    pub fn wake(&mut self) {
        (self.failures, self.until_ms, self.woken) = (0, 0, true);
    }
}

/// Does a step; whether there was one. What fails for reasons of the file alone is noted at the file, and the
/// lane goes on with others.
fn perform(app: &App, road: &mut dyn Road, step: &Step) -> Result<bool> {
    let (hash, outcome) = match step {
        Step::Rest => return Ok(false),
        Step::Ask(hashes) => {
            let names: Vec<String> = hashes.iter().map(Code::to_string).collect();
            let words = road.ask_files(&names)?;
            planted::step("lane.answered")?;
            app.note_file_words(&words)?;
            return Ok(true);
        }
        Step::Fetch { hash, n } => (hash, fetch(app, road, hash, *n)),
        Step::Send { hash, n } => (hash, send(app, road, hash, *n)),
    };
    match outcome {
        Err(error) if is_of_the_file(&error) => app.note_file_trouble(hash, &error).map(|()| true),
        outcome => outcome.map(|()| true),
    }
}

fn fetch(app: &App, road: &mut dyn Road, hash: &Code, n: i64) -> Result<()> {
    let piece = road.get_piece(hash.as_str(), n)?;
    planted::step("lane.came")?;
    if piece.hash != hash.as_str() || piece.n != n {
        return Err(Error::invalid("file.altered").arg("hash", hash));
    }
    app.keep_file_piece(&piece)
}

fn send(app: &App, road: &mut dyn Road, hash: &Code, n: i64) -> Result<()> {
    let word = road.send_piece(&app.file_piece(hash, n)?)?;
    planted::step("lane.sent")?;
    app.note_file_words(&[word])
}

/// Whether an error says something of one file, and nothing of the server or the road.
fn is_of_the_file(error: &Error) -> bool {
    error.code().starts_with("file.") && !matches!(error.kind(), Kind::Busy | Kind::Storage) || matches!(error.code(), "permission.denied" | "rpc.too_large")
}
