//! Aged receivables (or payables): open amounts per customer by how long they are overdue.

use super::figures::Figures;
use super::open_items::is_settled_later;
use super::spec::{Asked, Bind, Drill, Report, Rows, View, amount, ask, column, hidden};
use crate::db::Tx;
use crate::shared::Permission;
use crate::shared::error::Result;
use crate::shared::value::FieldKind;

pub(super) const REPORT: Report = Report {
    name: "aged_receivables",
    needs: Permission::SeeLedger,
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
        rows: Rows::Code(rows),
    }],
    pick: Report::first,
    drill: Some(Drill { report: "open_items", parameter: "party" }),
};

/// What is open now is added up along an index, and the first page found in the order of names.
fn rows(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    const AGES: [Bind; 3] = [Bind::AsOfLess(30), Bind::AsOfLess(60), Bind::AsOfLess(90)];
    if asked.party.is_none() && !is_settled_later(tx, asked)? {
        let values = asked.bind(&[&[Bind::AsOf, Bind::Group], AGES.as_slice()].concat())?;
        return figures.first_rows(tx, include_str!("sql/aged_now_sums.sql"), include_str!("sql/aged_now.sql"), &values);
    }
    let values = asked.bind(&[&[Bind::AsOf, Bind::Party, Bind::Group], AGES.as_slice()].concat())?;
    tx.each(include_str!("sql/aged.sql"), &values, |cells| figures.push(&cells))
}
