//! Journal: the entries of a time with their lines, in the order of their dates.

use super::spec::{Bind, Parameter, Report, Rows, View, amount, ask, column, hidden};
use crate::ledger::JournalCode;
use crate::shared::Permission;
use crate::shared::value::FieldKind;

pub(super) const REPORT: Report = Report {
    name: "journal",
    needs: Permission::SeeLedger,
    parameters: &[ask::FROM, ask::TO, Parameter { name: "group", kind: FieldKind::Choice, required: false, choices: JournalCode::WORDS }],
    views: &[View {
        columns: &[
            column("date", FieldKind::Date),
            column("journal", FieldKind::Text),
            column("number", FieldKind::Integer),
            column("reference", FieldKind::Text),
            column("text", FieldKind::Text),
            column("account", FieldKind::Text),
            column("name", FieldKind::Text),
            column("party", FieldKind::Text),
            amount("debit"),
            amount("credit"),
            hidden("_entry"),
            hidden("_source"),
            hidden("_source_id"),
        ],
        rows: Rows::Sql(include_str!("sql/journal.sql"), &[Bind::From, Bind::To, Bind::Group]),
    }],
    pick: Report::first,
    drill: None,
};
