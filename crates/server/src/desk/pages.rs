//! The files of the built interface, part of the program.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};

static UI: Dir<'_> = include_dir!("$OUT_DIR/ui");

/// The file at the path of `uri`.
pub async fn page(uri: Uri) -> Response {
    let path = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    match UI.get_file(path) {
        Some(file) => ([(header::CONTENT_TYPE, mime(path)), (header::CACHE_CONTROL, keeping(path))], file.contents()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Files under `assets/` carry a hash of their content in their names: they never change.
fn keeping(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
