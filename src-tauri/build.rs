//! Writes the access list: only the commands named here exist, and the window may call them all.

const COMMANDS: &[&str] = &["rpc", "upload", "pick_file", "open_pdf", "save_pdf", "save_file"];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
