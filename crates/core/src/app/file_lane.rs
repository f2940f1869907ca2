//! The lane in which the content of files travels between a device and its server, apart from entries and
//! behind them (`docs/decisions/0014-attachments.md`).

use super::App;
use crate::daybook::state::Part;
use crate::daybook::wire::{FilePiece, FileWord};
use crate::files::api::{self, Arrived, lane, scan};
use crate::files::lane::{Standing, Step};
use crate::files::scan::Verdict;
use crate::identity::api::authorize;
use crate::planted;
use crate::shared::context::UserId;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Instant, Permission};

/// What a server's operator decided about files.
#[derive(Clone, Copy, Debug)]
pub struct FileRules {
    /// Whether there is a scanner: what it has not found clean is not given out.
    pub scanned: bool,
    /// The largest file, in bytes.
    pub size_max: i64,
    /// The most bytes of all files of a tenant.
    pub total_max: i64,
}

impl App {
    /// How this server stands to content. What nothing here names is `absent`, whoever else may have it.
    pub fn file_words(&self, hashes: &[String], rules: FileRules) -> Result<Vec<FileWord>> {
        self.storage.read(|tx| hashes.iter().map(|hash| scan::word(tx, hash, rules.scanned)).collect())
    }
    /// Takes a piece of content that a row of these books names: entries come before bytes.
    pub fn take_file_piece(&self, piece: &FilePiece, rules: FileRules) -> Result<FileWord> {
        let (arrived, word) = self.storage.write(|tx| {
            let hash = api::hash_of(&piece.hash)?;
            if !api::is_named(tx, &hash, piece.size)? {
                return Err(Error::new(Kind::State, "file.unnamed"));
            }
            if piece.size > rules.size_max {
                return Err(Error::invalid("file.too_large").arg("size", piece.size).arg("max", rules.size_max));
            }
            if piece.n == 1 && api::bytes_kept(tx)?.saturating_add(piece.size) > rules.total_max && api::find(tx, &hash)?.is_none() {
                return Err(Error::new(Kind::State, "file.no_room").arg("max", rules.total_max));
            }
            let arrived = api::take(tx, self.now(), piece)?;
            planted::step("file.commit")?;
            Ok((arrived, scan::word(tx, &piece.hash, rules.scanned)?))
        })?;
        planted::step("file.committed")?;
        if arrived == Arrived::Altered { Err(api::altered(&piece.hash)) } else { Ok(word) }
    }
    /// Gives out a piece, from 1, of content to somebody who may read what names it. Content that nothing names
    /// any more is as unknown as any.
    pub fn give_file_piece(&self, hash: &str, n: i64, user: UserId, rules: FileRules) -> Result<FilePiece> {
        self.storage.read(|tx| {
            let hash = api::hash_of(hash)?;
            let size = api::find(tx, &hash)?.ok_or_else(|| api::unknown(hash.as_str()))?;
            if !api::is_named(tx, &hash, size)? {
                return Err(api::unknown(hash.as_str()));
            }
            let needs = api::reading(tx, &hash)?;
            authorize(tx, user, needs)?;
            scan::check(tx, &hash, rules.scanned)?;
            let bytes = api::chunk(tx, &hash, n)?.ok_or_else(|| Error::invalid("file.gap").arg("expected", api::pieces_of(size)))?;
            Ok(FilePiece { hash: hash.to_string(), size, n, bytes: bytes.into() })
        })
    }

    /// Takes content that is due for a scan: its hash and its pieces. It is `scanning` from now on.
    pub fn begin_scan(&self) -> Result<Option<(Code, i64)>> {
        let taken = self.storage.write(|tx| scan::begin(tx, self.now()))?;
        Ok(taken.map(|(hash, size)| (hash, api::pieces_of(size))))
    }
    /// Piece `n`, from 1, of content, for the scanner alone.
    pub fn scan_piece(&self, hash: &Code, n: i64) -> Result<Vec<u8>> {
        self.storage.read(|tx| api::chunk(tx, hash, n))?.ok_or_else(|| api::unknown(hash.as_str()))
    }
    /// Notes what the scanner said, and which signatures it has.
    pub fn note_scan(&self, hash: &Code, verdict: &Verdict, signatures: &str) -> Result<()> {
        self.storage.write(|tx| scan::note(tx, self.now(), hash, verdict, signatures))
    }
    /// Takes clean content in which other signatures found nothing: its hash and its pieces. It stays clean.
    pub fn begin_scan_again(&self, signatures: &str) -> Result<Option<(Code, i64)>> {
        let taken = self.storage.write(|tx| scan::begin_again(tx, self.now(), signatures))?;
        Ok(taken.map(|(hash, size)| (hash, api::pieces_of(size))))
    }
    /// Notes what the scanner said of content that is clean so far.
    pub fn note_scan_again(&self, hash: &Code, verdict: &Verdict, signatures: &str) -> Result<()> {
        self.storage.write(|tx| scan::note_again(tx, self.now(), hash, verdict, signatures))
    }
    /// When clean content is due to be looked into with these signatures (ms); `None` when all of it was.
    pub fn scan_again_due_at(&self, signatures: &str) -> Result<Option<i64>> {
        self.storage.read(|tx| scan::again_due_at(tx, signatures))
    }
    /// When the next scan is due (ms); `None` when all content is judged.
    pub fn scan_due_at(&self) -> Result<Option<i64>> {
        self.storage.read(scan::due_at)
    }

