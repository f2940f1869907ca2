//! What a device knows of itself: its id, its epoch, who sits at it, and how far it followed a server.

use crate::db::Tx;
use crate::shared::context::{DeviceId, UserId};
use crate::shared::error::Result;
use crate::shared::{Id, Instant};
use crate::{choice, vals};

choice! {
    /// What these books are to others.
    pub enum Part {
        /// Complete in themselves.
        Alone = "alone",
        /// A device's copy of the books of a server.
        Device = "device",
        /// The server's.
        Server = "server",
    }
}

/// The device's own facts.
#[derive(Clone, Copy, Debug)]
pub struct DeviceState {
    /// The device.
    pub device: DeviceId,
    /// Which life of it.
    pub epoch: i64,
    /// Who acts unless a call says otherwise.
    pub actor: UserId,
    /// What these books are to others.
    pub part: Part,
    /// Whether they may be a copy of books that others go on with: they give out no numbers then.
    pub copy: bool,
    /// Which opening for writing they saw last; zeros before the first that was noted.
    pub opening: Opening,
}

/// An opening of books for writing: random, new every time.
pub type Opening = Id<()>;

impl DeviceState {
    /// The facts of a device that has done nothing yet.
    pub fn new(device: DeviceId, actor: UserId, part: Part) -> Self {
        DeviceState { device, epoch: 1, actor, part, copy: false, opening: Id::from_bytes([0; 16]) }
    }
    /// Reads the facts; `None` for books that were just made.
    pub fn read(tx: &mut Tx<'_>) -> Result<Option<Self>> {
        let Some(device) = get(tx, "device")? else {
            return Ok(None);
        };
        let epoch = get(tx, "epoch")?.and_then(|text| text.parse().ok()).unwrap_or(1);
        let actor = match get(tx, "actor")? {
            Some(text) => Id::parse(&text)?,
            None => Id::from_bytes([0; 16]),
        };
        let part = get(tx, "part")?.and_then(|word| Part::from_word(&word)).unwrap_or(Part::Alone);
        let copy = get(tx, "copy")?.is_some_and(|word| word == "yes");
        let opening = get(tx, "opening")?.map_or(Ok(Id::from_bytes([0; 16])), |text| Id::parse(&text))?;
        Ok(Some(DeviceState { device: Id::parse(&device)?, epoch, actor, part, copy, opening }))
    }
    /// Writes the facts.
    pub fn write(&self, tx: &mut Tx<'_>) -> Result<()> {
        set(tx, "device", &self.device.to_string())?;
        set(tx, "epoch", &self.epoch.to_string())?;
        set(tx, "actor", &self.actor.to_string())?;
        set(tx, "copy", if self.copy { "yes" } else { "no" })?;
        set(tx, "opening", &self.opening.to_string())?;
        set(tx, "part", self.part.word())
    }
}

/// How far a device followed the log of its server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Followed {
    /// The position up to which it has the log.
    pub cursor: i64,
    /// The log's chain hash there.
    pub chain: Vec<u8>,
    /// The scopes it holds.
    pub scopes: Vec<String>,
}

impl Followed {
    /// Reads it; nothing followed yet for books that have no server.
    pub fn read(tx: &mut Tx<'_>) -> Result<Self> {
        let cursor = get(tx, "cursor")?.and_then(|text| text.parse().ok()).unwrap_or_default();
        let chain = get(tx, "chain")?.map(|text| unhex(&text)).unwrap_or_default();
        let scopes = get(tx, "scopes")?.unwrap_or_default();
        Ok(Followed { cursor, chain, scopes: scopes.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect() })
    }
    /// Keeps it.
    pub fn write(&self, tx: &mut Tx<'_>) -> Result<()> {
        set(tx, "cursor", &self.cursor.to_string())?;
        set(tx, "chain", &hex(&self.chain))?;
        set(tx, "scopes", &self.scopes.join(" "))
    }
}

const IN_STEP_AT: &str = "in_step_at";

/// When this device last had everything of its server.
pub fn in_step_at(tx: &mut Tx<'_>) -> Result<Option<Instant>> {
    Ok(get(tx, IN_STEP_AT)?.and_then(|text| text.parse().ok()).map(Instant::from_millis))
}

/// Keeps when this device had everything of its server.
pub fn keep_in_step(tx: &mut Tx<'_>, at: Instant) -> Result<()> {
    set(tx, IN_STEP_AT, &at.millis().to_string())
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes behind hexadecimal digits; what is none is left out.
pub(super) fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

/// One fact.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = tx.opt("SELECT value FROM device_state WHERE name = ?1", vals![name.to_owned()])?;
    Ok(row.map(|(value,)| value))
}

/// Keeps one fact.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    let (name, value) = (name.to_owned(), value.to_owned());
    tx.run("INSERT INTO device_state (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", vals![name, value]).map(drop)
}
