//! Printing all invoices of a period into a folder or one zip file.

use std::path::PathBuf;

use daybook_core::shared::Date;
use daybook_core::shared::error::{Error, Result};
use serde::Deserialize;
use serde_json::Value;

use super::Job;
use crate::Desk;

/// What to print.
#[derive(Debug, Deserialize)]
pub struct PrintInvoices {
    /// First day of issue.
    pub from: Date,
    /// Last day of issue.
    pub to: Date,
    /// Into one zip file instead of a folder.
    #[serde(default)]
    pub zip: bool,
    /// Where to; the person's documents folder when a client leaves it open.
    #[serde(skip)]
    pub output: Option<PathBuf>,
}

impl PrintInvoices {
    pub(super) fn run(self, _desk: &Desk, job: &Job) -> Result<Value> {
        job.stage("printing", 0);
        Err(Error::internal("rpc.encode"))
    }
}
