//! Standard output. A reader that goes away ends the program quietly.

use std::io::{self, BufWriter, Write};

use daybook_core::shared::error::{Error, Kind};
use serde_json::Value;

use crate::failure::Failure;

/// Where answers go, and in which form.
pub struct Screen {
    /// Whether JSON is wanted.
    pub json: bool,
}

impl Screen {
    /// Standard output.
    pub fn new(json: bool) -> Self {
        Screen { json }
    }
    /// One line or more.
    pub fn say(&self, text: impl std::fmt::Display) -> Result<(), Failure> {
        self.write(|out| writeln!(out, "{text}"))
    }
    /// A line for people that is no answer.
    pub fn warn(&self, text: impl std::fmt::Display) {
        // Nobody has to read it: a closed standard error is no failure.
        let _ = writeln!(io::stderr(), "warning: {text}");
    }
    /// A value as JSON: on one line when a program reads it, indented for people.
    pub fn value(&self, value: &Value) -> Result<(), Failure> {
        if self.json { self.say(value) } else { self.say(format!("{value:#}")) }
    }
    /// Whatever `write` writes.
    pub fn write(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out).and_then(|()| out.flush()).map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ReaderGone,
            _ => Failure::at("standard output", Error::new(Kind::Storage, "disk.failed").arg("what", "standard output").caused_by(error)),
        })
    }
}
