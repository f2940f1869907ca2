//! `GET /docs`: a page that signs in and shows the OpenAPI document. The page itself holds nothing.

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Shared;

/// The page may load its own two files and ask its own server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page and its files.
pub fn pages() -> Router<Shared> {
    Router::new()
        .route("/docs", get(|| async { page("text/html; charset=utf-8", include_str!("page/index.html")) }))
        .route("/docs/docs.js", get(|| async { page("text/javascript; charset=utf-8", include_str!("page/docs.js")) }))
        .route("/docs/docs.css", get(|| async { page("text/css; charset=utf-8", include_str!("page/docs.css")) }))
}

fn page(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}
