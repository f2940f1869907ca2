//! Content of files in and out of the books, outside the daybook.

use super::App;
use crate::files::{MediaType, StoredFile, api};
use crate::shared::error::Result;
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
    /// The bytes of a file of the books; `file.unknown` when they do not have it.
    pub fn read_file(&self, hash: &str) -> Result<Vec<u8>> {
        let hash = Code::new(hash)?;
        self.read(|tx, cx| {
            crate::identity::api::authorize(tx, cx.actor, Permission::Read)?;
            api::read(tx, &hash)
        })
    }
}
