//! Folders and files that only the server's own account may read.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use daybook_core::shared::error::{Error, Kind, Result};

/// Makes the folder if it is missing, and closes it to others.
pub fn folder(path: &Path) -> Result<()> {
    let failed = |e: io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(e);
    fs::create_dir_all(path).and_then(|()| close(path)).map_err(failed)
}

/// A new file that nobody else may read, from its first moment.
pub fn file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(unix)]
fn close(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// Elsewhere a folder has the rights of the one it is in.
#[cfg(not(unix))]
fn close(_: &Path) -> io::Result<()> {
    Ok(())
}
