//! Which renderer WebKitGTK uses. On computers without a GPU its default draws by simulated OpenGL,
//! four times slower and 70 MB larger than its plain one; with NVIDIA's driver it may show nothing.

/// Starts the program again with the plain renderer where that is better. Says nothing when the
/// person chose, or when a WebDriver asks for pictures of the window, which the plain one cannot give.
#[cfg(target_os = "linux")]
pub fn choose_renderer() {
    use std::os::unix::process::CommandExt;

    const CHOICE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let asked = |name: &str| std::env::var_os(name).is_some();
    if asked(CHOICE) || asked("TAURI_WEBVIEW_AUTOMATION") || (has_gpu() && !has_nvidia()) {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // Replaces this process and returns only if that fails; the default renderer works too.
        let _ = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(CHOICE, "1").exec();
    }
}

/// Other systems have one renderer.
#[cfg(not(target_os = "linux"))]
pub fn choose_renderer() {}

#[cfg(target_os = "linux")]
fn has_gpu() -> bool {
    let cards = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    cards.into_iter().any(|card| card.file_name().to_string_lossy().starts_with("renderD"))
}

#[cfg(target_os = "linux")]
fn has_nvidia() -> bool {
    std::path::Path::new("/proc/driver/nvidia/version").exists()
}
