//! A road on which everything is written down as JSON, a message a line, for whoever looks for a fault.

use std::io::Write;
use std::path::Path;

use daybook_core::daybook::wire::{Fate, Feed, FilePiece, FileWord, Hello, Pull, Push, Receipt, Welcome};
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_core::shared::id::CommandId;
use serde::Serialize;
use serde_json::json;

use crate::driver::Road;

/// Another road, and where its messages are written to.
pub struct Traced<'r, W: Write> {
    road: &'r mut dyn Road,
    lines: W,
}

impl<'r, W: Write> Traced<'r, W> {
    /// Writes what travels on `road` to `lines`.
    pub fn new(road: &'r mut dyn Road, lines: W) -> Self {
        Traced { road, lines }
    }
    /// Notes what was asked, asks, and notes the answer.
    fn note<A: Serialize>(&mut self, name: &str, asked: impl Serialize, ask: impl FnOnce(&mut dyn Road) -> Result<A>) -> Result<A> {
        self.line(&json!({ "to": name, "said": asked }))?;
        let answer = ask(self.road);
        let said = match &answer {
            Ok(answer) => json!({ "from": name, "said": answer }),
            Err(error) => json!({ "from": name, "refused": error.to_json() }),
        };
        self.line(&said)?;
        answer
    }
    fn line(&mut self, line: &serde_json::Value) -> Result<()> {
        writeln!(self.lines, "{line}")
            .and_then(|()| self.lines.flush())
            .map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", "the trace").caused_by(e))
    }
}

impl<W: Write> Road for Traced<'_, W> {
    fn hello(&mut self, hello: &Hello) -> Result<Welcome> {
        self.note("hello", hello, |road| road.hello(hello))
    }
    fn push(&mut self, push: &Push) -> Result<Receipt> {
        self.note("push", push, |road| road.push(push))
    }
    fn pull(&mut self, pull: &Pull) -> Result<Feed> {
        self.note("pull", pull, |road| road.pull(pull))
    }
    fn fates(&mut self, commands: &[[u8; 16]]) -> Result<Vec<Fate>> {
        let ids: Vec<CommandId> = commands.iter().map(|command| CommandId::from_bytes(*command)).collect();
        self.note("fates", ids, |road| road.fates(commands))
    }
    fn snapshot(&mut self, path: &Path) -> Result<()> {
        self.note("snapshot", path.display().to_string(), |road| road.snapshot(path))
    }
    fn ask_files(&mut self, hashes: &[String]) -> Result<Vec<FileWord>> {
        self.note("files", hashes, |road| road.ask_files(hashes))
    }
    fn send_piece(&mut self, piece: &FilePiece) -> Result<FileWord> {
        self.note("piece", piece, |road| road.send_piece(piece))
    }
    fn get_piece(&mut self, hash: &str, n: i64) -> Result<FilePiece> {
        self.note("piece", (hash, n), |road| road.get_piece(hash, n))
    }
}
