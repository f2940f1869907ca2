//! Books that may be a copy of books that others go on with: somebody put a backup back, or copied the files
//! to another machine. Nothing in them is lost, but they give out no numbers until they are those of a device
//! of its own, with series of its own. What tells copies from books that moved on is outside of the books
//! (`daybook_sync::guard`).

use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use serde_json::json;

use super::{App, Call, compare_heads};
use crate::daybook::outbox;
use crate::daybook::state::{DeviceState, Opening};
use crate::db::{BooksLock, HeadFile};
use crate::identity::api::{find_company, find_device};
use crate::planted;
use crate::shared::context::DeviceId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::id::CommandId;

impl App {
    /// Keeps a copy of the head file at `path`, which does not travel with the books. Entries that it knows and
    /// the books do not are lost too.
    pub fn watch_head(&self, path: &Path) -> Result<()> {
        let synced = HeadFile::read_at(path);
        let (pos, lost) = self.storage.read(|tx| compare_heads(tx, synced))?;
        self.lost.fetch_max(lost, Ordering::SeqCst);
        if let Some(head) = &self.head {
            head.also(path);
        }
        if pos > 0 && self.lost() == 0 { self.note_head() } else { Ok(()) }
    }
    /// Holds `lock` for as long as the books are open.
    pub fn hold(&self, lock: BooksLock) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).push(lock);
    }
    /// Notes which opening of the books this is.
    pub fn note_opening(&self, opening: Opening) -> Result<()> {
        self.take_on(DeviceState { opening, ..self.device() })
    }
    /// Notes that the books may be a copy: they give out no numbers from now on.
    pub fn be_a_copy(&self) -> Result<()> {
        self.take_on(DeviceState { copy: true, ..self.device() })
    }
    /// `sync.copied` in books that may be a copy: what is pending is sent under a device of its own.
    pub fn may_sync(&self) -> Result<()> {
        if self.device().copy { Err(Error::new(Kind::Denied, "sync.copied")) } else { Ok(()) }
    }
    /// Makes these books, which may be a copy, those of `device`, which the server knows as one of its own: what
    /// is pending goes on under it, with the same command ids and the numbers that it has.
    pub fn become_device(&self, device: DeviceId) -> Result<()> {
        let old = self.device();
        let facts = DeviceState { opening: old.opening, ..DeviceState::new(device, old.actor, old.part) };
        self.storage.replay(|tx| {
            outbox::renew(tx, &facts, facts.epoch)?;
            facts.write(tx)?;
            planted::step("device.commit")
        })?;
        self.be(facts);
        self.note_head()
    }
    /// Makes these books, which have no server and may be a copy, those of a device of its own, with the next
    /// free letter.
    pub fn begin_alone(&self) -> Result<()> {
        let old = self.device();
        let facts = DeviceState { opening: old.opening, ..DeviceState::new(CommandId::mint().cast(), old.actor, old.part) };
        let name = self.read(|tx, cx| {
            let company = find_company(tx)?;
            let known = if company.is_some() { find_device(tx, old.device)? } else { None };
            let today = cx.today()?;
            Ok(known.map(|device| format!("{}, {today}", device.name)))
        })?;
        self.batch(None, |batch| {
            if let Some(name) = name {
                batch.execute(Call::new("identity.register_device", json!({ "id": facts.device, "name": name })))?;
            }
            facts.write(batch.tx())
        })?;
        self.be(facts);
        Ok(())
    }

    fn take_on(&self, facts: DeviceState) -> Result<()> {
        self.storage.write(|tx| facts.write(tx))?;
        self.be(facts);
        Ok(())
    }
}
