//! Setting up the books of a firm: the company and everything it starts with, all or nothing.

use serde_json::{Value, json};

use super::{App, Batch, Call, Outcome, register};
use crate::shared::error::Result;

/// What every firm starts with, after `identity.create_company`; each module owns its part.
const STARTERS: &[&str] = &["tax.install_pack", "catalog.install_units", "ledger.install_chart", "inventory.install_locations"];

impl App {
    /// Sets up a company from the arguments of `identity.create_company`, with its tax pack, units,
    /// chart of accounts and locations, in one transaction. Answers what `identity.create_company` does.
    pub fn set_up(&self, company: Value) -> Result<Outcome> {
        self.batch(None, |batch| set_up(batch, company))
    }
}

/// The same within a transaction that goes on.
pub(super) fn set_up(batch: &mut Batch<'_, '_>, company: Value) -> Result<Outcome> {
    let mut outcome = batch.execute(Call::new("identity.create_company", company))?;
    for name in STARTERS.iter().filter(|name| register().command(name).is_ok()) {
        let part = batch.execute(Call::new(name, json!({})))?;
        outcome.changed.extend(part.changed);
        outcome.pos = part.pos;
    }
    Ok(outcome)
}
