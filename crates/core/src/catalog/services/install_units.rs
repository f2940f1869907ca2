//! Copies the units of UN/ECE Recommendation 20 into the books.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::model::Unit;
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Name, Permission};
use crate::vals;

const UNITS: &str = include_str!("../../../../../assets/reference/units.csv");

/// Copies the units that the books do not have yet.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct InstallUnits {}

/// What was installed.
#[derive(Serialize, JsonSchema)]
pub struct Installed {
    /// How many units are new.
    pub units: i64,
}

impl Command for InstallUnits {
    const NAME: &'static str = "catalog.install_units";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Installed;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Installed> {
        let mut units = 0;
        for line in csv::Reader::from_reader(UNITS.as_bytes()).into_records() {
            let bad = || Error::internal("unit.list");
            let unit = read(&line.map_err(|e| bad().caused_by(e))?).ok_or_else(bad)?;
            if tx.find::<Unit>(vals![unit.code])?.is_none() {
                tx.insert(&unit)?;
                units += 1;
            }
        }
        Ok(Installed { units })
    }
}

fn read(line: &csv::StringRecord) -> Option<Unit> {
    let code = |place: usize| line.get(place).and_then(|text| Code::new(text).ok());
    let whole = |place: usize| line.get(place).and_then(|text| text.parse().ok());
    let name = Name::new(line.get(1)?).ok()?;
    Some(Unit { code: code(0)?, name, symbol: code(2)?, dimension: code(3)?, numerator: whole(4), denominator: whole(5) })
}
