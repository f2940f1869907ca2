//! What a person reads when something fails: where, what, what to do next; and the exit code.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind};

/// Why a subcommand ended early.
pub enum Failure {
    /// The reader of the output went away (`daybook list … | head`): no failure at all.
    ReaderGone,
    /// Something failed at a place: a file, a field, a command.
    At(String, Arc<Error>),
}

impl Failure {
    /// `error` at `place`.
    pub fn at(place: impl Display, error: Error) -> Self {
        Failure::At(place.to_string(), Arc::new(error))
    }
    /// Prints the failure and gives the exit code.
    pub fn report(self, as_json: bool) -> ExitCode {
        let Failure::At(place, error) = self else {
            return ExitCode::SUCCESS;
        };
        let text = if as_json { error.to_json().to_string() } else { worded(&place, &error) };
        let _ = writeln!(io::stderr(), "{text}");
        ExitCode::from(exit_code(error.kind()))
    }
}

fn worded(place: &str, error: &Error) -> String {
    let place = match error.field_path() {
        Some(field) if place.is_empty() => field.to_owned(),
        Some(field) => format!("{place}: {field}"),
        None => place.to_owned(),
    };
    let mut text = format!("error: {place}: {}", error.message());
    if let Some(source) = std::error::Error::source(error) {
        text.push_str(&format!(" ({source})"));
    }
    let next = error.next();
    if next.is_empty() { text } else { format!("{text}\n  next: {next}") }
}

/// 1 not found or not proved, 2 bad input, 3 not allowed now, 4 files and locks, 5 a defect.
pub fn exit_code(kind: Kind) -> u8 {
    match kind {
        Kind::NotFound | Kind::Corrupt => 1,
        Kind::Invalid => 2,
        Kind::Denied | Kind::State | Kind::Closed | Kind::Conflict => 3,
        Kind::Busy | Kind::Storage | Kind::Incompatible => 4,
        Kind::Internal => 5,
    }
}

/// Says where an error happened.
pub trait Placed<T> {
    /// The same outcome, with the place of the error.
    fn at(self, place: impl Display) -> Result<T, Failure>;
}

impl<T> Placed<T> for Result<T, Error> {
    fn at(self, place: impl Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::at(place, error))
    }
}

impl<T> Placed<T> for io::Result<T> {
    fn at(self, place: impl Display) -> Result<T, Failure> {
        self.map_err(|error| {
            let place = place.to_string();
            let kind = if error.kind() == io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Storage };
            let code = if kind == Kind::NotFound { "file.missing" } else { "disk.failed" };
            Failure::at(&place, Error::new(kind, code).arg("what", &place).caused_by(error))
        })
    }
}
