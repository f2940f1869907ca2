//! Content of files in and out of the books, outside the daybook.

use super::App;
use crate::daybook::state::Part;
use crate::files::{MediaType, StoredFile, api};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Permission};

impl App {
    /// Keeps the bytes of a file under their hash; the same bytes again change nothing. What the file is
    /// follows from its name when `media_type` is absent. Commands name it by what this answers.
    pub fn store_file(&self, name: &str, media_type: Option<MediaType>, bytes: &[u8]) -> Result<StoredFile> {
        self.check_whole()?;
        let media_type = media_type.map_or_else(|| MediaType::of_name(name), Ok)?;
        let now = self.now();
        self.storage.write(|tx| {
            crate::identity::api::authorize(tx, self.actor(), Permission::MasterData)?;
            api::store(tx, now, name, media_type, bytes)
        })
    }
    /// The bytes of a file of the books; `file.unknown` when they do not have it, `file.not_here` when a
    /// device of theirs may have it, `file.infected` when the server found something in it.
    pub fn read_file(&self, hash: &str) -> Result<Vec<u8>> {
        let (code, part) = (Code::new(hash)?, self.device().part);
        self.read(|tx, cx| {
            let needs = api::reading(tx, &code)?;
            crate::identity::api::authorize(tx, cx.actor, needs)?;
            match part {
                Part::Alone => {}
                Part::Device => api::lane::check(tx, &code)?,
                Part::Server => api::scan::check(tx, &code, false)?,
            }
            if part != Part::Alone && api::find(tx, &code)?.is_none() && api::is_known(tx, &code)? {
                return Err(Error::new(Kind::State, "file.not_here").field("hash"));
            }
            api::read(tx, &code)
        })
    }
}
