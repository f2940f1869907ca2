//! Small things about files that both transports need.

use std::io::Write;
use std::path::Path;

use daybook_core::shared::error::{Error, Kind, Result};

/// Writes a file that is either whole or not there: beside it first, then renamed.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(e);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut fresh = readable(tempfile::Builder::new().prefix(".daybook-")).tempfile_in(folder).map_err(failed)?;
    fresh.write_all(bytes).and_then(|()| fresh.as_file().sync_all()).map_err(failed)?;
    fresh.persist(path).map(drop).map_err(|e| failed(e.error))
}

/// A file people made on purpose has the permissions their other files have.
#[cfg(unix)]
fn readable<'a, 'b, 'c>(builder: &'a mut tempfile::Builder<'b, 'c>) -> &'a mut tempfile::Builder<'b, 'c> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable<'a, 'b, 'c>(builder: &'a mut tempfile::Builder<'b, 'c>) -> &'a mut tempfile::Builder<'b, 'c> {
    builder
}

/// Takes `%41` back to `A`: file names travel in headers this way.
pub fn unescaped(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'%' { two_digits(&mut rest.clone()) } else { None };
        if escaped.is_some() {
            rest.nth(1);
        }
        bytes.push(escaped.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn two_digits(rest: &mut impl Iterator<Item = u8>) -> Option<u8> {
    let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    Some(digit()? * 16 + digit()?)
}
