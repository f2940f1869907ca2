//! Passwords: argon2id with the parameters OWASP names (19 MiB, two passes), few at a time.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use daybook_core::shared::error::{Error, Result};
use tokio::sync::Semaphore;

/// The fewest characters of a password (ASVS 5.0, 6.2.1 asks for 8 and recommends more).
const LENGTH_MIN: usize = 12;
/// The most characters: hashing more is work for nothing.
const LENGTH_MAX: usize = 256;
/// The fewest different characters.
const VARIETY_MIN: usize = 5;
/// A name of so many characters may not make up half of a password.
const NAME_MIN: usize = 3;
/// So many are hashed at a time: each takes 19 MiB and a core.
const AT_A_TIME: usize = 2;

/// Hashes and checks passwords.
pub struct Passwords {
    turns: Semaphore,
    nobody: String,
}

impl Passwords {
    /// Ready to work.
    pub fn new() -> Result<Self> {
        Ok(Passwords { turns: Semaphore::new(AT_A_TIME), nobody: hash(&super::secret::one_time_password()?)? })
    }
    /// The hash of a password.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.work(move || hash(&password)).await
    }
    /// Whether `password` is the one behind `kept`. Without a hash (nobody has that name) it takes as long
    /// and says no.
    pub async fn check(&self, password: String, kept: Option<String>) -> Result<bool> {
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| self.nobody.clone());
        let fits = self.work(move || Ok(password.len() <= LENGTH_MAX * 4 && fits(&password, &kept))).await?;
        Ok(known && fits)
    }
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let failed = || Error::internal("password.hash");
        let _turn = self.turns.acquire().await.map_err(|_| failed())?;
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| Err(failed().caused_by(e)))
    }
}

/// `password.weak` for a password that is short, monotonous or the e-mail address itself.
pub fn check_strength(password: &str, email: &str) -> Result<()> {
    let mut letters: Vec<char> = password.chars().collect();
    let length = letters.len();
    letters.sort_unstable();
    letters.dedup();
    let name = email.split('@').next().unwrap_or_default();
    let own = name.len() >= NAME_MIN && length < 2 * LENGTH_MIN && password.to_lowercase().contains(name);
    if (LENGTH_MIN..=LENGTH_MAX).contains(&length) && letters.len() >= VARIETY_MIN && !own {
        return Ok(());
    }
    Err(Error::invalid("password.weak").arg("min", LENGTH_MIN).field("password"))
}

/// The hash of a password, on this thread.
pub fn hash(password: &str) -> Result<String> {
    let hashed = Argon2::default().hash_password(password.as_bytes());
    hashed.map(|hash| hash.to_string()).map_err(|e| Error::internal("password.hash").caused_by(e.to_string()))
}

fn fits(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
