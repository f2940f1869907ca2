//! Reopens a closed area until a given instant.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::ledger::model::{Area, PeriodLock};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Id, Instant, Name, Permission};
use crate::vals;

/// Reopens what was closed (not locked), until an instant; then it is closed again by itself.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ReopenPeriod {
    /// What is reopened; what was closed for everything when absent.
    pub area: Option<Area>,
    /// Until just before this instant.
    pub until: Instant,
    /// Why.
    pub reason: Name,
}

/// How long the area is open.
#[derive(Serialize, JsonSchema)]
pub struct Reopened {
    /// The area.
    pub area: Area,
    /// Until just before this instant.
    pub until: Instant,
}

impl Command for ReopenPeriod {
    const NAME: &'static str = "ledger.reopen_period";
    const NEEDS: Permission = Permission::ClosePeriod;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Reopened;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Reopened> {
        self.reason.required("reason")?;
        if self.until <= cx.now {
            return Err(Error::invalid("period.until_past").field("until"));
        }
        let area = self.area.unwrap_or(Area::All);
        let hard: Option<PeriodLock> = tx.find(vals![area, true])?;
        let Some(old) = tx.find::<PeriodLock>(vals![area, false])? else {
            return Err(match hard {
                Some(hard) => locked(&hard),
                None => Error::new(Kind::State, "period.not_closed").arg("area", area).field("area"),
            });
        };
        if let Some(hard) = hard.filter(|hard| hard.locked_through >= old.locked_through) {
            return Err(locked(&hard));
        }
        let new = PeriodLock { reason: self.reason, reopen_from: Some(cx.now), reopen_until: Some(self.until), ..old.clone() };
        tx.update(&old, &new)?;
        cx.emit("ledger.period_reopened", Id::<()>::from_bytes(cx.command.bytes()), json!({"area": area, "until": self.until}));
        Ok(Reopened { area, until: self.until })
    }
}

fn locked(hard: &PeriodLock) -> Error {
    Error::new(Kind::Closed, "period.locked").arg("area", hard.area).arg("through", hard.locked_through).field("area")
}
