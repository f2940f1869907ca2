//! How a device follows its server's log: one transaction that takes back what is pending, puts in the
//! rows that came, checks the digests, settles its own entries and runs the rest again. Where nothing
//! of what came touches what is pending, nothing is taken back.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use super::execute::hold_numbers;
use super::{App, register};
use crate::daybook::attention::Chains;
use crate::daybook::digest::{Digests, digest_of};
use crate::daybook::feed::{self, Image, decode_images};
use crate::daybook::outbox::{self, Pending};
use crate::daybook::state::Followed;
use crate::daybook::take_back::{Journals, take_back_all, take_back_singly};
use crate::daybook::wire::{Feed, Step, digests_in};
use crate::daybook::{entry, log, rebase};
use crate::db::Tx;
use crate::planted::{self, Defect};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::shared::{Id, Val};

/// What following a stretch of the log did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// The position up to which the device now has the log.
    pub cursor: i64,
    /// Own entries that the server accepted.
    pub accepted: usize,
    /// Own entries that need somebody now.
    pub raised: usize,
    /// Rows that came.
    pub rows: usize,
    /// Whether what was pending had to be taken back and run again.
    pub rebased: bool,
}

impl App {
    /// Follows `feed`, which must begin where the device stands (`sync.cursor`) and be read for the scopes it
    /// holds (`sync.scopes`). `sync.need_full` asks for
    /// the same stretch with all rows; `sync.diverged` says that rows are not the server's and must come
    /// anew. Nothing has changed then.
    pub fn follow(&self, feed: &Feed) -> Result<Applied> {
        let outcome = match self.follow_as(feed, true) {
            // A pending row holds a natural key that the server gave to another, or pending rows gave theirs to
            // each other: step by step then.
            Err(error) if is_taken(&error) => self.follow_as(feed, false),
            outcome => outcome,
        };
        // Rows of a whole stretch may have given natural keys to each other: entry by entry then.
        let outcome = match outcome {
            Err(error) if is_taken(&error) && feed.steps.iter().any(Step::is_merged) => Err(need_full()),
            outcome => outcome,
        };
        let (applied, tables) = outcome?;
        planted::step("follow.committed")?;
        if !tables.is_empty() {
            self.announce(tables.into_iter().collect());
        }
        Ok(applied)
    }

    /// Runs a pending entry again. One that fails now stays pending without effects, with the reason why
    /// it will probably be refused: only the server refuses.
    pub(super) fn run_pending(&self, tx: &mut Tx<'_>, pending: &Pending) -> Result<()> {
        let reason = match tx.savepoint(|tx| self.redo(tx, pending.pos)) {
            Ok(()) => None,
            Err(error) if matches!(error.kind(), Kind::Busy | Kind::Storage) => return Err(error),
            Err(error) => Some(self.hold_pending(tx, pending.pos, error)?.to_json().to_string()),
        };
        outbox::settle(tx, pending.pos, "pending", reason.as_deref())
    }

    /// Leaves of an entry that fails what stays of it; gives the reason to tell.
    fn hold_pending(&self, tx: &mut Tx<'_>, pos: i64, error: Error) -> Result<Error> {
        let stored = entry::at(tx, pos)?.ok_or_else(|| Error::internal("sync.seq"))?;
        tx.take_log();
        let told = hold_numbers(tx, &stored.envelope, stored.device, error)?;
        self.keep_journal(tx, pos)?;
        Ok(told)
    }

    /// `quickly`: without taking anything back where that may be, and otherwise all of it at once.
    fn follow_as(&self, feed: &Feed, quickly: bool) -> Result<(Applied, BTreeSet<String>)> {
        self.storage.replay(|tx| {
            let mut followed = Followed::read(tx)?;
            if feed.from != followed.cursor {
                return Err(Error::new(Kind::Conflict, "sync.cursor").arg("have", followed.cursor).arg("from", feed.from));
            }
            if !super::scopes::same(&feed.scopes, &followed.scopes) {
                return Err(Error::new(Kind::Conflict, "sync.scopes"));
            }
            let pending: VecDeque<Pending> = outbox::pending(tx)?.into();
            let mut follower = Follower {
                app: self,
                pending,
                digests: log::digests(tx)?,
                chains: Chains::default(),
                tables: BTreeSet::new(),
                made: HashMap::new(),
                applied: Applied::default(),
            };
            let images = feed.steps.iter().map(images_of).collect::<Result<Vec<_>>>()?;
            if quickly && follower.commutes(tx, &feed.steps, &images)? {
                follower.stay(tx, &feed.steps, images)?;
            } else {
                follower.take_back(tx, quickly)?;
                follower.rebase(tx, &feed.steps, images)?;
            }
            super::inbox::leave_overtaken(tx)?;
            planted::step("follow.followed")?;
            follower.check(&digests_in(&feed.digests))?;
            log::keep_digests(tx, &follower.digests)?;
            (followed.cursor, followed.chain) = (feed.to, feed.chain.to_vec());
            followed.write(tx)?;
            tx.take_log();
            planted::step("follow.commit")?;
            Ok((Applied { cursor: feed.to, ..follower.applied }, follower.tables))
        })
    }
}

