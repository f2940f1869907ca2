//! Registers a machine that makes entries of its own, and allots the letter of its numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::identity::model::Device;
use crate::shared::command::{Class, Command};
use crate::shared::context::DeviceTag;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Name, Permission};

/// Registers a device under the id it minted. The same id again answers the same letter.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct RegisterDevice {
    /// The id that the device minted.
    pub id: Id<DeviceTag>,
    /// What people call it.
    pub name: Name,
}

/// The device.
#[derive(Serialize, JsonSchema)]
pub struct Registered {
    /// Its id.
    pub id: Id<DeviceTag>,
    /// The letter in its numbers.
    pub letter: Code,
}

impl Command for RegisterDevice {
    const NAME: &'static str = "identity.register_device";
    const NEEDS: Permission = Permission::Read;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Registered;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Registered> {
        self.name.required("name")?;
        let known = tx.whole::<Device>()?;
        if let Some(device) = known.iter().find(|device| device.id == self.id) {
            if device.archived {
                return Err(Error::new(Kind::State, "device.retired").arg("name", &device.name));
            }
            return Ok(Registered { id: device.id, letter: device.letter.clone() });
        }
        let letter = free_letter(&known)?;
        tx.insert(&Device { id: self.id, name: self.name, letter: letter.clone(), archived: false })?;
        Ok(Registered { id: self.id, letter })
    }
}

/// The first letter that no device has or had: A to Z, then AA, AB and on.
fn free_letter(known: &[Device]) -> Result<Code> {
    for place in 0..=known.len() {
        let letter = Code::new(&letters(place))?;
        if known.iter().all(|device| device.letter != letter) {
            return Ok(letter);
        }
    }
    Err(Error::internal("device.letters"))
}

/// 0 is A, 25 is Z, 26 is AA.
fn letters(place: usize) -> String {
    let last = char::from(b'A'.saturating_add(u8::try_from(place % 26).unwrap_or_default()));
    match (place / 26).checked_sub(1) {
        Some(before) => format!("{}{last}", letters(before)),
        None => last.to_string(),
    }
}
