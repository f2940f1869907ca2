//! Reading a file of another program into the books, or only looking what that would do.

use std::collections::BTreeMap;
use std::sync::Arc;

use daybook_core::shared::error::{Error, Kind, Result};
use serde::Deserialize;
use serde_json::Value;

use super::Job;
use crate::Desk;

/// What to import.
#[derive(Debug, Deserialize)]
pub struct Import {
    /// Handle of the file.
    pub file: String,
    /// What is in it: `sales` …
    pub import: String,
    /// Which column means which field, where the guess is wrong.
    #[serde(default)]
    pub mapping: BTreeMap<String, Option<String>>,
    /// Only look what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

impl Import {
    pub(super) fn run(self, desk: &Arc<Desk>, job: &Job) -> Result<Value> {
        let _path = desk.uploads().path(&self.file)?;
        job.stage("reading", 0);
        Err(Error::new(Kind::NotFound, "import.unknown").arg("name", self.import))
    }
}
