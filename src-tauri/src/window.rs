//! The window: its plugins, its commands, its one page.

use std::sync::{Arc, Once};

use daybook_core::shared::error::{Error, Result};
use daybook_rpc::Desk;
use tauri::{App, AppHandle, Manager, RunEvent, WebviewUrl, WebviewWindowBuilder};

use crate::commands;
use crate::deliver;
use crate::options::Options;
use crate::paper::Papers;

/// What the commands see.
pub struct Counter {
    /// The books.
    pub desk: Arc<Desk>,
    /// PDF files on their way to a viewer.
    pub papers: Papers,
    ready: Once,
}

impl Counter {
    /// A counter before `desk`.
    pub fn new(desk: Arc<Desk>) -> Self {
        Counter { desk, papers: Papers::default(), ready: Once::new() }
    }
    /// Notes that the page works; says so once, to whoever measures the start.
    pub fn note_ready(&self) {
        self.ready.call_once(|| {
            if std::env::var_os("DAYBOOK_SAY_READY").is_some() {
                println!("ready");
            }
        });
    }
}

/// Shows the window until it is closed.
pub fn run(options: &Options, counter: Counter) -> Result<()> {
    let desk = Arc::clone(&counter.desk);
    desk.sync_in_background();
    let stop = deliver::in_background(&desk)?;
    let once = tauri_plugin_single_instance::Builder::new().callback(|app, _, _| show_again(app)).dbus_id(bus_name(options)?);
    let built = tauri::Builder::default()
        .plugin(once.build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .manage(counter)
        .invoke_handler(tauri::generate_handler![
            commands::rpc,
            commands::upload,
            commands::pick_file,
            commands::open_pdf,
            commands::save_pdf,
            commands::save_file
        ])
        .setup(|app| open(app).map_err(Into::into))
        .build(tauri::generate_context!());
    let app = built.map_err(|e| Error::internal("window.failed").caused_by(e))?;
    app.run(move |_, event| {
        if matches!(event, RunEvent::Exit) {
            stop.ask();
            desk.leave();
        }
    });
    Ok(())
}

/// Opens the window. The page stays where it is: links to elsewhere lead nowhere.
fn open(app: &App) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Daybook")
        .inner_size(1280.0, 800.0)
        .min_inner_size(720.0, 480.0)
        .disable_drag_drop_handler()
        .on_navigation(|url| matches!(url.scheme(), "tauri" | "about") || matches!(url.host_str(), Some("tauri.localhost" | "127.0.0.1")))
        .build()
        .map(drop)
}

/// A second start on the same books brings the first window back.
fn show_again(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// One name for each books file: other books may be open in another window.
fn bus_name(options: &Options) -> Result<String> {
    let path = options.path()?;
    let tail: String = path.to_string_lossy().bytes().map(|byte| format!("{byte:02x}")).collect();
    // A name on the bus has 255 characters at most; the end of a path tells files apart best.
    let from = tail.len().saturating_sub(180);
    Ok(format!("org.daybook.desktop.b{}", tail.get(from..).unwrap_or_default()))
}
