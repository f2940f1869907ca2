//! Open items: every document that is not fully settled, as of a day.

use super::figures::Figures;
use super::spec::{Asked, Bind, Report, Rows, View, amount, ask, column, hidden};
use crate::db::Tx;
use crate::shared::Permission;
use crate::shared::error::Result;
use crate::shared::value::FieldKind;
use crate::vals;

pub(super) const REPORT: Report = Report {
    name: "open_items",
    needs: Permission::SeeLedger,
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
        rows: Rows::Code(rows),
    }],
    pick: Report::first,
    drill: None,
};

/// What is open now is kept with each item. Only a look back, past later settlements, adds those up.
fn rows(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    let values = asked.bind(&[Bind::AsOf, Bind::Party, Bind::Group])?;
    if is_settled_later(tx, asked)? {
        return tx.each(include_str!("sql/open_items.sql"), &values, |cells| figures.push(&cells));
    }
    figures.first_rows(tx, include_str!("sql/open_now_sums.sql"), include_str!("sql/open_now.sql"), &values)
}

/// Whether anything was settled after the day asked for, so that what was open then is not what is
/// open now.
pub(super) fn is_settled_later(tx: &mut Tx<'_>, asked: &Asked) -> Result<bool> {
    tx.one::<i64>("SELECT count(*) FROM (SELECT 1 FROM allocation WHERE date > ?1 LIMIT 1) AS later", vals![asked.as_of]).map(|later| later > 0)
}
