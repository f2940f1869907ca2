//! Replaying entries in other books: what a server does with a device's entries, and how a test shows
//! that both databases end with the same rows.

use super::{App, register};
use crate::daybook::entry::{self, Entry, Stored};
use crate::daybook::{chain, rebase};
use crate::db::{Tx, encode_undo};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Instant};

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
        let action = (known.from_cbor)(&envelope.args)?;
        let now = Instant::from_millis(envelope.wall_ms);
        let mut cx = Context::again(Id::from_bytes(envelope.command), Id::from_bytes(envelope.actor), stored.device, now, envelope.consumed.clone());
        tx.take_log();
        crate::identity::api::authorize(tx, cx.actor, known.needs)?;
        let answer = action.run(tx, &mut cx)?;
        let log = tx.take_log();
        let result = serde_json::to_vec(&answer).map_err(|e| Error::internal("command.encode").caused_by(e))?;
        Entry { pos: stored.pos, device: stored.device, epoch: stored.epoch, envelope, batch: stored.batch, result }.write(tx, "local")?;
        rebase::keep(tx, stored.pos, self.schema, encode_undo(&log)?)
    }
}