/// The images of a step; `None` when the server left them out.
fn images_of(step: &Step) -> Result<Option<Vec<Image>>> {
    let Some(scopes) = &step.rows else { return Ok(None) };
    let mut images = Vec::new();
    for bytes in scopes {
        images.extend(decode_images(bytes)?);
    }
    Ok(Some(images))
}

fn is_taken(error: &Error) -> bool {
    error.kind() == Kind::Conflict && error.code() == "row.exists"
}

fn is_through(step: &Step) -> bool {
    matches!(step.state.as_str(), "accepted" | "excepted")
}

/// Asks for the same stretch with all rows.
fn need_full() -> Error {
    Error::new(Kind::Conflict, "sync.need_full")
}

/// Rows by table and key, each with a step of the stretch.
type Touched = HashMap<&'static str, HashMap<Vec<Val>, usize>>;

/// How many entries are taken back at once: their journals are in memory together.
const TAKEN_BACK: usize = 2_000;

struct Follower<'a> {
    app: &'a App,
    pending: VecDeque<Pending>,
    digests: Digests,
    chains: Chains,
    tables: BTreeSet<String>,
    /// The ids of rows that entries made, by the place of the entry.
    made: HashMap<i64, Vec<[u8; 16]>>,
    applied: Applied,
}

impl Follower<'_> {
    /// Whether the stretch can be followed without taking anything back: own entries come in order and
    /// left the same rows, and what others did touches no row that is still pending.
    fn commutes(&self, tx: &mut Tx<'_>, steps: &[Step], images: &[Option<Vec<Image>>]) -> Result<bool> {
        let own: HashSet<CommandId> = self.pending.iter().map(|pending| pending.command).collect();
        let mut waiting = self.pending.iter();
        // At which step an entry is settled, and at which one others touch a row for the first time.
        let (mut settled, mut touched) = (Vec::new(), Touched::new());
        for (n, (step, images)) in steps.iter().zip(images).enumerate() {
            if own.contains(&Id::from_bytes(step.command)) {
                let Some(next) = waiting.next().filter(|next| next.command.bytes() == step.command) else { return Ok(false) };
                let same = step.left.as_deref().map(|left| digest_of(left)) == Some(next.effects.left()) || planted::has(Defect::ConfirmBlindly);
                if !is_through(step) || !same {
                    return Ok(false);
                }
                settled.push(n);
                continue;
            }
            let Some(images) = images else { return Ok(false) };
            for image in images.iter().filter(|image| image.table != "stock_level" || !planted::has(Defect::LastWriterWins)) {
                touched.entry(register().record(&image.table)?.table).or_default().entry(key_of(image)?).or_insert(n);
            }
        }
        let settled = settled.into_iter().chain(std::iter::repeat(usize::MAX));
        for (pending, settled) in self.pending.iter().zip(settled).filter(|_| !touched.is_empty()) {
            let journal = rebase::journal_under(tx, pending.pos, self.app.schema())?;
            if journal.iter().any(|step| touched.get(step.table.as_str()).and_then(|keys| keys.get(&step.key)).is_some_and(|n| *n < settled)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Follows without taking anything back.
    fn stay(&mut self, tx: &mut Tx<'_>, steps: &[Step], images: Vec<Option<Vec<Image>>>) -> Result<()> {
        for (step, images) in steps.iter().zip(images) {
            match self.pending.front() {
                Some(next) if next.command.bytes() == step.command => {
                    let next = next.clone();
                    next.effects.add_to(&mut self.digests);
                    self.settle(tx, step, &next)?;
                }
                _ => self.put(tx, images)?,
            }
            planted::step("follow.stayed")?;
        }
        Ok(())
    }

    /// Takes back what is pending, newest first, at once or entry by entry.
    fn take_back(&mut self, tx: &mut Tx<'_>, at_once: bool) -> Result<()> {
        let record_of = |table: &str| register().record(table).ok();
        let mut newest_first: Vec<i64> = self.pending.iter().rev().map(|pending| pending.pos).collect();
        if planted::has(Defect::UndoOldestFirst) {
            newest_first.reverse();
        }
        for some in newest_first.chunks(TAKEN_BACK) {
            let mut journals = Journals::with_capacity(some.len());
            for pos in some {
                let journal = rebase::journal_under(tx, *pos, self.app.schema())?;
                for step in &journal {
                    if !self.tables.contains(&step.table) {
                        self.tables.insert(step.table.clone());
                    }
                }
                self.made.insert(*pos, made_by(&journal));
                journals.push((*pos, journal));
            }
            if at_once {
                take_back_all(tx, &journals, record_of)?
            } else {
                take_back_singly(tx, journals, record_of)?
            }
            planted::step("follow.undone")?;
        }
        Ok(())
    }

    /// Follows after what is pending was taken back, and runs again what is still pending.
    fn rebase(&mut self, tx: &mut Tx<'_>, steps: &[Step], mut images: Vec<Option<Vec<Image>>>) -> Result<()> {
        self.applied.rebased = true;
        for (step, images) in steps.iter().zip(images.iter_mut()) {
            match self.pending.iter().position(|pending| pending.command.bytes() == step.command) {
                Some(place) => {
                    let Some(own) = self.pending.remove(place) else { continue };
                    let made = self.made.remove(&own.pos).unwrap_or_default();
                    self.settle_own(tx, step, images.take(), &own, made)?;
                }
                None => self.put(tx, images.take())?,
            }
            planted::step("follow.put")?;
        }
        for pending in std::mem::take(&mut self.pending) {
            self.app.run_pending(tx, &pending)?;
            planted::step("follow.redone")?;
        }
        Ok(())
    }

    /// One of the device's own entries, taken back, as the server decided on it.
    fn settle_own(&mut self, tx: &mut Tx<'_>, step: &Step, images: Option<Vec<Image>>, own: &Pending, made: Vec<[u8; 16]>) -> Result<()> {
        if !is_through(step) {
            self.raise(tx, step, own, made)?;
        }
        match images {
            Some(images) => self.put(tx, Some(images))?,
            None => {
                let same =
                    if is_through(step) { tx.savepoint(|tx| self.app.redo(tx, own.pos)) } else { self.app.hold_pending(tx, own.pos, need_full()).map(drop) };
                same.map_err(|_| need_full())?;
                let effects = entry::at(tx, own.pos)?.map(|stored| stored.effects).unwrap_or_default();
                if step.left.as_deref().map(|left| digest_of(left)) != Some(effects.left()) {
                    return Err(need_full());
                }
                effects.add_to(&mut self.digests);
            }
        }
        self.pending.push_front(own.clone());
        self.settle(tx, step, own)
    }

    /// Notes that the front pending entry is settled.
    fn settle(&mut self, tx: &mut Tx<'_>, step: &Step, own: &Pending) -> Result<()> {
        self.pending.pop_front();
        rebase::forget(tx, own.pos)?;
        self.applied.accepted += usize::from(is_through(step));
        outbox::settle(tx, own.pos, &step.state, step.reason.as_deref())
    }

    /// Puts an item into the inbox of what needs somebody.
    fn raise(&mut self, tx: &mut Tx<'_>, step: &Step, own: &Pending, made: Vec<[u8; 16]>) -> Result<()> {
        if planted::has(Defect::DropRefused) {
            return Ok(());
        }
        let stored = entry::at(tx, own.pos)?.ok_or_else(|| Error::internal("sync.seq"))?;
        self.applied.raised += 1;
        self.chains.raise(tx, &stored, step.reason.as_deref(), made, self.app.now())
    }

    /// Puts rows of the server into the books.
    fn put(&mut self, tx: &mut Tx<'_>, images: Option<Vec<Image>>) -> Result<()> {
        let images = images.ok_or_else(need_full)?;
        if planted::has(Defect::CursorAlone) {
            return Ok(());
        }
        for image in images {
            let record = register().record(&image.table)?;
            if self.tables.is_empty() || !self.tables.contains(record.table) {
                self.tables.insert(record.table.to_owned());
            }
            feed::put(tx, image, record, &mut self.digests)?;
            self.applied.rows += 1;
        }
        tx.take_log();
        Ok(())
    }

    /// Whether the rows are the server's.
    fn check(&self, theirs: &Digests) -> Result<()> {
        let differs = |(scope, digest): &(&String, &u128)| self.digests.get(*scope).copied().unwrap_or_default() != **digest;
        match theirs.iter().find(differs) {
            Some((scope, _)) if !planted::has(Defect::SkipDigests) => Err(Error::new(Kind::Corrupt, "sync.diverged").arg("scope", scope)),
            _ => Ok(()),
        }
    }
}

fn key_of(image: &Image) -> Result<Vec<Val>> {
    let record = register().record(&image.table)?;
    Ok(image.row.as_deref().map_or_else(|| image.key.clone(), |row| row.get(..record.keys).unwrap_or_default().to_vec()))
}

/// The ids of rows that a journal says were made.
fn made_by(journal: &[crate::db::UndoStep]) -> Vec<[u8; 16]> {
    let made = journal.iter().filter(|step| step.before.is_none());
    made.filter_map(|step| if let [Val::Id(id)] = step.key.as_slice() { Some(*id) } else { None }).collect()
}
