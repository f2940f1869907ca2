//! Sales of another program: rows of documents become invoices, credit notes and stock adjustments.
//!
//! Rows with the same number are one document. All prices zero: a stock adjustment. All quantities
//! below zero: a credit note. Anything else: an invoice.

mod plan;
mod rows;

pub use plan::{Counts, Group, Plan, PlannedDocument, PlannedItem, PlannedParty};
pub use rows::{FIELDS, Row};
