//! Closes periods through a day.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::ledger::model::{Area, PeriodLock};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Name, Permission};
use crate::vals;

/// Closes an area through a day: nothing is posted on that day or before it any more.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ClosePeriod {
    /// The last closed day.
    pub through: Date,
    /// What is closed; everything when absent.
    pub area: Option<Area>,
    /// Why.
    pub reason: Name,
    /// For good: it cannot be reopened.
    #[serde(default)]
    pub hard: bool,
}

/// How far the area is closed now.
#[derive(Serialize, JsonSchema)]
pub struct Closed {
    /// The area.
    pub area: Area,
    /// The last closed day.
    pub through: Date,
}

impl Command for ClosePeriod {
    const NAME: &'static str = "ledger.close_period";
    const NEEDS: Permission = Permission::ClosePeriod;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Closed;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Closed> {
        self.reason.required("reason")?;
        if self.through > cx.today()? {
            return Err(Error::invalid("period.future").arg("date", self.through).field("through"));
        }
        let (area, hard, through) = (self.area.unwrap_or(Area::All), self.hard, self.through);
        let new = PeriodLock { area, hard, locked_through: through, reason: self.reason, reopen_from: None, reopen_until: None };
        match tx.find::<PeriodLock>(vals![area, hard])? {
            Some(old) if old.locked_through > through => {
                return Err(Error::new(Kind::State, "period.closed_later").arg("area", area).arg("through", old.locked_through).field("through"));
            }
            Some(old) => tx.update(&old, &new)?,
            None => tx.insert(&new)?,
        }
        cx.emit("ledger.period_closed", Id::<()>::from_bytes(cx.command.bytes()), json!({"area": area, "through": through, "hard": hard}));
        Ok(Closed { area, through })
    }
}