    /// What the lane of this device does next; answers of before `stale` do not count, unless they are final.
    pub fn next_file_step(&self, stale: Instant) -> Result<Step> {
        self.storage.read(|tx| lane::next(tx, self.now(), stale))
    }
    /// Notes what the server said of content.
    pub fn note_file_words(&self, words: &[FileWord]) -> Result<()> {
        self.storage.write(|tx| words.iter().try_for_each(|word| lane::note(tx, self.now(), word)))?;
        if words.iter().any(|word| word.state != "arriving") {
            self.announce(vec![LANE.to_owned()]);
        }
        Ok(())
    }
    /// Notes why content does not go on.
    pub fn note_file_trouble(&self, hash: &Code, error: &Error) -> Result<()> {
        self.storage.write(|tx| lane::note_trouble(tx, self.now(), hash, error))?;
        self.announce(vec![LANE.to_owned()]);
        Ok(())
    }
    /// Piece `n`, from 1, of content of this device, to send.
    pub fn file_piece(&self, hash: &Code, n: i64) -> Result<FilePiece> {
        self.storage.read(|tx| {
            let size = api::find(tx, hash)?.ok_or_else(|| api::unknown(hash.as_str()))?;
            let bytes = api::chunk(tx, hash, n)?.ok_or_else(|| api::unknown(hash.as_str()))?;
            Ok(FilePiece { hash: hash.to_string(), size, n, bytes: bytes.into() })
        })
    }
    /// Keeps a piece that the server gave. `file.altered` when the whole has another hash: it is asked for
    /// again from the beginning.
    pub fn keep_file_piece(&self, piece: &FilePiece) -> Result<()> {
        let arrived = self.storage.write(|tx| {
            let arrived = api::take(tx, self.now(), piece)?;
            if arrived == Arrived::Whole {
                lane::came(tx, &api::hash_of(&piece.hash)?)?;
            }
            planted::step("piece.commit")?;
            Ok(arrived)
        })?;
        planted::step("piece.committed")?;
        if arrived == Arrived::Whole {
            self.announce(vec![LANE.to_owned()]);
        }
        if arrived == Arrived::Altered { Err(api::altered(&piece.hash)) } else { Ok(()) }
    }
    /// Somebody waits for content that is elsewhere. Nothing to do in books without a server.
    pub fn want_file(&self, hash: &str) -> Result<()> {
        let hash = api::hash_of(hash)?;
        if self.device().part != Part::Device {
            return Ok(());
        }
        self.storage.write(|tx| {
            authorize(tx, self.actor(), Permission::Read)?;
            lane::want(tx, &hash)
        })?;
        self.announce(vec![LANE.to_owned()]);
        Ok(())
    }
    /// How every file of these books stands here.
    pub fn file_standings(&self) -> Result<Vec<Standing>> {
        self.read(|tx, cx| {
            authorize(tx, cx.actor, Permission::Read)?;
            lane::standings(tx)
        })
    }
    /// How some of them stand; what nothing has is left out.
    pub fn file_standings_of(&self, hashes: &[String]) -> Result<Vec<Standing>> {
        self.read(|tx, cx| {
            authorize(tx, cx.actor, Permission::Read)?;
            let mut found = Vec::with_capacity(hashes.len());
            for hash in hashes {
                found.extend(lane::standing_of(tx, &api::hash_of(hash)?)?);
            }
            Ok(found)
        })
    }
}

/// The tag that changes when the lane moves.
const LANE: &str = "file_way";
