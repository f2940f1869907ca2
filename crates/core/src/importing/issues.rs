//! Collecting what a person should know: issues of the same sort become one line of the report.

use std::collections::BTreeMap;

use super::model::Issue;
use super::table::Table;
use crate::shared::{Code, Name};

/// Collects issues of the same sort into one line of the report.
#[derive(Debug, Default)]
pub(super) struct Issues(BTreeMap<(&'static str, String), Issue>);

impl Issues {
    /// Notes that `code` is so of `value` in `row` (the header is row 1).
    pub(super) fn note(&mut self, code: &'static str, field: &str, value: &str, row: i64) {
        let fresh = || Issue { row, rows: 0, field: Code::fitted(field), code: Code::fitted(code), value: Name::fitted(value) };
        self.0.entry((code, value.to_owned())).or_insert_with(fresh).rows += 1;
    }
    /// Notes what a report says of the file itself: a guessed encoding, and cells that a person mended.
    pub(super) fn of_file(table: &Table) -> Self {
        let mut issues = Issues::default();
        if let Some(encoding) = table.guessed_encoding {
            issues.note("import.encoding_guessed", "", encoding, 1);
        }
        for cell in &table.mended {
            issues.note("import.mended", &cell.column, &cell.value, cell.row);
        }
        issues
    }
    /// The lines of the report, by row.
    pub(super) fn into_list(self) -> Vec<Issue> {
        let mut list: Vec<Issue> = self.0.into_values().collect();
        list.sort_by(|a, b| a.row.cmp(&b.row).then(a.code.cmp(&b.code)));
        list
    }
}
