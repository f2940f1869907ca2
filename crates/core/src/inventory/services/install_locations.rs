//! The locations every firm starts with.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::inventory::model::{Location, LocationKind, Negative};
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Code, Context, Name, Permission};

/// Installs the locations every firm starts with: one store, and the outside world.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct InstallLocations {}

/// How many were installed.
#[derive(Serialize, JsonSchema)]
pub struct Installed {
    /// Locations made.
    pub count: i64,
}

const STARTERS: &[(&str, &str, LocationKind)] = &[
    ("STORE", "Store", LocationKind::Storage),
    ("SUPPLIERS", "Suppliers", LocationKind::Supplier),
    ("CUSTOMERS", "Customers", LocationKind::Customer),
    ("LOSS", "Loss and found", LocationKind::Loss),
    ("TRANSIT", "On the way", LocationKind::Transit),
];

impl Command for InstallLocations {
    const NAME: &'static str = "inventory.install_locations";
    const NEEDS: Permission = Permission::Administer;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Installed;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Installed> {
        let mut count = 0;
        for (code, name, kind) in STARTERS {
            let code = Code::new(code)?;
            if tx.find_all::<Location>(&["code"], crate::vals![code])?.is_empty() {
                let location =
                    Location { id: cx.id("location"), code, name: Name::new(name)?, kind: *kind, parent: None, negative: Negative::Allow, archived: false };
                tx.insert(&location)?;
                count += 1;
            }
        }
        Ok(Installed { count })
    }
}
