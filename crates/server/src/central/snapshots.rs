//! Copies of the books for new devices: made when one asks, kept packed under the hash of their bytes, and
//! sent piece by piece.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use daybook_core::app::{App, DumpHash};
use daybook_core::shared::error::{Error, Kind, Result};
use serde_json::json;

use super::caller::Caller;
use super::private;
use super::refusal::Answer;
use super::sync::{device_of, scopes_of};
use super::{Shared, reply};

/// zstd level: beyond it little is gained, ids do not compress.
const LEVEL: i32 = 3;
/// The most bytes sent for one request.
const PIECE: u64 = 8 * 1024 * 1024;
/// How many copies of a tenant are kept.
const KEPT: usize = 4;

/// `POST /v1/{tenant}/sync/snapshot`: what to download. `{hash, size}`.
pub async fn make(State(central): State<Shared>, caller: Caller) -> Answer {
    let folder = folder(&central.data, &caller.tenant.name);
    let (device, person) = (device_of(&caller)?, caller.user);
    let (hash, size) = caller.tenant.run(move |app| make_in(app, &folder, &scopes_of(app, device, person)?)).await?;
    Ok(reply(&json!({ "hash": hash, "size": size })))
}

fn make_in(app: &App, folder: &Path, scopes: &[String]) -> Result<(String, u64)> {
    private::folder(folder)?;
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", folder.display()).caused_by(e);
    let work = tempfile::Builder::new().prefix("new-").tempdir_in(folder).map_err(failed)?;
    let books = work.path().join("snapshot.books");
    app.snapshot(&books, scopes)?;
    let packed = work.path().join("packed");
    let (source, target) = (File::open(&books).map_err(failed)?, File::create(&packed).map_err(failed)?);
    zstd::stream::copy_encode(source, target, LEVEL).map_err(failed)?;
    let mut hasher = DumpHash::default();
    let size = std::io::copy(&mut File::open(&packed).map_err(failed)?, &mut hasher).map_err(failed)?;
    let hash = hasher.finish();
    fs::rename(&packed, folder.join(&hash)).map_err(failed)?;
    forget_oldest(folder).map_err(failed)?;
    Ok((hash, size))
}

fn forget_oldest(folder: &Path) -> std::io::Result<()> {
    let mut kept = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.metadata()?;
        if found.is_file() {
            kept.push((found.modified()?, entry.path()));
        }
    }
    kept.sort();
    for (_, path) in kept.iter().rev().skip(KEPT) {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// `GET /v1/{tenant}/sync/snapshot/{hash}`: a piece, as the `Range` header says.
pub async fn read(State(central): State<Shared>, caller: Caller, UrlPath((_, hash)): UrlPath<(String, String)>, headers: HeaderMap) -> Answer {
    let gone = || Error::new(Kind::NotFound, "sync.snapshot_gone");
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
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

/// Where the copies of a tenant are kept.
fn folder(data: &Path, tenant: &str) -> PathBuf {
    data.join("snapshots").join(tenant)
}
