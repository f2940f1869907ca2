//! The content of files: what devices send and get piece by piece (`POST /v1/{tenant}/sync/files…`), and
//! whole files for programs (`GET /v1/{tenant}/files/{hash}`). What leaves is never something that a browser
//! would show or run, and nothing that the scanner has not passed, where there is one.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse;
use daybook_core::app::FileRules;
use daybook_core::daybook::wire::{FilePiece, FileWord};
use daybook_core::shared::Permission;
use daybook_core::shared::context::UserId;
use daybook_core::shared::error::{Error, Result};

use super::Shared;
use super::caller::Caller;
use super::refusal::Answer;
use super::settings::Settings;
use super::sync::{Packed, Wanted, device_of};
use super::tenants::Tenant;

/// The most files asked after at once.
const ASKED_MAX: usize = 1_000;

/// A file is kept by who asked for it, and by nobody shown.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
    (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// What the operator decided about files.
pub fn rules(settings: &Settings) -> FileRules {
    let bytes = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    FileRules { scanned: settings.clamd.is_some(), size_max: bytes(settings.file_max), total_max: bytes(settings.files_max) }
}

/// `POST /v1/{tenant}/sync/files`: how the server stands to these.
pub async fn words(State(central): State<Shared>, caller: Caller, wanted: Wanted, Packed(hashes): Packed<Vec<String>>) -> Answer {
    device_of(&caller)?;
    caller.must(Permission::Read).await?;
    if hashes.len() > ASKED_MAX {
        return Err(Error::invalid("rpc.too_large").arg("max", ASKED_MAX).into());
    }
    let rules = rules(&central.settings);
    let words = caller.tenant.run(move |app| app.file_words(&hashes, rules)).await?;
    if words.iter().any(|word| word.state == "quarantine") {
        central.tenants.scans().due(&caller.tenant.name, central.now().millis());
    }
    wanted.answer(&words)
}

/// `POST /v1/{tenant}/sync/files/piece`: takes a piece, in its turn.
pub async fn take(State(central): State<Shared>, caller: Caller, wanted: Wanted, Packed(piece): Packed<FilePiece>) -> Answer {
    device_of(&caller)?;
    caller.must(Permission::Read).await?;
    let rules = rules(&central.settings);
    let word: FileWord = caller.tenant.run(move |app| app.take_file_piece(&piece, rules)).await?;
    if word.state == "quarantine" {
        central.tenants.scans().due(&caller.tenant.name, central.now().millis());
    }
    wanted.answer(&word)
}

/// `POST /v1/{tenant}/sync/files/get`: gives a piece.
pub async fn give(State(central): State<Shared>, caller: Caller, wanted: Wanted, Packed((hash, n)): Packed<(String, i64)>) -> Answer {
    device_of(&caller)?;
    let rules = rules(&central.settings);
    wanted.answer(&piece(&caller.tenant, &hash, n, caller.user, rules).await?)
}

/// `GET /v1/{tenant}/files/{hash}`: a whole file, of which one piece at a time is in memory.
pub async fn read(State(central): State<Shared>, caller: Caller, Path((_, hash)): Path<(String, String)>) -> Answer {
    let (tenant, user, rules) = (Arc::clone(&caller.tenant), caller.user, rules(&central.settings));
    let first = piece(&tenant, &hash, 1, user, rules).await?;
    let (size, mut left) = (first.size, first.size);
    let pieces = futures_util::stream::unfold((Some(first), tenant), move |(ready, tenant)| async move {
        let now = ready?;
        left -= i64::try_from(now.bytes.len()).unwrap_or(i64::MAX);
        let next = match left {
            1.. => piece(&tenant, &now.hash, now.n + 1, user, rules).await.ok(),
            _ => None,
        };
        Some((Ok::<_, std::io::Error>(Bytes::from(now.bytes.to_vec())), (next, tenant)))
    });
    let mut answer = (HEADERS, Body::from_stream(pieces)).into_response();
    answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    Ok(answer)
}

async fn piece(tenant: &Arc<Tenant>, hash: &str, n: i64, user: UserId, rules: FileRules) -> Result<FilePiece> {
    let hash = hash.to_owned();
    tenant.run(move |app| app.give_file_piece(&hash, n, user, rules)).await
}
