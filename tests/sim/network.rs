//! The server, and the road to it with everything that goes wrong on roads.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};

use daybook_core::app::{App, FileRules, Pusher};
use daybook_core::daybook::feed::decode_images;
use daybook_core::daybook::wire::{Fate, Feed, FilePiece, FileWord, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::planted::{self, Killed};
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;

use super::template::{self, scopes_of};
use super::{Dice, Road, open, trace};

/// No scanner, and room for everything.
const RULES: FileRules = FileRules { scanned: false, size_max: 20 << 20, total_max: i64::MAX };

pub struct Server {
    /// Its file; none when it lives on PostgreSQL.
    path: Option<PathBuf>,
    app: Option<App>,
    copy: Option<PathBuf>,
    /// How often it was replaced by an older copy.
    pub restored: usize,
    /// Pushes that were sent once, with their device and its seat: they may come again.
    sent: Vec<(DeviceId, usize, Vec<u8>)>,
}

impl Server {
    pub fn open(path: PathBuf) -> Self {
        Server { app: Some(open(&path)), path: Some(path), copy: None, restored: 0, sent: Vec::new() }
    }
    /// A server whose books are open already.
    pub fn on(app: App) -> Self {
        Server { app: Some(app), path: None, copy: None, restored: 0, sent: Vec::new() }
    }
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the server runs")
    }
    /// What became of every command.
    pub fn states(&self) -> BTreeMap<String, String> {
        states_of(self.app())
    }
    pub fn keep_copy(&mut self, folder: &Path) {
        let Some(path) = self.path.clone() else { return };
        let to = folder.join("server.copy");
        self.app = None;
        template::replace(&path, &to);
        self.app = Some(open(&path));
        self.copy = Some(to);
    }
    pub fn restore_copy(&mut self) {
        let (Some(path), Some(copy)) = (self.path.clone(), self.copy.clone()) else { return };
        self.app = None;
        template::replace(&copy, &path);
        self.app = Some(open(&path));
        self.restored += 1;
    }
    /// Lets the server do something during which it may die; it is started again then.
    fn mortal<T>(&mut self, work: impl FnOnce(&Server) -> Result<T>) -> Result<T> {
        match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(answer) => answer,
            Err(panic) => match panic.downcast::<Killed>() {
                Ok(killed) => {
                    trace(|| format!("the server dies at {}", killed.0));
                    planted::disarm();
                    if let Some(path) = self.path.clone() {
                        self.app = None;
                        self.app = Some(open(&path));
                    }
                    Err(unreachable())
                }
                Err(panic) => resume_unwind(panic),
            },
        }
    }

    fn push(&self, device: DeviceId, seat: usize, bytes: &[u8]) -> Result<Receipt> {
        let push: Push = minicbor::decode(bytes).map_err(|_| Error::invalid("sync.altered"))?;
        let pusher = Pusher { device, actors: None, scopes: scopes_of(seat) };
        self.app().accept(&push, &pusher)
    }
}

fn unreachable() -> Error {
    Error::new(Kind::Busy, "sync.unreachable")
}

/// The state of every entry, by command; entries that nobody decides on any more.
pub fn states_of(app: &App) -> BTreeMap<String, String> {
    let rows: Vec<(CommandId, String)> = app.read(|tx, _| tx.all("SELECT command, state FROM daybook", &[])).expect("states");
    rows.into_iter().map(|(command, state)| (command.to_string(), state)).collect()
}

/// The road of one device to the server.
pub struct FaultyRoad<'w> {
    pub server: &'w mut Server,
    pub device: DeviceId,
    pub seat: usize,
    pub dice: &'w mut Dice,
    pub faults: Road,
}

