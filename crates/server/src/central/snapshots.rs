//! Copies of the books for new devices: made when one asks, kept packed under the hash of their bytes for the
//! next, and sent piece by piece.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use daybook_core::app::{App, DumpHash};
use daybook_core::shared::error::{Error, Kind, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::arguments::Arguments;
use super::caller::Caller;
use super::kept_copies::{self, Copy};
use super::private;
use super::refusal::Answer;
use super::sync::{device_of, scopes_of};
use super::{Shared, reply};

/// zstd level: beyond it little is gained, ids do not compress.
const LEVEL: i32 = 3;
/// How many threads pack a copy.
const PACKERS: u32 = 2;
/// The most bytes sent for one request.
const PIECE: u64 = 8 * 1024 * 1024;

/// Which copy a device wants.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Whether one that is kept will do, from which the log can be followed. Who had books before wants
    /// one at the end of the log.
    #[serde(default)]
    kept: bool,
}

/// `POST /v1/{tenant}/sync/snapshot`: what to download. `{hash, size}`.
pub async fn make(State(central): State<Shared>, caller: Caller, Arguments(wanted): Arguments<Wanted>) -> Answer {
    let folder = folder(&central.data, &caller.tenant.name);
    let (device, person) = (device_of(&caller)?, caller.user);
    let copy = caller.tenant.run(move |app| copy_in(app, &folder, &scopes_of(app, device, person)?, wanted.kept)).await?;
    Ok(reply(&json!({ "hash": copy.hash, "size": copy.size })))
}

/// A copy for a device with `scopes`. Of devices that ask at once the first has it made; the others find it.
fn copy_in(app: &App, folder: &Path, scopes: &[String], kept: bool) -> Result<Copy> {
    private::folder(folder)?;
    let _turn = kept_copies::turn(folder).map_err(|e| failed(folder, e))?;
    match kept.then(|| kept_copies::find(folder, app, scopes)).transpose()?.flatten() {
        Some(copy) => Ok(copy),
        None => make_in(app, folder, scopes),
    }
}

fn make_in(app: &App, folder: &Path, scopes: &[String]) -> Result<Copy> {
    let failed = |e: std::io::Error| failed(folder, e);
    let work = tempfile::Builder::new().prefix("new-").tempdir_in(folder).map_err(failed)?;
    let books = work.path().join("snapshot.books");
    let snapshot = app.snapshot(&books, scopes)?;
    let packed = work.path().join("packed");
    pack(&books, &packed).map_err(failed)?;
    let mut hasher = DumpHash::default();
    let size = std::io::copy(&mut File::open(&packed).map_err(failed)?, &mut hasher).map_err(failed)?;
    let copy = Copy::new(hasher.finish(), size, app, snapshot, scopes);
    kept_copies::keep(folder, &packed, &copy).map_err(failed)?;
    Ok(copy)
}

fn pack(books: &Path, packed: &Path) -> std::io::Result<()> {
    let mut encoder = zstd::stream::Encoder::new(File::create(packed)?, LEVEL)?;
    encoder.multithread(PACKERS)?;
    std::io::copy(&mut File::open(books)?, &mut encoder)?;
    encoder.finish().map(drop)
}

fn failed(folder: &Path, error: std::io::Error) -> Error {
    Error::new(Kind::Storage, "disk.failed").arg("what", folder.display()).caused_by(error)
}

/// `GET /v1/{tenant}/sync/snapshot/{hash}`: a piece, as the `Range` header says.
pub async fn read(State(central): State<Shared>, caller: Caller, UrlPath((_, hash)): UrlPath<(String, String)>, headers: HeaderMap) -> Answer {
    let gone = || Error::new(Kind::NotFound, "sync.snapshot_gone");
    if !kept_copies::is_hash(&hash) {
        return Err(gone().into());
    }
    let path = folder(&central.data, &caller.tenant.name).join(hash);
    let from = begin(&headers);
    let (piece, size) = super::blocking(move || piece(&path, from).map_err(|e| gone().caused_by(e))).await?;
    let last = (from + u64::try_from(piece.len()).unwrap_or_default()).saturating_sub(1);
    let range = format!("bytes {from}-{last}/{size}");
    let headers = [(header::CONTENT_TYPE, "application/zstd".to_owned()), (header::CONTENT_RANGE, range)];
    Ok((StatusCode::PARTIAL_CONTENT, headers, Body::from(piece)).into_response())
}

fn piece(path: &Path, from: u64) -> std::io::Result<(Vec<u8>, u64)> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(from.min(size)))?;
    let mut bytes = Vec::new();
    file.take(PIECE).read_to_end(&mut bytes)?;
    Ok((bytes, size))
}

/// The first byte asked for.
fn begin(headers: &HeaderMap) -> u64 {
    let range = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    range.and_then(|text| text.strip_prefix("bytes=")?.split('-').next()?.parse().ok()).unwrap_or_default()
}

/// Deletes the copies that a server with its data in `data` keeps of a tenant's books. For a tenant that is dropped.
pub fn forget_copies(data: &Path, tenant: &str) -> Result<()> {
    let folder = folder(data, tenant);
    kept_copies::forget(&folder).map_err(|e| failed(&folder, e))
}

/// Where the copies of a tenant are kept.
fn folder(data: &Path, tenant: &str) -> PathBuf {
    data.join("snapshots").join(tenant)
}
