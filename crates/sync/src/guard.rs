//! Looks at every start whether books are the only ones of their device, or may be a copy that somebody made
//! of them: files that were copied to another machine, or a folder that was put back from a backup. What
//! travels with the books cannot tell; so the guard keeps marks outside of them, in the user's folder of
//! state: the head of their daybook, which opening of them was the last, and a lock. The seat, which travels,
//! names the machine where its key was made.
//!
//! Books that may be a copy give out no numbers (`number.copy`) and are not sent (`sync.copied`) until they
//! are those of a device of its own. Decision 0018 has the reasons.

use std::io::Write;
use std::path::{Path, PathBuf};

use daybook_core::app::{App, Clock, DumpHash};
use daybook_core::daybook::state::{Opening, Part};
use daybook_core::db::{BooksLock, Mode};
use daybook_core::shared::Id;
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::error::{Error, Result};
use daybook_core::shared::id::CommandId;

use crate::seat::Seat;

/// What this machine knows of books beside what is in them.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Where marks are kept; without such a folder there are none.
    pub marks: Option<PathBuf>,
    /// What the system calls this machine; nothing is told from it where it is not known.
    pub machine: Option<String>,
}

impl Guard {
    /// The guard of this user on this machine. `DAYBOOK_STATE_DIR` names another folder, `DAYBOOK_MACHINE` tells
    /// machines apart whose systems were copied from one another.
    pub fn of_system() -> Self {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let own = || directories::ProjectDirs::from("org", "daybook", "Daybook").map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned());
        let folder = named("DAYBOOK_STATE_DIR").map(PathBuf::from).or_else(own);
        let machine = named("DAYBOOK_MACHINE").map(|name| name.to_string_lossy().into_owned()).or_else(|| machine_uid::get().ok());
        Guard { marks: folder.map(|folder| folder.join("devices")), machine: machine.filter(|machine| !machine.trim().is_empty()) }
    }
    /// Opens books, and looks whether they may be a copy. `books.twin` when a copy of them is open.
    pub fn open(&self, books: &Path, mode: Mode, clock: Clock) -> Result<App> {
        let app = App::open(books, mode, clock)?;
        if mode != Mode::Read && app.device().part != Part::Server {
            self.look(&app, books)?;
        }
        Ok(app)
    }
    /// Forgets what is known of `device`: somebody put a backup of its books back and knows it.
    pub fn forget(&self, device: DeviceId) {
        for path in self.marks(device).iter().flat_map(|marks| [marks.head(), marks.opening()]) {
            // What is not there needs no forgetting.
            let _ = std::fs::remove_file(path);
        }
    }
    /// Whether the key of `seat` was made on another machine.
    pub fn is_elsewhere(&self, seat: &Seat) -> Result<bool> {
        let here = self.home(&seat.device)?;
        Ok(matches!((&seat.home, here), (Some(home), Some(here)) if *home != here))
    }

    /// Notes in the seat of `books` that its key was made on this machine, unless it has a home.
    pub fn settle(&self, seat: &mut Seat, books: &Path) -> Result<()> {
        if seat.home.is_some() {
            return Ok(());
        }
        seat.home = self.home(&seat.device)?;
        seat.write(books)
    }

    fn look(&self, app: &App, books: &Path) -> Result<()> {
        let lonely = app.device().part == Part::Device && !self.is_seated(app, books)?;
        let moved_on = match self.marks(app.device().device) {
            Some(marks) => marks.look(app)?,
            None => false,
        };
        let alone = app.device().part == Part::Alone;
        let copy = lonely || app.lost() > 0 || (moved_on && !alone);
        match (copy, app.device().copy) {
            (true, false) => app.be_a_copy(),
            // Somebody put a backup back and said so.
            (false, true) if alone => app.begin_alone(),
            _ => Ok(()),
        }
    }
    /// Whether the device of the books has its seat beside them, and on this machine. Books that were a copy
    /// become those of the device that somebody signed in for them.
    fn is_seated(&self, app: &App, books: &Path) -> Result<bool> {
        let Some(mut seat) = Seat::read(books)? else { return Ok(false) };
        let own = Id::parse(&seat.device)?;
        if seat.succeeds == Some(app.device().device) && seat.device != app.device().device.to_string() {
            app.become_device(own)?;
        }
        self.settle(&mut seat, books)?;
        Ok(own == app.device().device && !self.is_elsewhere(&seat)?)
    }
    /// This machine as the seat of `device` names it: nobody learns from it what the system calls the machine.
    fn home(&self, device: &str) -> Result<Option<String>> {
        let Some(machine) = &self.machine else { return Ok(None) };
        let mut hash = DumpHash::default();
        write!(hash, "daybook home\n{}\n{device}", machine.trim()).map_err(|e| Error::internal("sync.seat").caused_by(e))?;
        Ok(Some(hash.finish()))
    }
    /// The marks of `device`; none where they cannot be kept.
    fn marks(&self, device: DeviceId) -> Option<Marks> {
        let folder = self.marks.as_ref()?;
        std::fs::create_dir_all(folder).ok()?;
        Some(Marks(folder.join(device.to_string())))
    }
}

/// The marks of one device.
struct Marks(PathBuf);

impl Marks {
    /// Looks at open books and keeps the marks from now on; whether others moved on from the same books.
    fn look(&self, app: &App) -> Result<bool> {
        match BooksLock::take(&self.0) {
            Ok(lock) => app.hold(lock),
            Err(error) if error.code() == "books.locked" => return Err(Error::new(error.kind(), "books.twin").caused_by(error)),
            // A folder that cannot be written keeps no marks.
            Err(_) => return Ok(false),
        }
        app.watch_head(&self.head())?;
        let seen = app.device().opening;
        let moved_on = self.read_opening().is_some_and(|(last, before)| seen != last && seen != before);
        // The mark goes first: books may lag behind it by one opening, after a crash.
        let opening = CommandId::mint().cast();
        if self.write_opening(opening, seen).is_ok() {
            app.note_opening(opening)?;
        }
        Ok(moved_on)
    }
    fn head(&self) -> PathBuf {
        self.0.with_extension("head")
    }
    fn opening(&self) -> PathBuf {
        self.0.with_extension("opening")
    }
    /// The last opening, and the one that the books had seen before it.
    fn read_opening(&self) -> Option<(Opening, Opening)> {
        let text = std::fs::read_to_string(self.opening()).ok()?;
        let (last, before) = text.trim().split_once(' ')?;
        Some((Id::parse(last).ok()?, Id::parse(before).ok()?))
    }
    fn write_opening(&self, opening: Opening, seen: Opening) -> std::io::Result<()> {
        let fresh = self.0.with_extension("new");
        let mut file = std::fs::File::create(&fresh)?;
        writeln!(file, "{opening} {seen}")?;
        file.sync_all()?;
        std::fs::rename(&fresh, self.opening())
    }
}
