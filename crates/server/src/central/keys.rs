//! The keys that sign tokens: Ed25519, one file each (mode 0600) in the folder `keys`. The newest signs;
//! older ones are good for a day after they were replaced, so that nobody is signed out by it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Moment};

use daybook_core::shared::Instant;
use daybook_core::shared::error::{Error, Kind, Result};
use ed25519_dalek::{Signature, Signer, SigningKey};

use super::{private, secret};

/// A key signs for so long.
const LIFE_MS: i64 = 90 * 86_400_000;
/// A key that was replaced is still good for so long.
const GRACE_MS: i64 = 86_400_000;
/// The folder is looked at again for a key that another server made, at most so often: two servers that
/// start together must know each other's by the first token…
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// … and at least so often for keys that were taken away.
const LOOK_ANYWAY: Duration = Duration::from_secs(60);

/// A key.
struct Key {
    id: String,
    made: Instant,
    key: SigningKey,
}

/// All keys, oldest first.
pub struct Keys {
    folder: PathBuf,
    known: Mutex<Known>,
}

struct Known {
    keys: Vec<Key>,
    looked: Option<Moment>,
}

impl Keys {
    /// The keys in `folder`; makes the folder and the first key. `keys.damaged` names a file that is no
    /// key.
    pub fn open(folder: &Path, now: Instant) -> Result<Self> {
        private::folder(folder)?;
        let keys = Keys { folder: folder.to_owned(), known: Mutex::new(Known { keys: read_all(folder)?, looked: None }) };
        keys.keep_fresh(now)?;
        Ok(keys)
    }
    /// Signs what `message` makes of the id of the key: the text and its signature.
    pub fn sign(&self, now: Instant, message: impl FnOnce(&str) -> String) -> Result<(String, [u8; 64])> {
        self.keep_fresh(now)?;
        let known = self.lock();
        let key = known.keys.last().ok_or_else(|| damaged(&self.folder, "no key"))?;
        let text = message(&key.id);
        let signature = key.key.sign(text.as_bytes()).to_bytes();
        Ok((text, signature))
    }
    /// A secret that follows from `old` and that nobody else can know: the same again while the key signs.
    pub fn next_secret(&self, now: Instant, old: &[u8]) -> Result<[u8; 32]> {
        self.keep_fresh(now)?;
        let known = self.lock();
        let key = known.keys.last().ok_or_else(|| damaged(&self.folder, "no key"))?;
        let key = blake3::derive_key("daybook 2026-11-26 refresh token after another", key.key.as_bytes());
        Ok(*blake3::keyed_hash(&key, old).as_bytes())
    }
    /// Whether the key `id`, if it is good at `now`, signed `message`.
    pub fn verify(&self, id: &str, message: &[u8], signature: &[u8; 64], now: Instant) -> bool {
        let mut known = self.lock();
        let patience = if known.keys.iter().any(|key| key.id == id) { LOOK_ANYWAY } else { LOOK_AGAIN };
        if known.looked.is_none_or(|looked| looked.elapsed() >= patience) {
            known.looked = Some(Moment::now());
            // A folder that cannot be read now changes nothing.
            if let Ok(keys) = read_all(&self.folder) {
                known.keys = keys;
            }
        }
        let Some(place) = known.keys.iter().position(|key| key.id == id) else {
            return false;
        };
        let replaced = known.keys.get(place + 1).map(|next| next.made);
        let good = replaced.is_none_or(|at| now.millis() <= at.millis().saturating_add(GRACE_MS));
        let signature = Signature::from_bytes(signature);
        good && known.keys.get(place).is_some_and(|key| key.key.verifying_key().verify_strict(message, &signature).is_ok())
    }
    /// Makes a new key, which signs from now on.
    pub fn rotate(&self, now: Instant) -> Result<()> {
        let mut known = self.lock();
        let made = make(&self.folder, now)?;
        known.keys.push(made);
        Ok(())
    }

    fn keep_fresh(&self, now: Instant) -> Result<()> {
        let newest = self.lock().keys.last().map(|key| key.made.millis());
        if newest.is_some_and(|made| now.millis() < made.saturating_add(LIFE_MS)) { Ok(()) } else { self.rotate(now) }
    }
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn damaged(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::new(Kind::Corrupt, "keys.damaged").arg("what", format!("{}: {what}", path.display()))
}

/// The id says which key without telling anything of it.
fn id_of(key: &SigningKey) -> String {
    let hash = secret::hash(key.verifying_key().as_bytes());
    secret::encode(hash.get(..9).unwrap_or_default())
}

fn read_all(folder: &Path) -> Result<Vec<Key>> {
    let failed = |e: io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", folder.display()).caused_by(e);
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == "key") {
            keys.push(read(&path)?);
        }
    }
    keys.sort_by(|a, b| (a.made, &a.id).cmp(&(b.made, &b.id)));
    Ok(keys)
}

/// A file `<milliseconds>-<id>.key` with 32 bytes in base64.
fn read(path: &Path) -> Result<Key> {
    let text = fs::read_to_string(path).map_err(|e| damaged(path, e))?;
    let bytes = secret::decode_exact::<32>(text.trim()).ok_or_else(|| damaged(path, "not 32 bytes in base64"))?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let made = name.split('-').next().and_then(|millis| millis.parse().ok()).ok_or_else(|| damaged(path, "its name has no time"))?;
    let key = SigningKey::from_bytes(&bytes);
    Ok(Key { id: id_of(&key), made: Instant::from_millis(made), key })
}

fn make(folder: &Path, now: Instant) -> Result<Key> {
    let key = SigningKey::from_bytes(&secret::random()?);
    let id = id_of(&key);
    let path = folder.join(format!("{}-{id}.key", now.millis()));
    let failed = |e: io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", path.display()).caused_by(e);
    let mut file = private::file(&path).map_err(failed)?;
    writeln!(file, "{}", secret::encode(key.as_bytes())).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(Key { id, made: now, key })
}
