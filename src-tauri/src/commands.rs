//! The commands the page may call. All of them run off the thread that draws the window.

use std::sync::Arc;

use daybook_core::shared::error::{Error, Result};
use daybook_rpc::{Desk, Media, Upload};
use serde_json::Value;
use tauri::ipc::{InvokeBody, Request, Response};
use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::DialogExt;

use crate::window::Counter;

/// Errors travel as their JSON text.
type Answer<T> = std::result::Result<T, String>;

fn worded(error: &Error) -> String {
    error.to_json().to_string()
}

/// Runs `work` on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Answer<T> {
    let outcome = tauri::async_runtime::spawn_blocking(work).await;
    outcome.unwrap_or_else(|e| Err(Error::internal("job.panicked").caused_by(e))).map_err(|e| worded(&e))
}

/// The one door to the core.
#[tauri::command]
pub async fn rpc(counter: State<'_, Counter>, method: String, body: Value) -> Answer<Response> {
    // The page listens for news as soon as it is drawn.
    if method == "changes" {
        counter.note_ready();
    }
    let desk = Arc::clone(&counter.desk);
    let reply = blocking(move || desk.call_with(&method, body)).await?;
    Ok(Response::new(reply.bytes))
}

/// Takes the bytes of a file that was dropped on the page.
#[tauri::command]
pub async fn upload(counter: State<'_, Counter>, request: Request<'_>) -> Answer<Upload> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(worded(&Error::invalid("upload.unreadable").arg("name", "")));
    };
    let name = request.headers().get("x-file-name").map(|name| daybook_rpc::unescaped(name.as_bytes())).unwrap_or_default();
    counter.desk.uploads().receive(bytes, &name).map_err(|e| worded(&e))
}

/// Lets the person choose a file; none when they change their mind. The page never sees the path.
#[tauri::command]
pub async fn pick_file(app: AppHandle, counter: State<'_, Counter>, extensions: Vec<String>) -> Answer<Option<Upload>> {
    let endings: Vec<&str> = extensions.iter().map(|ending| ending.trim_start_matches('.')).collect();
    let mut dialog = app.dialog().file();
    if !endings.is_empty() {
        dialog = dialog.add_filter(endings.join(", "), &endings);
    }
    if let Some(window) = app.get_webview_window("main") {
        dialog = dialog.set_parent(&window);
    }
    let chosen = dialog.blocking_pick_file().and_then(|file| file.into_path().ok());
    chosen.map(|path| counter.desk.uploads().adopt(&path)).transpose().map_err(|e| worded(&e))
}

/// Makes a PDF and shows it in the system's viewer.
#[tauri::command]
pub async fn open_pdf(app: AppHandle, counter: State<'_, Counter>, method: String, body: Value, name: String) -> Answer<()> {
    let desk = Arc::clone(&counter.desk);
    blocking(move || {
        let bytes = pdf(&desk, &method, body)?;
        let counter = app.state::<Counter>();
        counter.papers.show(&name, &bytes)
    })
    .await
}

/// Makes a PDF, or reads an attached file, and writes it where the person chooses; false when they change
/// their mind.
#[tauri::command]
pub async fn save_pdf(app: AppHandle, counter: State<'_, Counter>, method: String, body: Value, name: String) -> Answer<bool> {
    let desk = Arc::clone(&counter.desk);
    let bytes = blocking(move || document(&desk, &method, body)).await?;
    save(&app, name, bytes).await
}

fn document(desk: &Arc<Desk>, method: &str, body: Value) -> Result<Vec<u8>> {
    let reply = desk.call_with(method, body)?;
    if matches!(reply.media, Media::Pdf | Media::File(_)) { Ok(reply.bytes) } else { Err(Error::internal("window.no_pdf").arg("method", method)) }
}

fn pdf(desk: &Arc<Desk>, method: &str, body: Value) -> Result<Vec<u8>> {
    let reply = desk.call_with(method, body)?;
    if reply.media == Media::Pdf { Ok(reply.bytes) } else { Err(Error::internal("window.no_pdf").arg("method", method)) }
}

/// Lets the person choose where a text goes, and writes it there.
#[tauri::command]
pub async fn save_file(app: AppHandle, name: String, text: String) -> Answer<()> {
    save(&app, name, text.into_bytes()).await.map(drop)
}

/// Asks where `bytes` go and writes them there; false when the person changes their mind.
async fn save(app: &AppHandle, name: String, bytes: Vec<u8>) -> Answer<bool> {
    let mut dialog = app.dialog().file().set_file_name(name);
    if let Some(window) = app.get_webview_window("main") {
        dialog = dialog.set_parent(&window);
    }
    match dialog.blocking_save_file().and_then(|file| file.into_path().ok()) {
        Some(path) => blocking(move || daybook_rpc::write_whole(&path, &bytes)).await.map(|()| true),
        None => Ok(false),
    }
}
