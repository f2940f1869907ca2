//! The sample company: books of its own to try things on, opened and removed by one call each.

use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind, Result};

use crate::Desk;

/// Opens the sample company, made the first time. The firm's books are put away, not touched.
pub fn open(desk: &Arc<Desk>) -> Result<()> {
    desk.turn_to_sample()?;
    let made = fill(desk);
    if made.is_err() {
        desk.turn_to_firm()?;
    }
    made
}

/// Makes the open books, when they have no company, those of the sample company.
pub fn fill(desk: &Arc<Desk>) -> Result<()> {
    match desk.company()? {
        Some(company) if !company.sample => Err(real_books(&company.name)),
        Some(_) => Ok(()),
        None => desk.create_sample(),
    }
}

/// Deletes the sample company's books and returns to the firm's; real books are refused.
pub fn remove(desk: &Arc<Desk>) -> Result<()> {
    match desk.company()? {
        Some(company) if !company.sample => Err(real_books(&company.name)),
        Some(_) => desk.discard(),
        None => Err(Error::new(Kind::State, "company.missing")),
    }
}

fn real_books(name: &str) -> Error {
    Error::new(Kind::State, "sample.real_books").arg("name", name)
}
