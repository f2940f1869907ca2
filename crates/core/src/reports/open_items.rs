//! Open items: every document that is not fully settled, as of a day.

use super::spec::{Bind, Report, Rows, View, amount, ask, column, hidden};
use crate::shared::Permission;
use crate::shared::value::FieldKind;

pub(super) const REPORT: Report = Report {
    name: "open_items",
    needs: Permission::Read,
    parameters: &[ask::AS_OF, ask::PARTY, ask::SIDE],
    views: &[View {
        columns: &[
            column("party", FieldKind::Text),
            column("reference", FieldKind::Text),
            column("date", FieldKind::Date),
            column("due_date", FieldKind::Date),
            column("account", FieldKind::Text),
            amount("amount"),
            amount("open"),
            hidden("_entry"),
            hidden("_source"),
            hidden("_source_id"),
        ],
        rows: Rows::Sql(include_str!("sql/open_items.sql"), &[Bind::AsOf, Bind::Party, Bind::Group]),
    }],
    pick: Report::first,
    drill: None,
};
