//! Stock on hand: what the firm owns of each item and what it cost, or where it lies.

use super::spec::{Asked, Parameter, Report, Rows, View, amount, column, hidden};
use crate::shared::Permission;
use crate::shared::error::Result;
use crate::shared::value::FieldKind;

const BY: Parameter = Parameter { name: "group", kind: FieldKind::Choice, required: false, choices: &["item", "location"] };

pub(super) const REPORT: Report = Report {
    name: "stock_on_hand",
    needs: Permission::Read,
    parameters: &[BY],
    views: &[
        View {
            columns: &[
                column("code", FieldKind::Text),
                column("name", FieldKind::Text),
                column("quantity", FieldKind::Quantity),
                column("unit", FieldKind::Text),
                amount("value"),
                hidden("_record"),
                hidden("_id"),
            ],
            rows: Rows::Sql(include_str!("sql/stock_by_item.sql"), &[]),
        },
        View {
            columns: &[
                column("location", FieldKind::Text),
                column("code", FieldKind::Text),
                column("name", FieldKind::Text),
                column("quantity", FieldKind::Quantity),
                column("unit", FieldKind::Text),
                hidden("_record"),
                hidden("_id"),
            ],
            rows: Rows::Sql(include_str!("sql/stock_by_location.sql"), &[]),
        },
    ],
    pick: by,
    drill: None,
};

fn by(asked: &Asked) -> Result<usize> {
    Ok(usize::from(asked.group.as_deref() == Some("location")))
}
