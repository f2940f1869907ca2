//! Sales: what was invoiced less what was credited, before VAT, by customer, item, country or month.
//! Amounts are in base currency, at each document's own rate. Allowances and charges of whole documents
//! belong to no item: by item they are left out.

use super::spec::{Asked, Bind, Column, Parameter, Report, Rows, View, amount, ask, column, hidden};
use crate::shared::Permission;
use crate::shared::error::Result;
use crate::shared::value::FieldKind;

const BY: Parameter = Parameter { name: "group", kind: FieldKind::Choice, required: false, choices: &["customer", "item", "country", "month"] };

const DOCUMENTS: &[Column] = &[
    column("name", FieldKind::Text),
    column("documents", FieldKind::Integer),
    amount("net"),
    amount("tax"),
    amount("gross"),
    hidden("_record"),
    hidden("_id"),
];

const ITEMS: &[Column] = &[
    column("code", FieldKind::Text),
    column("name", FieldKind::Text),
    column("documents", FieldKind::Integer),
    column("quantity", FieldKind::Quantity),
    amount("net"),
    hidden("_record"),
    hidden("_id"),
];

const BETWEEN: &[Bind] = &[Bind::From, Bind::To];

pub(super) const REPORT: Report = Report {
    name: "sales",
    needs: Permission::SeeLedger,
    parameters: &[ask::FROM, ask::TO, BY],
    views: &[
        View { columns: DOCUMENTS, rows: Rows::Sql(include_str!("sql/sales_by_customer.sql"), BETWEEN) },
        View { columns: ITEMS, rows: Rows::Sql(include_str!("sql/sales_by_item.sql"), BETWEEN) },
        View { columns: DOCUMENTS, rows: Rows::Sql(include_str!("sql/sales_by_country.sql"), BETWEEN) },
        View { columns: DOCUMENTS, rows: Rows::Sql(include_str!("sql/sales_by_month.sql"), BETWEEN) },
    ],
    pick: by,
    drill: None,
};

fn by(asked: &Asked) -> Result<usize> {
    Ok(match asked.group.as_deref() {
        Some("item") => 1,
        Some("country") => 2,
        Some("month") => 3,
        _ => 0,
    })
}
