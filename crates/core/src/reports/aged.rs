//! Aged receivables (or payables): open amounts per customer by how long they are overdue.

use super::spec::{Bind, Drill, Report, Rows, View, amount, ask, column, hidden};
use crate::shared::Permission;
use crate::shared::value::FieldKind;

pub(super) const REPORT: Report = Report {
    name: "aged_receivables",
    needs: Permission::Read,
    parameters: &[ask::AS_OF, ask::PARTY, ask::SIDE],
    views: &[View {
        columns: &[
            column("code", FieldKind::Text),
            column("name", FieldKind::Text),
            amount("not_due"),
            amount("days_1_30"),
            amount("days_31_60"),
            amount("days_61_90"),
            amount("days_over_90"),
            amount("open"),
            hidden("_record"),
            hidden("_id"),
        ],
        rows: Rows::Sql(include_str!("sql/aged.sql"), &[Bind::AsOf, Bind::Party, Bind::Group, Bind::AsOfLess(30), Bind::AsOfLess(60), Bind::AsOfLess(90)]),
    }],
    pick: Report::first,
    drill: Some(Drill { report: "open_items", parameter: "party" }),
};
