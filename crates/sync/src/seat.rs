//! A device's seat at a server: where it is, who sits there, and the secrets that open the door. Kept in
//! a file of its own, beside the books and never in them: a copy of the books cannot come in.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daybook_core::shared::context::DeviceId;
use daybook_core::shared::error::{Error, Kind, Result};
use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};

/// A seat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seat {
    /// Address of the server: `https://books.example.org`.
    pub server: String,
    /// The firm's name there.
    pub tenant: String,
    /// The name with which its person signs in.
    pub email: String,
    /// The device.
    pub device: String,
    /// Its Ed25519 secret, 32 bytes in unpadded base64 for URLs.
    pub secret: String,
    /// The newest refresh token.
    pub refresh_token: String,
    /// Whether the person signed out: the books stay closed until they sign in again.
    #[serde(default)]
    pub locked: bool,
    /// The machine where the key was made, as a hash that is of no use elsewhere; none before the guard looked.
    #[serde(default)]
    pub home: Option<String>,
    /// The device whose books this one takes over, which were a copy.
    #[serde(default)]
    pub succeeds: Option<DeviceId>,
}

impl Seat {
    /// The file of the seat of `books`.
    pub fn file(books: &Path) -> PathBuf {
        let mut name = books.as_os_str().to_owned();
        name.push(".seat");
        name.into()
    }
    /// The seat of `books`, if they have one.
    pub fn read(books: &Path) -> Result<Option<Self>> {
        let path = Self::file(books);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|e| Error::new(Kind::Corrupt, "sync.seat").arg("file", path.display()).caused_by(e)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(failed(&path, e)),
        }
    }
    /// `sync.locked` when the person of `books` signed out.
    pub fn check_open(books: &Path) -> Result<()> {
        match Self::read(books)? {
            Some(seat) if seat.locked => Err(Error::new(Kind::State, "sync.locked").arg("email", seat.email)),
            _ => Ok(()),
        }
    }
    /// Keeps the seat of `books`, readable by its owner only.
    pub fn write(&self, books: &Path) -> Result<()> {
        let path = Self::file(books);
        let fresh = path.with_extension("seat-new");
        let bytes = serde_json::to_vec_pretty(self).map_err(|e| Error::internal("command.encode").caused_by(e))?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh).map_err(|e| failed(&fresh, e))?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|e| failed(&fresh, e))?;
        fs::rename(&fresh, &path).map_err(|e| failed(&path, e))
    }
    /// A new secret.
    pub fn new_secret() -> Result<String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|e| Error::internal("sync.random").caused_by(e.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }
    /// The public key, in unpadded base64 for URLs.
    pub fn key(&self) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(self.signing()?.verifying_key().as_bytes()))
    }
    /// Signs a challenge of the server.
    pub fn sign(&self, challenge: &str) -> Result<String> {
        let message = format!("daybook device {challenge}");
        Ok(URL_SAFE_NO_PAD.encode(self.signing()?.sign(message.as_bytes()).to_bytes()))
    }
    fn signing(&self) -> Result<SigningKey> {
        let broken = || Error::new(Kind::Corrupt, "sync.seat").arg("file", "secret");
        let bytes = URL_SAFE_NO_PAD.decode(&self.secret).map_err(|e| broken().caused_by(e))?;
        Ok(SigningKey::from_bytes(&<[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| broken())?))
    }
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(error)
}
