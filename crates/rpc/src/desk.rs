//! The desk: books that are open, or not yet made, and what lies around them.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use daybook_core::app::{App, Outcome, system_clock};
use daybook_core::daybook::chain;
use daybook_core::db::Mode;
use daybook_core::identity::Company;
use daybook_core::identity::api::{authorize, find_company};
use daybook_core::shared::Permission;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_sync::guard::Guard;
use daybook_sync::seat::Seat;
use serde_json::Value;

use crate::changes::{Feed, News};
use crate::jobs::Jobs;
use crate::sync::Runner;
use crate::uploads::Uploads;

const FIRM: &str = "firm.books";
const SAMPLE: &str = "sample.books";
/// How often books that are to be put away are looked at, every 10 ms.
const PATIENCE: u32 = 3_000;

/// What the program may do with the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read and write; takes the lock.
    Write,
    /// Read only; another program may hold the lock.
    Read,
}

/// Books with everything that belongs to working on them. Books that do not exist yet are made when
/// a company is set up. The sample company has a file of its own beside them, so that looking around
/// never touches the firm.
pub struct Desk {
    firm: PathBuf,
    sample: PathBuf,
    access: Access,
    guard: Guard,
    shelf: RwLock<Shelf>,
    feed: Feed,
    uploads: Uploads,
    jobs: Jobs,
    runner: Arc<Runner>,
    syncs: AtomicBool,
}

/// The books that are meant now, open or not.
struct Shelf {
    path: PathBuf,
    app: Option<Arc<App>>,
}

