//! Adds a location or changes one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::inventory::model::{Location, LocationKind, Negative};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Name, Permission};
use crate::vals;

/// Adds a location (no id) or changes one. Its kind stays once goods have moved there.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct SaveLocation {
    /// The location to change.
    pub id: Option<Id<Location>>,
    /// Short code, unique.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// What it is for.
    pub kind: LocationKind,
    /// The location it lies in.
    pub parent: Option<Id<Location>>,
    /// Whether it may show less than nothing; it may when absent.
    pub negative: Option<Negative>,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The location.
    pub id: Id<Location>,
}

impl Command for SaveLocation {
    const NAME: &'static str = "inventory.save_location";
    const NEEDS: Permission = Permission::Stock;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        self.code.required("code")?;
        self.name.required("name")?;
        let id = self.id.unwrap_or_else(|| cx.id("location"));
        check_parents(tx, id, self.parent)?;
        let negative = self.negative.unwrap_or(Negative::Allow);
        let new = Location { id, code: self.code, name: self.name, kind: self.kind, parent: self.parent, negative, archived: self.archived };
        let Some(id) = self.id else {
            tx.insert(&new)?;
            return Ok(Saved { id });
        };
        let old: Location = tx.get(vals![id])?;
        if old.kind != new.kind && tx.one::<i64>("SELECT count(*) FROM stock_level WHERE location = ?1", vals![id])? > 0 {
            return Err(Error::new(Kind::State, "location.used").arg("code", &old.code).field("kind"));
        }
        tx.update(&old, &new)?;
        Ok(Saved { id })
    }
}

/// A location may not lie in itself, however far up.
fn check_parents(tx: &mut Tx<'_>, id: Id<Location>, mut parent: Option<Id<Location>>) -> Result<()> {
    while let Some(up) = parent {
        if up == id {
            return Err(Error::invalid("location.circle").field("parent"));
        }
        parent = tx.get::<Location>(vals![up])?.parent;
    }
    Ok(())
}
