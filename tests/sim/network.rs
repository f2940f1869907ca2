//! The server, and the road to it with everything that goes wrong on roads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use daybook_core::app::{App, Pusher};
use daybook_core::daybook::wire::{Fate, Feed, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;
use daybook_sync::Road;

use super::template::{self, scopes_of};
use super::{Dice, Faults, open, trace};

pub struct Server {
    path: PathBuf,
    app: Option<App>,
    copy: Option<PathBuf>,
    /// Pushes that were sent once: they may come again.
    sent: Vec<(DeviceId, Vec<u8>)>,
}

impl Server {
    pub fn open(path: PathBuf) -> Self {
        Server { app: Some(open(&path)), path, copy: None, sent: Vec::new() }
    }
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the server runs")
    }
    /// What became of every command.
    pub fn states(&self) -> BTreeMap<String, String> {
        states_of(self.app())
    }
    pub fn keep_copy(&mut self, folder: &Path) {
        let to = folder.join("server.copy");
        trace(|| "the server is copied".to_owned());
        self.app = None;
        template::replace(&self.path, &to);
        self.app = Some(open(&self.path));
        self.copy = Some(to);
    }
    pub fn restore_copy(&mut self) {
        let Some(copy) = &self.copy else { return };
        trace(|| "the server is restored".to_owned());
        self.app = None;
        template::replace(copy, &self.path);
        self.app = Some(open(&self.path));
    }

    fn push(&self, device: DeviceId, bytes: &[u8]) -> Result<Receipt> {
        let push: Push = minicbor::decode(bytes).map_err(|_| Error::invalid("sync.altered"))?;
        let pusher = Pusher { device, actors: None, scopes: scopes_of(self.app(), device) };
        self.app().accept(&push, &pusher)
    }
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
    pub dice: &'w mut Dice,
    pub faults: Faults,
}

impl FaultyRoad<'_> {
    /// Lets a request through, or not; its answer, or not.
    fn travel<T>(&mut self, ask: impl Fn(&Server) -> Result<T>) -> Result<T> {
        if self.dice.chance(self.faults.lost) {
            return Err(Error::new(Kind::Busy, "sync.unreachable"));
        }
        if self.dice.chance(self.faults.doubled) {
            let _ = ask(self.server);
        }
        let answer = ask(self.server);
        if self.dice.chance(self.faults.unanswered) {
            return Err(Error::new(Kind::Busy, "sync.unreachable"));
        }
        answer
    }
}

impl Road for FaultyRoad<'_> {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome> {
        let (hello, device) = (hello.clone(), self.device);
        self.travel(|server| server.app().greet(&hello, &scopes_of(server.app(), device)))
    }
    fn push(&mut self, push: &Push) -> Result<Receipt> {
        let mut bytes = minicbor::to_vec(push).expect("encodes");
        if self.dice.chance(self.faults.repeated)
            && let Some((device, old)) = self.dice.one(&self.server.sent)
        {
            let _ = self.server.push(*device, old);
        }
        if self.dice.chance(self.faults.altered) {
            let place = usize::try_from(self.dice.below(bytes.len() as i64)).unwrap();
            bytes[place] ^= 1 << self.dice.below(8);
        } else {
            self.server.sent.push((self.device, bytes.clone()));
        }
        let device = self.device;
        self.travel(|server| server.push(device, &bytes))
    }
    fn fates(&mut self, commands: &[[u8; 16]]) -> Result<Vec<Fate>> {
        let commands = commands.to_vec();
        self.travel(|server| server.app().fates(&commands))
    }
    fn snapshot(&mut self, path: &Path) -> Result<()> {
        let device = self.device;
        self.travel(|server| {
            let _ = std::fs::remove_file(path);
            server.app().snapshot(path, &scopes_of(server.app(), device)).map(drop)
        })
    }
    fn pull(&mut self, pull: &Pull) -> Result<Feed> {
        // A short stretch at a time, so that entries are cut anywhere.
        let device = self.device;
        let pull = Pull { most: u64::try_from(self.dice.below(6_000)).unwrap(), ..pull.clone() };
        let feed = self.travel(|server| server.app().feed(&pull, device, &scopes_of(server.app(), device)))?;
        let bytes = minicbor::to_vec(&feed).expect("encodes");
        Ok(minicbor::decode(&bytes).expect("decodes"))
    }
}
