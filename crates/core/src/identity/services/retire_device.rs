//! Takes a machine out of use. Its letter stays taken: its numbers were issued.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::identity::model::Device;
use crate::shared::command::{Class, Command};
use crate::shared::context::DeviceTag;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Permission};
use crate::vals;

/// Takes a device out of use.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct RetireDevice {
    /// The device.
    pub id: Id<DeviceTag>,
}

/// What was retired.
#[derive(Serialize, JsonSchema)]
pub struct Retired {
    /// The device.
    pub id: Id<DeviceTag>,
}

impl Command for RetireDevice {
    const NAME: &'static str = "identity.retire_device";
    const NEEDS: Permission = Permission::Administer;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Retired;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Retired> {
        if self.id == cx.device {
            return Err(Error::new(Kind::State, "device.own").field("id"));
        }
        let old: Device = tx.get(vals![self.id])?;
        tx.update(&old, &Device { archived: true, ..old.clone() })?;
        Ok(Retired { id: self.id })
    }
}
