//! Files of the books: an upload becomes content, content is read back.

use std::path::Path;
use std::sync::Arc;

use daybook_core::app::App;
use daybook_core::files::{FILE_MAX, MediaType, StoredFile, api};
use daybook_core::shared::error::{Error, Kind, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Access, Desk, Reply};

/// An upload that becomes a file of the books.
#[derive(Deserialize)]
pub struct Store {
    /// Handle of the upload.
    file: String,
    /// What it is called; as the upload when absent.
    name: Option<String>,
    /// What it is; by its name when absent.
    media_type: Option<MediaType>,
}

/// Content to read back.
#[derive(Deserialize)]
pub struct Read {
    /// Its hash.
    hash: String,
    /// What it is.
    media_type: MediaType,
}

/// Keeps an upload as content of the books; commands name it by the answer.
pub fn store(desk: &Arc<Desk>, wanted: &Store) -> Result<StoredFile> {
    let (path, name) = desk.uploads().find(&wanted.file)?;
    let name = wanted.name.as_deref().unwrap_or(&name);
    let bytes = read_small(&path, name)?;
    desk.with(|app| app.store_file(name, wanted.media_type, &bytes))
}

/// The content of a file of the books. It must be what the caller takes it for: nothing is handed out under
/// another type than it was checked for. Content that is elsewhere is on its way from then on.
pub fn read(desk: &Arc<Desk>, wanted: &Read) -> Result<Reply> {
    let bytes = desk.with(|app| app.read_file(&wanted.hash)).or_else(|error| match error.code() {
        "file.not_here" => fetch(desk, &wanted.hash).and(Err(error)),
        _ => Err(error),
    })?;
    wanted.media_type.check(&bytes)?;
    Ok(Reply::file(wanted.media_type, bytes))
}

/// Lets content come from the server, before anything else of the lane.
fn fetch(desk: &Arc<Desk>, hash: &str) -> Result<()> {
    if desk.access() == Access::Read {
        return Ok(());
    }
    desk.with(|app| app.want_file(hash))?;
    desk.runner().tell(daybook_sync::Event::Now);
    Ok(())
}

/// Which files to show.
#[derive(Deserialize)]
pub struct Listed {
    /// By hash; all when absent.
    hashes: Option<Vec<String>>,
}

/// How files of the books stand here, with one word each.
pub fn list(desk: &Arc<Desk>, wanted: &Listed) -> Result<Value> {
    let standings = match &wanted.hashes {
        Some(hashes) => desk.with(|app| app.file_standings_of(hashes))?,
        None => desk.with(App::file_standings)?,
    };
    let shown = standings.iter().map(
        |file| json!({ "hash": file.hash, "name": file.name, "media_type": file.media_type, "size": file.size, "state": file.word(), "reason": file.reason }),
    );
    Ok(json!({ "files": shown.collect::<Vec<_>>() }))
}

/// The bytes of a file that is small enough to be kept; larger ones are not read at all.
fn read_small(path: &Path, name: &str) -> Result<Vec<u8>> {
    let unreadable = |e: std::io::Error| Error::new(Kind::Invalid, "upload.unreadable").arg("name", name).caused_by(e);
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    api::check_size(usize::try_from(size).unwrap_or(FILE_MAX + 1))?;
    std::fs::read(path).map_err(unreadable)
}
