//! Answers of both servers: JSON that nobody keeps, and errors in their one form.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use daybook_core::shared::error::{Error, Kind, Result};
use daybook_rpc::{Media, Reply};

/// What a method answered, or why not.
pub fn answer(outcome: Result<Reply>) -> Response {
    match outcome {
        Ok(Reply { media, bytes }) => (StatusCode::OK, headers_of(media), bytes).into_response(),
        Err(error) => refuse(status_of(error.kind()), &error),
    }
}

/// An error as JSON.
pub fn refuse(status: StatusCode, error: &Error) -> Response {
    (status, headers_of(Media::Json), error.to_json().to_string()).into_response()
}

fn headers_of(media: Media) -> [(header::HeaderName, &'static str); 2] {
    [(header::CONTENT_TYPE, media.mime()), (header::CACHE_CONTROL, "no-store")]
}

/// The status that says of an error what HTTP can say.
pub fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Denied => StatusCode::FORBIDDEN,
        Kind::Conflict | Kind::State | Kind::Closed | Kind::Incompatible => StatusCode::CONFLICT,
        Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Storage => StatusCode::INSUFFICIENT_STORAGE,
        Kind::Corrupt | Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
