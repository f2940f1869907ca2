//! Passwords: argon2id with the parameters OWASP names (19 MiB, two passes), few at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use daybook_core::shared::error::{Error, Result};
use tokio::sync::Semaphore;

use super::secret;

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
        Ok(Passwords { turns: Semaphore::new(AT_A_TIME), nobody: hash(&secret::one_time_password()?)? })
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
    let salt: [u8; Salt::RECOMMENDED_LENGTH] = secret::random()?;
    let hashed = Hasher.hash_password_customized(password.as_bytes(), &salt, None, None, Params::default());
    hashed.map(|hash| hash.to_string()).map_err(|e| Error::internal("password.hash").caused_by(e.to_string()))
}

fn fits(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|hash| Hasher.verify_password(password.as_bytes(), &hash).is_ok())
}

/// Argon2 in memory that is kept for the next password. An allocator that finds 19 aligned MiB anew each time may
/// take them from the system each time (glibc before 2.38 does): a server grew by them with every password.
struct Hasher;

/// Memory that nobody hashes in.
static IDLE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

fn idle() -> MutexGuard<'static, Vec<Vec<Block>>> {
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CustomizedPasswordHasher<PasswordHash> for Hasher {
    type Params = Params;
    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> argon2::password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let mut bytes = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        let (named, blocks) = (ParamsString::try_from(&params)?, params.block_count());
        let mut memory = idle().pop().unwrap_or_default();
        memory.resize(blocks, Block::default());
        let hashed = Argon2::new(algorithm, version, params).hash_password_into_with_memory(password, salt, &mut bytes, &mut memory);
        idle().push(memory);
        hashed?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: named,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(&bytes)?),
        })
    }
}
