//! The longest that an answer may take, whatever keeps it: a client that waits in vain holds a connection that
//! others could use.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use daybook_core::shared::error::{Error, Kind};

use super::Shared;
use super::refusal::Refusal;

/// Made whole before it is sent, in a time that grows with the books.
const SNAPSHOT: &str = "/v1/{tenant}/sync/snapshot";
/// How many times longer a snapshot may take.
const SNAPSHOT_TIMES: u32 = 10;

/// Answers `http.overdue` for what takes longer than the settings allow. What was begun goes on, a command
/// whole or not at all. It is about answers, not about the stream of one (`sync/poke`).
pub async fn bound(State(central): State<Shared>, request: Request, next: Next) -> Response {
    let long = request.extensions().get::<MatchedPath>().is_some_and(|path| path.as_str() == SNAPSHOT);
    let patience = central.settings.answer_timeout * if long { SNAPSHOT_TIMES } else { 1 };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal(Error::new(Kind::Busy, "http.overdue").arg("seconds", patience.as_secs())).into_response(),
    }
}
