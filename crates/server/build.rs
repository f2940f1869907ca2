//! Gathers the built interface for embedding; a page that says what to do stands in while there is none.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const MISSING: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Daybook</title>\
<p>The user interface is not built: run <code>make</code> (or <code>npm ci</code> and <code>npm run build</code> in <code>ui/</code>), then build Daybook again.</p>\n";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let built = root.join("../../ui/dist");
    println!("cargo::rerun-if-changed={}", built.display());
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("ui");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    if built.join("index.html").is_file() {
        copy(&built, &target)
    } else {
        fs::create_dir_all(&target)?;
        fs::write(target.join("index.html"), MISSING)
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