impl Desk {
    /// Opens the books at `path`. A file that is not there is no error: the desk then waits for a
    /// company to be set up.
    pub fn open(path: &Path, access: Access, guard: Guard) -> Result<Arc<Self>> {
        let desk = Self::at(path, access, guard);
        desk.open_books()?;
        Ok(desk)
    }
    /// A desk that opens the books at `path` when the first call comes, and tries again at every call
    /// as long as it fails: a window can show why, and go on once another program let the books go.
    pub fn at(path: &Path, access: Access, guard: Guard) -> Arc<Self> {
        let sample = path.with_file_name(SAMPLE);
        let firm = if path == sample { path.with_file_name(FIRM) } else { path.to_owned() };
        let shelf = RwLock::new(Shelf { path: path.to_owned(), app: None });
        let (feed, uploads, jobs, runner, syncs) = Default::default();
        Arc::new(Desk { firm, sample, access, guard, shelf, feed, uploads, jobs, runner, syncs })
    }
    /// The books file that is meant now, whether it exists yet or not.
    pub fn path(&self) -> PathBuf {
        self.read_shelf().path.clone()
    }
    /// What this machine knows of the books beside what is in them.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }
    /// What the program may do with the books.
    pub fn access(&self) -> Access {
        self.access
    }
    /// Runs `work` on the open books; `company.missing` before they are made.
    pub fn with<T>(self: &Arc<Self>, work: impl FnOnce(&App) -> Result<T>) -> Result<T> {
        self.open_books()?;
        // Kept for the call, not held: books are put away when the last call on them ends.
        let app = self.read_shelf().app.clone();
        app.map_or_else(|| Err(Error::new(Kind::State, "company.missing")), |app| work(&app))
    }
    /// Whether the books exist, and are open now.
    pub fn is_open(self: &Arc<Self>) -> Result<bool> {
        self.open_books().map(|()| self.read_shelf().app.is_some())
    }
    /// Whether the books exist and have a company.
    pub fn has_company(self: &Arc<Self>) -> Result<bool> {
        Ok(self.company()?.is_some())
    }
    /// The company of the books, if they have one.
    pub fn company(self: &Arc<Self>) -> Result<Option<Company>> {
        if self.is_open()? { self.with(|app| app.read(|tx, _| find_company(tx))) } else { Ok(None) }
    }
    /// Makes the books file when there is none, and sets up the company.
    pub fn set_up(self: &Arc<Self>, company: Value) -> Result<Outcome> {
        self.make_books()?;
        self.with(|app| app.set_up(company))
    }
    /// Makes the books file when there is none, and sets up the sample company with all it traded.
    pub(crate) fn create_sample(self: &Arc<Self>) -> Result<()> {
        self.make_books()?;
        self.with(|app| app.create_sample(&mut |_, _, _| ControlFlow::Continue(())).map(drop))
    }
    /// Accepts that entries are lost, after somebody has seen it: the books take new ones again. Says
    /// how many.
    pub fn accept_loss(self: &Arc<Self>) -> Result<i64> {
        self.with(|app| {
            app.read(|tx, cx| authorize(tx, cx.actor, Permission::Administer))?;
            let lost = app.lost();
            app.accept_loss().map(|()| lost)
        })
        .and_then(|lost| {
            // They may be those of another device now, which has marks of its own.
            self.put_aside(|| Ok(()))?;
            self.is_open().map(|_| lost)
        })
    }
    /// The work going on.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }
    /// The files on their way in.
    pub fn uploads(&self) -> &Uploads {
        &self.uploads
    }
    /// What changed after `after`; waits up to `wait` for news.
    pub(crate) fn changes(&self, after: i64, wait: Duration) -> News {
        self.feed.wait(after, wait)
    }
    /// Syncs in the background.
    pub(crate) fn runner(&self) -> &Runner {
        &self.runner
    }
    pub(crate) fn runner_handle(&self) -> Arc<Runner> {
        Arc::clone(&self.runner)
    }
    /// Keeps whatever books are open in step with their server, in the background, from now on. For
    /// programs that stay.
    pub fn sync_in_background(self: &Arc<Self>) {
        self.syncs.store(true, Ordering::SeqCst);
        self.start_sync();
    }
    /// Starts syncing the open books, when they have a server and this program stays.
    pub(crate) fn start_sync(self: &Arc<Self>) {
        if self.syncs.load(Ordering::SeqCst) {
            // Books that cannot be read say so at the next call.
            let _ = self.runner.start(self);
            self.publish_sync();
        }
    }
    /// Tells who listens that the device stands otherwise to its server.
    pub(crate) fn publish_sync(&self) {
        self.feed.publish(0, vec!["sync".to_owned()]);
    }
    /// Puts the open books away, hands them to `work`, which may put others in their place, and opens what
    /// is there then.
    pub(crate) fn renew(self: &Arc<Self>, work: impl FnOnce(App) -> Result<()>) -> Result<()> {
        let mut shelf = self.write_shelf();
        let app = put_away(&mut shelf)?.ok_or_else(|| Error::new(Kind::State, "company.missing"))?;
        let outcome = work(app);
        drop(shelf);
        let pos = self.head().unwrap_or_default();
        self.feed.restart(pos);
        outcome
    }
    /// Puts the open books away for `work`, which keeps them from being opened again.
    pub(crate) fn put_aside(&self, work: impl FnOnce() -> Result<()>) -> Result<()> {
        if self.jobs.any_running() {
            return Err(Error::new(Kind::Busy, "job.running"));
        }
        let mut shelf = self.write_shelf();
        self.runner.stop();
        drop(put_away(&mut shelf)?);
        let outcome = work();
        drop(shelf);
        self.feed.restart(0);
        outcome
    }
    /// Ends every waiting call and every job; the program is about to end.
    pub fn close(&self) {
        self.runner.stop();
        self.feed.close();
        self.jobs.cancel_all();
    }
    /// Closes, and puts the books away once the calls that work on them have ended: what stands beside them is
    /// written then.
    pub fn leave(&self) {
        self.close();
        let _ = put_away(&mut self.write_shelf());
    }

    /// Puts the firm's books away and means the sample company's.
    pub(crate) fn turn_to_sample(&self) -> Result<()> {
        self.turn_to(self.sample.clone(), false)
    }
    /// Puts the open books away and means the firm's.
    pub(crate) fn turn_to_firm(&self) -> Result<()> {
        self.turn_to(self.firm.clone(), false)
    }
    /// Deletes the open books and means the firm's.
    pub(crate) fn discard(&self) -> Result<()> {
        self.turn_to(self.firm.clone(), true)
    }

