//! Stock on hand: what the firm owns of each item and what it cost, or where it lies. Who may not see
//! costs, or has books that do not hold them, sees quantities.

use super::figures::Figures;
use super::spec::{Asked, Parameter, Report, Rows, View, amount, column, hidden};
use crate::db::Tx;
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
            rows: Rows::Code(by_item),
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
        View {
            columns: &[
                column("code", FieldKind::Text),
                column("name", FieldKind::Text),
                column("quantity", FieldKind::Quantity),
                column("unit", FieldKind::Text),
                hidden("_record"),
                hidden("_id"),
            ],
            rows: Rows::Sql(include_str!("sql/stock_quantities.sql"), &[]),
        },
    ],
    pick: by,
    drill: None,
};

/// The first rows of many come by walking the items in their order; a few are found and sorted.
fn by_item(tx: &mut Tx<'_>, _: &Asked, figures: &mut Figures) -> Result<()> {
    let sums = "SELECT count(*), CAST(coalesce(sum(value), 0) AS BIGINT) FROM item_cost WHERE quantity <> 0 OR value <> 0";
    let count = usize::try_from(tx.one::<i64>("SELECT count(*) FROM item_cost", &[])?).unwrap_or_default();
    if count / 10 > figures.limit() {
        return figures.first_rows(tx, sums, include_str!("sql/stock_by_code.sql"), &[]);
    }
    tx.each(include_str!("sql/stock_by_item.sql"), &[], |cells| figures.push(&cells))
}

fn by(asked: &Asked) -> Result<usize> {
    Ok(match (asked.group.as_deref(), asked.sees_costs) {
        (Some("location"), _) => 1,
        (_, true) => 0,
        (_, false) => 2,
    })
}
