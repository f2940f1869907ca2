//! Errors on their way out: the right status, the headers that go with it, and nothing of the inside.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use daybook_core::shared::error::{Error, Kind};

use crate::answer::{refuse, status_of};

/// An error as an answer.
#[derive(Debug)]
pub struct Refusal(pub Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal(error)
    }
}

/// What a handler answers.
pub type Answer<T = Response> = Result<T, Refusal>;

/// Why a request was refused, for the log: never sent.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The code.
    pub code: &'static str,
    /// What happened inside, when it is a defect or the disk.
    pub detail: Option<String>,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Refusal(error) = self;
        let inner = matches!(error.kind(), Kind::Internal | Kind::Corrupt | Kind::Storage);
        let cause = Cause { code: error.code(), detail: inner.then(|| error.to_string()) };
        let told = match error.code() {
            // PostgreSQL starts anew: it will be there in a moment.
            "server.unreachable" => Error::new(Kind::Busy, "books.busy"),
            _ if inner => Error::new(error.kind(), "http.failed"),
            _ => error,
        };
        let mut response = refuse(status(&told), &told);
        for (name, value) in headers(&told) {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(cause);
        response
    }
}

fn status(error: &Error) -> StatusCode {
    match error.code() {
        "access.token" | "access.refused" => StatusCode::UNAUTHORIZED,
        "access.too_many" => StatusCode::TOO_MANY_REQUESTS,
        "rpc.too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "http.slow" => StatusCode::REQUEST_TIMEOUT,
        "http.method" => StatusCode::METHOD_NOT_ALLOWED,
        "rpc.not_json" | "http.too_deep" => StatusCode::BAD_REQUEST,
        _ => status_of(error.kind()),
    }
}

fn headers(error: &Error) -> Vec<(header::HeaderName, HeaderValue)> {
    match error.code() {
        "access.token" => vec![(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""))],
        "access.too_many" => {
            let seconds = error.to_json().pointer("/args/seconds").and_then(|text| text.as_str()?.parse::<u64>().ok());
            vec![(header::RETRY_AFTER, HeaderValue::from(seconds.unwrap_or(60)))]
        }
        _ if error.kind() == Kind::Busy => vec![(header::RETRY_AFTER, HeaderValue::from(1))],
        _ => Vec::new(),
    }
}
