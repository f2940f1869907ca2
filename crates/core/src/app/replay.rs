//! Replaying entries in other books: what a server does with a device's entries, and how a test shows
//! that both databases end with the same rows.

use super::execute::run_again;
use super::{App, effects_of, register};
use crate::daybook::entry::{self, Entry, Stored};
use crate::daybook::{chain, rebase};
use crate::db::{Tx, encode_undo};
use crate::shared::Id;
use crate::shared::command::Names;
use crate::shared::error::{Error, Kind, Result};

impl App {
    /// Runs every entry of these books in `target`, whose daybook must be empty: same envelopes, same
    /// ids, same numbers, same chain. The content of files goes before them.
    pub fn replay_into(&self, target: &App) -> Result<()> {
        let (head, hash) = self.storage.read(chain::head)?;
        target.storage.write(|tx| {
            self.storage.read(|from| crate::files::api::copy(from, tx, target.now()))?;
            for pos in 1..=head {
                let missing = || Error::new(Kind::Corrupt, "daybook.chain").arg("pos", pos).arg("what", "an entry is missing");
                let stored = self.storage.read(|from| entry::at(from, pos))?.ok_or_else(missing)?;
                target.replay(tx, stored)?;
            }
            let (_, reached) = chain::head(tx)?;
            if reached == hash { Ok(()) } else { Err(Error::new(Kind::Corrupt, "daybook.head").arg("pos", head)) }
        })
    }

    fn replay(&self, tx: &mut Tx<'_>, stored: Stored) -> Result<()> {
        let envelope = stored.envelope;
        let known = register().command(&envelope.name)?;
        tx.take_log();
        crate::identity::api::authorize(tx, Id::from_bytes(envelope.actor), known.needs)?;
        let (answer, _) = run_again(tx, &envelope, Names::Any, None, (stored.device, stored.batch.is_some()))?;
        let log = tx.take_log();
        let result = serde_json::to_vec(&answer).map_err(|e| Error::internal("command.encode").caused_by(e))?;
        let effect = effects_of(&log)?.encode()?;
        let entry = Entry { pos: stored.pos, device: stored.device, epoch: stored.epoch, envelope, batch: stored.batch, result, effect, reason: None };
        entry.write(tx, "local")?;
        rebase::keep(tx, stored.pos, self.schema, encode_undo(&log)?)
    }
}
