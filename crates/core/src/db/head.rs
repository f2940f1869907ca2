//! The head file beside the books: position and hash of the newest daybook entry, synced apart from
//! the database. SQLite drops the tail of a damaged log without a word; this file lets Daybook say
//! how many entries were lost.
//!
//! A thread of its own writes it, always the newest head: the command does not wait for a second
//! sync, and the file is at most one write behind. It never runs ahead of a durable commit.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::lock::beside;
use crate::shared::error::{Error, Kind, Result};

/// Position and chain hash of the newest entry.
pub type Head = (i64, String);

/// Writes the head file in the background, and copies of it.
#[derive(Debug)]
pub struct HeadFile {
    sender: Option<Sender<Note>>,
    writer: Option<JoinHandle<()>>,
}

/// What the writer is told.
enum Note {
    /// There is a new head.
    Head(Head),
    /// Every head is written there too from now on.
    Also(PathBuf),
}

impl HeadFile {
    /// Reads the head that was last synced for `books`, if the file is there and whole.
    pub fn read(books: &Path) -> Option<Head> {
        Self::read_at(&beside(books, "head"))
    }
    /// Reads the head file at `path`, if it is there and whole.
    pub fn read_at(path: &Path) -> Option<Head> {
        let text = fs::read_to_string(path).ok()?;
        let (pos, hash) = text.trim().split_once(' ')?;
        Some((pos.parse().ok()?, hash.to_owned()))
    }
    /// Starts the writer for `books`.
    pub fn start(books: &Path) -> Result<Self> {
        let (sender, receiver) = channel();
        let path = beside(books, "head");
        let spawned = std::thread::Builder::new().name("head".to_owned()).spawn(move || write_newest(&path, &receiver));
        let writer = spawned.map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", "head file").caused_by(e))?;
        Ok(HeadFile { sender: Some(sender), writer: Some(writer) })
    }
    /// Notes a new head, after its commit.
    pub fn note(&self, pos: i64, hash: String) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(Note::Head((pos, hash)));
        }
    }
    /// Writes every head from now on at `path` too.
    pub fn also(&self, path: &Path) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(Note::Also(path.to_owned()));
        }
    }
}

impl Drop for HeadFile {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// A head goes to the paths that were named before it: one that was named later may know of entries that the
/// books have lost.
fn write_newest(path: &Path, receiver: &Receiver<Note>) {
    let mut places: Vec<(PathBuf, Option<Head>)> = vec![(path.to_owned(), None)];
    while let Ok(first) = receiver.recv() {
        for note in std::iter::once(first).chain(receiver.try_iter()) {
            match note {
                Note::Head(head) => places.iter_mut().for_each(|(_, newest)| *newest = Some(head.clone())),
                Note::Also(path) => places.push((path, None)),
            }
        }
        for (path, newest) in &mut places {
            // A head that cannot be written is tried again with the next entry; the books stay right.
            let _ = newest.take().map(|head| write(path, &head));
        }
    }
}

/// Writes a new file and renames it over the old one: a crash leaves one of the two whole.
fn write(path: &Path, head: &Head) -> std::io::Result<()> {
    let fresh: PathBuf = beside(path, "new");
    let mut file = File::create(&fresh)?;
    writeln!(file, "{} {}", head.0, head.1)?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}
