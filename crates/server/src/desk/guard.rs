//! Who may ask, and the headers every answer carries.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use daybook_core::shared::error::{Error, Kind};

use super::Counter;
use crate::answer::refuse;

/// The page may load its own files and talk to its own server, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'";

const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Lets a request through when it comes from this server's own page, and calls only with the token.
pub async fn guard(State(counter): State<Counter>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&counter, &request) {
        Some(refused) => refused,
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

fn refusal(counter: &Counter, request: &Request) -> Option<Response> {
    let headers = request.headers();
    if let Err(origin) = comes_from_here(headers, counter.port) {
        return Some(refuse(StatusCode::FORBIDDEN, &Error::new(Kind::Denied, "rpc.origin").arg("origin", origin)));
    }
    if request.uri().path().starts_with("/rpc/") && !bears_token(counter, headers) {
        return Some(refuse(StatusCode::UNAUTHORIZED, &Error::new(Kind::Denied, "rpc.token")));
    }
    None
}

/// `Host` must name this server by a loopback name, `Origin` too where a browser sends it.
fn comes_from_here(headers: &HeaderMap, port: u16) -> Result<(), String> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let host = text(header::HOST).unwrap_or_default();
    if !is_here(&host, port) {
        return Err(host);
    }
    match text(header::ORIGIN) {
        Some(origin) if !origin.strip_prefix("http://").is_some_and(|host| is_here(host, port)) => Err(origin),
        _ => Ok(()),
    }
}

fn is_here(host: &str, port: u16) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host == format!("{name}:{port}"))
}

fn bears_token(counter: &Counter, headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    given.and_then(|value| value.strip_prefix("Bearer ")).is_some_and(|given| counter.token.is(given))
}