impl FaultyRoad<'_> {
    /// Lets a request through, or not; its answer, or not.
    fn travel<T>(&mut self, ask: impl Fn(&Server) -> Result<T>) -> Result<T> {
        if self.dice.chance(self.faults.lost) {
            return Err(unreachable());
        }
        if self.dice.chance(self.faults.doubled) {
            let _ = self.server.mortal(&ask);
        }
        let answer = self.server.mortal(&ask);
        if self.dice.chance(self.faults.unanswered) {
            return Err(unreachable());
        }
        answer
    }
    /// Changes a row that came, as no transport should.
    fn falsify(&mut self, feed: &mut Feed) {
        for images in feed.steps.iter_mut().filter_map(|step| step.rows.as_mut()).flatten() {
            let mut bytes = images.to_vec();
            let Some(place) = bytes.len().checked_sub(1) else { continue };
            bytes[place] ^= 1;
            if decode_images(&bytes).is_ok_and(|changed| changed != decode_images(images).unwrap_or_default()) {
                *images = bytes.into();
                return;
            }
        }
    }
}

impl daybook_sync::Road for FaultyRoad<'_> {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome> {
        let (hello, seat) = (hello.clone(), self.seat);
        self.travel(|server| server.app().greet(&hello, &scopes_of(seat)))
    }
    fn push(&mut self, push: &Push) -> Result<Receipt> {
        let mut bytes = minicbor::to_vec(push).expect("encodes");
        if self.dice.chance(self.faults.repeated)
            && let Some((device, seat, old)) = self.dice.one(&self.server.sent).cloned()
        {
            let _ = self.server.mortal(|server| server.push(device, seat, &old));
        }
        if self.dice.chance(self.faults.altered) {
            let place = usize::try_from(self.dice.below(bytes.len() as i64)).unwrap();
            bytes[place] ^= 1 << self.dice.below(8);
        } else {
            self.server.sent.push((self.device, self.seat, bytes.clone()));
        }
        let (device, seat) = (self.device, self.seat);
        self.travel(|server| server.push(device, seat, &bytes))
    }
    fn fates(&mut self, commands: &[[u8; 16]]) -> Result<Vec<Fate>> {
        let commands = commands.to_vec();
        self.travel(|server| server.app().fates(&commands))
    }
    fn ask_files(&mut self, hashes: &[String]) -> Result<Vec<FileWord>> {
        let hashes = hashes.to_vec();
        self.travel(|server| server.app().file_words(&hashes, RULES))
    }
    fn send_piece(&mut self, piece: &FilePiece) -> Result<FileWord> {
        let mut piece = piece.clone();
        if self.dice.chance(self.faults.altered) {
            let mut bytes = piece.bytes.to_vec();
            bytes[0] ^= 1;
            piece.bytes = bytes.into();
        }
        self.travel(|server| server.app().take_file_piece(&piece, RULES))
    }
    fn get_piece(&mut self, hash: &str, n: i64) -> Result<FilePiece> {
        let hash = hash.to_owned();
        let mut piece = self.travel(|server| server.app().give_file_piece(&hash, n, server.app().actor(), RULES))?;
        if self.dice.chance(self.faults.false_rows) {
            let mut bytes = piece.bytes.to_vec();
            bytes[0] ^= 1;
            piece.bytes = bytes.into();
        }
        Ok(piece)
    }
    fn snapshot(&mut self, path: &Path) -> Result<()> {
        let seat = self.seat;
        self.travel(|server| {
            let _ = std::fs::remove_file(path);
            server.app().snapshot(path, &scopes_of(seat)).map(drop)
        })
    }
    fn pull(&mut self, pull: &Pull) -> Result<Feed> {
        // A short stretch at a time, so that entries are cut anywhere.
        let (device, seat) = (self.device, self.seat);
        let (most, merge) = (self.dice.below(6_000), self.dice.below(12));
        let pull = Pull { most: u64::try_from(most).unwrap(), merge: u64::try_from(merge).unwrap(), ..pull.clone() };
        let mut feed = self.travel(|server| server.app().feed(&pull, device, &scopes_of(seat)))?;
        if self.dice.chance(self.faults.false_rows) {
            self.falsify(&mut feed);
        }
        let bytes = minicbor::to_vec(&feed).expect("encodes");
        Ok(minicbor::decode(&bytes).expect("decodes"))
    }
}
