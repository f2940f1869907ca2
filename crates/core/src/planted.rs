//! Faults that tests put into the core: defects that the proof of sync must find, and steps at which a
//! program may die or its disk be full. Without the feature `planted` all of it is compiled to nothing;
//! no shipped build has it, and a build without debug assertions refuses it.

use crate::shared::error::Result;

#[cfg(all(feature = "planted", not(debug_assertions)))]
compile_error!("the feature `planted` is for tests only");

/// A defect, as somebody might make it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// The device takes the answer to a push for the decision, which comes by the feed alone.
    TrustReceipt,
    /// The cursor moves though rows did not come in.
    CursorAlone,
    /// The digests are not compared.
    SkipDigests,
    /// A refused entry leaves the outbox without a word to anybody.
    DropRefused,
    /// A push may leave out entries.
    AcceptGap,
    /// A command id may come twice.
    NoDedupe,
    /// A push need not continue the entries that the server has.
    IgnoreChain,
    /// Entries are taken back in the order in which they were made.
    UndoOldestFirst,
    /// A later execution takes a new number instead of that of the first.
    NumberAnew,
    /// A stock level of the server replaces one with pending changes in it.
    LastWriterWins,
    /// The server takes it that the device has the same rows.
    ConfirmBlindly,
    /// What needs somebody is forgotten when the rows come anew.
    ForgetAttention,
    /// What a restored server lost is not sent again.
    CarryNothing,
    /// A device gets rows of every scope.
    EveryScope,
    /// A refused entry gets no place in the log.
    ForgetRefused,
    /// An entry that came again under another epoch is not noted.
    NoAlias,
    /// The number of an entry that did not go through keeps no place.
    HoldNothing,
    /// What a failing command has done so far stays.
    NoSavepoint,
    /// Nobody asks what a person may do.
    SkipAuthorize,
    /// A reader of the log misses an entry now and then.
    SkipStep,
    /// The content of files is left behind when the rows come anew.
    LeaveFiles,
    /// Pieces of a file are taken for the whole without its hash.
    TrustPieces,
    /// A row that was taken back stands for whatever comes under its key.
    KeepAside,
    /// What the server finds that an entry said is not compared with what it said.
    TakeWords,
    /// Positions of the log come from a sequence of PostgreSQL, and nobody waits for anybody: what is
    /// committed late is before what readers have seen. `tests/central/positions.rs` catches it.
    SequenceCursor,
}

impl Defect {
    /// Those that simulated worlds must show.
    pub const ALL: &'static [Defect] = &[
        Defect::TrustReceipt,
        Defect::CursorAlone,
        Defect::SkipDigests,
        Defect::DropRefused,
        Defect::AcceptGap,
        Defect::NoDedupe,
        Defect::IgnoreChain,
        Defect::UndoOldestFirst,
        Defect::NumberAnew,
        Defect::LastWriterWins,
        Defect::ConfirmBlindly,
        Defect::ForgetAttention,
        Defect::CarryNothing,
        Defect::EveryScope,
        Defect::ForgetRefused,
        Defect::NoAlias,
        Defect::HoldNothing,
        Defect::NoSavepoint,
        Defect::SkipAuthorize,
        Defect::SkipStep,
        Defect::LeaveFiles,
        Defect::KeepAside,
        Defect::TakeWords,
        Defect::TrustPieces,
    ];
}

#[cfg(not(feature = "planted"))]
pub use inert::{has, panics, step};
#[cfg(feature = "planted")]
pub use live::{Fault, Killed, arm, disarm, has, panics, plant, poison, step};

#[cfg(not(feature = "planted"))]
mod inert {
    use super::{Defect, Result};

    /// Whether the defect is planted: never.
    pub const fn has(_: Defect) -> bool {
        false
    }
    /// A step at which a test may end the program: goes on.
    pub const fn step(_: &'static str) -> Result<()> {
        Ok(())
    }
    /// Whether the command panics when it runs again: no.
    pub const fn panics(_: [u8; 16]) -> bool {
        false
    }
}

#[cfg(feature = "planted")]
mod live {
    use std::cell::{Cell, RefCell};
    use std::collections::HashSet;

    use super::{Defect, Result};
    use crate::shared::error::{Error, Kind};

    /// What happens at a step.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Fault {
        /// The program dies.
        Kill,
        /// The disk is full.
        Full,
    }

    /// What a killed program unwinds with.
    #[derive(Debug)]
    pub struct Killed(
        /// The step.
        pub &'static str,
    );

    thread_local! {
        static DEFECT: Cell<Option<Defect>> = const { Cell::new(None) };
        static ARMED: Cell<Option<(u32, Fault)>> = const { Cell::new(None) };
        static POISONED: RefCell<HashSet<[u8; 16]>> = RefCell::default();
    }

    /// Plants a defect in this thread, or none.
    pub fn plant(defect: Option<Defect>) {
        DEFECT.set(defect);
    }
    /// Whether the defect is planted in this thread.
    pub fn has(defect: Defect) -> bool {
        DEFECT.get() == Some(defect)
    }
    /// Lets `fault` happen in this thread after so many steps.
    pub fn arm(steps: u32, fault: Fault) {
        ARMED.set(Some((steps, fault)));
    }
    /// Lets nothing more happen; whether it had not happened yet.
    pub fn disarm() -> bool {
        ARMED.take().is_some()
    }
    /// A step at which the program may die or its disk be full.
    pub fn step(name: &'static str) -> Result<()> {
        match ARMED.get() {
            Some((0, fault)) => {
                ARMED.set(None);
                match fault {
                    Fault::Kill => std::panic::resume_unwind(Box::new(Killed(name))),
                    Fault::Full => Err(Error::new(Kind::Storage, "disk.full").arg("what", name)),
                }
            }
            Some((left, fault)) => {
                ARMED.set(Some((left - 1, fault)));
                Ok(())
            }
            None => Ok(()),
        }
    }
    /// Lets a command panic whenever it runs again in this thread.
    pub fn poison(command: [u8; 16]) {
        POISONED.with_borrow_mut(|all| all.insert(command));
    }
    /// Whether the command panics when it runs again.
    pub fn panics(command: [u8; 16]) -> bool {
        POISONED.with_borrow(|all| all.contains(&command))
    }
}