    fn turn_to(&self, path: PathBuf, delete_open: bool) -> Result<()> {
        if self.jobs.any_running() {
            return Err(Error::new(Kind::Busy, "job.running"));
        }
        let mut shelf = self.write_shelf();
        if shelf.path == path && !delete_open {
            return Ok(());
        }
        self.runner.stop();
        drop(put_away(&mut shelf)?);
        if delete_open {
            delete(&shelf.path)?;
        }
        shelf.path = path;
        drop(shelf);
        self.feed.restart(0);
        Ok(())
    }
    /// Opens the books if there are any and they are not open yet.
    fn open_books(self: &Arc<Self>) -> Result<()> {
        let there = {
            let shelf = self.read_shelf();
            shelf.app.is_none() && (shelf.path.exists() || self.access == Access::Read)
        };
        let mode = if self.access == Access::Read { Mode::Read } else { Mode::Write };
        if there { self.take_over(mode) } else { Ok(()) }
    }
    fn make_books(self: &Arc<Self>) -> Result<()> {
        if self.is_open()? {
            return Ok(());
        }
        if self.access == Access::Read {
            return Err(Error::new(Kind::Storage, "books.opened_read_only"));
        }
        if let Some(folder) = self.path().parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", folder.display()).caused_by(e))?;
        }
        self.take_over(Mode::Create)
    }
    /// Opens the file, puts the books on the shelf and passes their news on until they are closed.
    fn take_over(self: &Arc<Self>, mode: Mode) -> Result<()> {
        let mut shelf = self.write_shelf();
        if shelf.app.is_some() {
            return Ok(());
        }
        Seat::check_open(&shelf.path)?;
        let app = self.guard.open(&shelf.path, mode, system_clock())?;
        let news = app.subscribe();
        let (pos, _) = app.read(|tx, _| chain::head(tx))?;
        shelf.app = Some(Arc::new(app));
        drop(shelf);
        self.feed.restart(pos);
        if mode == Mode::Write && self.access == Access::Write {
            self.start_sync();
        }
        let desk = Arc::downgrade(self);
        let passed_on = std::thread::Builder::new().name("news".to_owned()).spawn(move || {
            for tags in news {
                let Some(desk) = desk.upgrade() else { break };
                desk.feed.publish(desk.reached(), tags);
                desk.runner.tell(daybook_sync::Event::Entry);
            }
        });
        passed_on.map(drop).map_err(|e| Error::internal("rpc.thread").caused_by(e))
    }
    /// The position of the newest entry of books that are open; 0 when none are.
    fn reached(&self) -> i64 {
        let app = self.read_shelf().app.clone();
        app.and_then(|app| app.read(|tx, _| chain::head(tx)).ok()).map_or(0, |(pos, _)| pos)
    }
    /// The position of the newest entry.
    pub(crate) fn head(self: &Arc<Self>) -> Result<i64> {
        self.with(|app| app.read(|tx, _| chain::head(tx))).map(|(pos, _)| pos)
    }
    fn read_shelf(&self) -> RwLockReadGuard<'_, Shelf> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }
    fn write_shelf(&self) -> RwLockWriteGuard<'_, Shelf> {
        self.shelf.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the books off the shelf once the calls that work on them have ended. `books.in_use` when that
/// takes too long.
fn put_away(shelf: &mut Shelf) -> Result<Option<App>> {
    let Some(mut app) = shelf.app.take() else { return Ok(None) };
    for _ in 0..PATIENCE {
        match Arc::try_unwrap(app) {
            Ok(app) => return Ok(Some(app)),
            Err(shared) => app = shared,
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    shelf.app = Some(app);
    Err(Error::new(Kind::Busy, "books.in_use"))
}

/// Deletes the books and what stands beside them.
fn delete(books: &Path) -> Result<()> {
    std::fs::remove_file(books).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", books.display()).caused_by(e))?;
    for tail in ["-wal", "-shm", ".head"] {
        let mut name = books.as_os_str().to_owned();
        name.push(tail);
        // What is not there needs no deleting, and what is left means nothing without the books.
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
    Ok(())
}

/// The books of this user when nothing else is named: `firm.books` in the user's data folder.
pub fn default_books() -> Result<PathBuf> {
    data_folder().map(|folder| folder.join(FIRM))
}

/// The sample company's own books, beside the user's.
pub fn sample_books() -> Result<PathBuf> {
    data_folder().map(|folder| folder.join(SAMPLE))
}

fn data_folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("DAYBOOK_DATA_DIR").filter(|folder| !folder.is_empty()) {
        return Ok(PathBuf::from(folder));
    }
    let missing = || Error::new(Kind::Storage, "rpc.no_home");
    Ok(directories::ProjectDirs::from("org", "daybook", "Daybook").ok_or_else(missing)?.data_dir().to_owned())
}
