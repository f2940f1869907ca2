//! Books and their server: turning one into the other, greeting, snapshots for new devices.

use super::{App, register};
use crate::daybook::state::{DeviceState, Followed, Part};
use crate::daybook::wire::{Fate, Feed, Hello, Pull, Push, Welcome};
use crate::daybook::{attention, log, outbox};
use crate::db::{Books, Tx};
use crate::planted::{self, Defect};
use crate::shared::Id;
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;
use crate::vals;

/// How a device stands to its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The server has this device's entries up to here.
    Same {
        /// The newest sequence number it has.
        server_has: u64,
    },
    /// The server has entries under this device's name that these books do not: a copy or an older state
    /// of them. What is pending goes on under this epoch.
    Forked {
        /// The epoch to begin.
        epoch: i64,
    },
    /// The server was restored from an older state: the rows must come anew.
    OtherLog,
    /// Somebody on the device may read more than it holds: the rows must come anew.
    MoreScopes,
}

impl App {
    /// Makes these books, which must be empty, a server's: entries are accepted and logged from now on.
    pub fn become_server(&self) -> Result<()> {
        self.storage.write(|tx| {
            if tx.one::<i64>("SELECT count(*) FROM daybook", &[])? > 0 {
                return Err(Error::new(Kind::State, "sync.not_empty"));
            }
            DeviceState { part: Part::Server, ..self.device() }.write(tx)
        })?;
        self.be(DeviceState { part: Part::Server, ..self.device() });
        Ok(())
    }
    /// Makes these books, made alone, a device's copy of a new tenant's: everything in them is pending.
    /// `scope.absent` unless `scopes` are all there are: who brings books may read them.
    pub fn become_first_device(&self, scopes: &[String]) -> Result<()> {
        if !super::scopes::absent_without(scopes).is_empty() || scopes.is_empty() {
            return Err(Error::new(Kind::State, "scope.absent"));
        }
        // Books that were restored or copied have entries of more than one life.
        let several = self.storage.read(|tx| outbox::has_other_lives(tx, &self.device()))?;
        let facts = DeviceState { part: Part::Device, epoch: self.device().epoch + i64::from(several), ..self.device() };
        let work = |tx: &mut Tx<'_>| {
            outbox::queue_all(tx)?;
            Followed { scopes: scopes.to_vec(), ..Followed::default() }.write(tx)?;
            if several {
                outbox::renew(tx, &facts, facts.epoch)?;
            }
            facts.write(tx)
        };
        if several {
            self.storage.replay(work)?
        } else {
            self.storage.write(work)?
        }
        self.be(facts);
        self.note_head()
    }
    /// Takes a seat at books that came as a snapshot: this device, this person.
    pub fn take_seat(&self, device: DeviceId, actor: UserId) -> Result<()> {
        let facts = DeviceState::new(device, actor, Part::Device);
        self.storage.write(|tx| facts.write(tx))?;
        self.be(facts);
        Ok(())
    }
    /// Puts what is pending under a new epoch: the server knows entries that these books do not have.
    pub fn begin_epoch(&self, epoch: i64) -> Result<()> {
        let facts = DeviceState { epoch, ..self.device() };
        self.storage.replay(|tx| {
            outbox::renew(tx, &facts, epoch)?;
            facts.write(tx)?;
            planted::step("epoch.commit")
        })?;
        self.be(facts);
        planted::step("epoch.committed")?;
        self.note_head()
    }

    /// How this device stands, for its server.
    pub fn hello(&self) -> Result<Hello> {
        let device = self.device();
        let followed = self.followed()?;
        Ok(Hello { device: device.device.bytes(), epoch: device.epoch, cursor: followed.cursor, chain: followed.chain.into(), schema: self.schema })
    }
    /// How the server sees a device that came; `scopes` are those it may hold.
    pub fn greet(&self, hello: &Hello, scopes: &[String]) -> Result<Welcome> {
        let device: DeviceId = Id::from_bytes(hello.device);
        let now_ms = self.now().millis();
        self.storage.read(|tx| {
            let sql = "SELECT last_seq, last_hash FROM device_cursor WHERE device = ?1 AND epoch = ?2";
            let (last_seq, last_hash): (i64, Vec<u8>) = tx.opt(sql, vals![device, hello.epoch])?.unwrap_or_default();
            let same_log = log::chain_at(tx, hello.cursor)?.as_deref() == Some(hello.chain.as_slice());
            Ok(Welcome {
                last_seq: u64::try_from(last_seq).unwrap_or_default(),
                last_hash: last_hash.into(),
                epoch: tx.one("SELECT coalesce(max(epoch), 0) FROM device_cursor WHERE device = ?1", vals![device])?,
                head: log::head(tx)?,
                same_log,
                schema: self.schema,
                scopes: scopes.to_vec(),
                now_ms,
            })
        })
    }
    /// What a welcome means for this device.
    pub fn standing(&self, welcome: &Welcome) -> Result<Standing> {
        let device = self.device();
        if !welcome.same_log {
            return Ok(Standing::OtherLog);
        }
        if self.lacks(&welcome.scopes)? {
            return Ok(Standing::MoreScopes);
        }
        let seq = i64::try_from(welcome.last_seq).map_err(|e| Error::internal("sync.seq").caused_by(e))?;
        let ours = self.storage.read(|tx| match seq {
            0 => Ok(Some(Vec::new())),
            _ => Ok(tx
                .opt::<(Vec<u8>,)>("SELECT hash FROM daybook WHERE device = ?1 AND epoch = ?2 AND seq = ?3", vals![device.device, device.epoch, seq])?
                .map(|(hash,)| hash)),
        })?;
        let known = ours.as_deref() == Some(welcome.last_hash.as_slice()) || planted::has(Defect::IgnoreChain);
        let same = known && welcome.epoch <= device.epoch;
        Ok(if same { Standing::Same { server_has: welcome.last_seq } } else { Standing::Forked { epoch: welcome.epoch.max(device.epoch) + 1 } })
    }
    /// The log after `pull.cursor` for a device.
    pub fn feed(&self, pull: &Pull, device: DeviceId, scopes: &[String]) -> Result<Feed> {
        if pull.schema != self.schema {
            return Err(Error::new(Kind::Incompatible, "sync.schema").arg("ours", self.schema).arg("theirs", pull.schema));
        }
        self.storage.read(|tx| log::read(tx, pull, device, scopes, &|table| Ok(register().record(table)?.keys)))
    }
    /// The next run of pending entries after the sequence number that the server has; `whole` when the server
    /// asked for what they said word for word.
    pub fn next_push(&self, after: u64, most: i64, bytes: usize, whole: bool) -> Result<Option<Push>> {
        if planted::has(Defect::TrustReceipt) {
            self.storage.write(|tx| outbox::trust(tx, &self.device(), after))?;
        }
        self.storage.read(|tx| outbox::next_push(tx, &self.device(), after, most, bytes, whole))
    }
    /// Whether entries of this device are pending.
    pub fn waiting(&self) -> Result<bool> {
        self.storage.read(outbox::count).map(|count| count > 0)
    }
    /// How far the device followed its server.
    pub fn followed(&self) -> Result<Followed> {
        self.storage.read(Followed::read)
    }

    /// What became of commands, of those that the server knows.
    pub fn fates(&self, commands: &[[u8; 16]]) -> Result<Vec<Fate>> {
        self.storage.read(|tx| {
            let mut fates = Vec::with_capacity(commands.len());
            for command in commands {
                let sql = "SELECT d.pos, d.state, d.reason FROM daybook d JOIN log_entry l ON l.pos = d.pos WHERE d.command = ?1";
                let row: Option<(i64, String, Option<String>)> = tx.opt(sql, vals![Id::<()>::from_bytes(*command)])?;
                fates.extend(row.map(|(pos, state, reason)| Fate { command: *command, pos, state, reason }));
            }
            Ok(fates)
        })
    }
    /// The commands of this device's own entries.
    pub fn own_commands(&self) -> Result<Vec<[u8; 16]>> {
        let rows: Vec<(CommandId,)> = self.storage.read(|tx| tx.all("SELECT command FROM daybook ORDER BY pos", &[]))?;
        Ok(rows.into_iter().map(|(command,)| command.bytes()).collect())
    }
    /// Takes over what a device had in `old` into these books, which came as a snapshot: its entries, and
    /// what needs somebody. What the server decided stands as in `fates`; what it does not know, because
    /// it was not sent or the server lost it, is pending under `epoch`, and run again.
    pub fn carry_over(&self, old: &App, fates: &[Fate], epoch: i64) -> Result<()> {
        let facts = DeviceState { part: Part::Device, epoch, ..old.device() };
        self.storage.replay(|tx| {
            let cursor = Followed::read(tx)?.cursor;
            let files = if planted::has(Defect::LeaveFiles) { &[] } else { FILES };
            old.storage.read(|from| KEPT.iter().chain(files).try_for_each(|(table, columns)| copy_table(from, tx, table, columns)))?;
            if !planted::has(Defect::CarryNothing) {
                outbox::queue_everything(tx)?;
            }
            planted::step("carry.copied")?;
            for fate in fates.iter().filter(|fate| fate.pos <= cursor) {
                outbox::settle_command(tx, Id::from_bytes(fate.command), &fate.state, fate.reason.as_deref())?;
            }
            attention::forget_settled(tx)?;
            if old.storage.read(super::scopes::is_unscrubbed)? {
                super::scopes::scrub_later(tx)?;
            }
            if !planted::has(Defect::ForgetAttention) {
                attention::raise_missing(tx, self.now())?;
                super::inbox::leave_overtaken(tx)?;
            }
            outbox::renew(tx, &facts, epoch)?;
            facts.write(tx)?;
            for pending in outbox::pending(tx)? {
                self.run_pending(tx, &pending)?;
                planted::step("carry.run")?;
            }
            planted::step("carry.commit")
        })?;
        self.be(facts);
        planted::step("carry.committed")?;
        self.note_head()?;
        self.storage.books().map_or(Ok(()), Books::fold_log)
    }
}

/// What a device keeps of its own when its rows come anew.
const KEPT: &[(&str, &str)] = &[
    ("daybook", "pos, command, device, epoch, seq, name, actor, recorded_at, batch, envelope, content_hash, prev, hash, state, result, effect, reason"),
    ("attention", "command, pos, root, raised_at, state, remark, resolved_by"),
];

/// The content of files, which no snapshot has.
const FILES: &[(&str, &str)] =
    &[("file_content", "hash, size, stored_at"), ("file_chunk", "hash, n, bytes"), ("file_arriving", "hash, size, came_at"), ("file_piece", "hash, n, bytes")];

/// Row by row, from one books file into another.
fn copy_table(from: &mut Tx<'_>, to: &mut Tx<'_>, table: &str, columns: &str) -> Result<()> {
    let marks: Vec<String> = (1..=columns.split(", ").count()).map(|n| format!("?{n}")).collect();
    let insert = format!("INSERT INTO {table} ({columns}) VALUES ({})", marks.join(", "));
    from.each(&format!("SELECT {columns} FROM {table}"), &[], |cells| to.run(&insert, &cells).map(drop))
}
