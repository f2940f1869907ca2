//! The sample company: books to try things on, made and removed by one call each.

use std::sync::Arc;

use daybook_core::app::Outcome;
use daybook_core::shared::error::{Error, Kind, Result};
use serde_json::json;

use crate::Desk;

/// Sets up the sample company in books that have none.
pub fn create(desk: &Arc<Desk>) -> Result<Outcome> {
    desk.set_up(json!({ "name": "Northwind Traders", "country": "GB", "currency": "GBP", "sample": true }))
}

/// Takes the sample company's books away; real books are refused.
pub fn remove(desk: &Arc<Desk>) -> Result<()> {
    let company = desk.with(|app| app.read(|tx, _| daybook_core::identity::api::company(tx)))?;
    if !company.sample {
        return Err(Error::new(Kind::State, "sample.real_books").arg("name", company.name));
    }
    if desk.jobs.any_running() {
        return Err(Error::new(Kind::Busy, "job.running"));
    }
    desk.put_aside(".removed-sample")
}
