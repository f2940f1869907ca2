//! `POST /rpc/<method>`: bytes to the desk and back, on a thread that may block.

use std::io::Write;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_rpc::{Reply, UPLOAD_MAX, Upload};
use http_body_util::BodyExt;

use super::Counter;
use crate::answer::{answer, refuse};

/// The largest request that is not an upload.
const BODY_MAX: usize = 8 * 1024 * 1024;

/// Any method but `upload`.
pub async fn call(State(counter): State<Counter>, Path(method): Path<String>, body: Body) -> Response {
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, &Error::invalid("rpc.too_large").arg("max", BODY_MAX));
    };
    answer(tokio::task::spawn_blocking(move || counter.desk.call(&method, &body)).await.unwrap_or_else(|e| Err(Error::internal("job.panicked").caused_by(e))))
}

/// Receives a file, piece by piece, into the desk's private folder.
pub async fn upload(State(counter): State<Counter>, headers: HeaderMap, body: Body) -> Response {
    match receive(&counter, &file_name(&headers), body).await {
        Ok(upload) => answer(Reply::json(&upload)),
        Err(error) => answer(Err(error)),
    }
}

async fn receive(counter: &Counter, name: &str, mut body: Body) -> Result<Upload> {
    let broken = |e| Error::invalid("upload.unreadable").arg("name", name).caused_by(e);
    let mut incoming = counter.desk.uploads().begin()?;
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(broken)?.into_data() else { continue };
        size += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if size > UPLOAD_MAX {
            return Err(Error::invalid("rpc.too_large").arg("max", UPLOAD_MAX));
        }
        incoming.out.write_all(&piece).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", name).caused_by(e))?;
    }
    counter.desk.uploads().keep(incoming, name)
}

fn file_name(headers: &HeaderMap) -> String {
    let given = headers.get("x-file-name").map(HeaderValue::as_bytes).unwrap_or_default();
    daybook_rpc::unescaped(given)
}
