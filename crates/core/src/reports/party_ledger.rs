//! Party ledger: what one customer or supplier was charged and paid, with the running balance; or the
//! balances of all of them.

use super::account_ledger::running;
use super::balances::before;
use super::figures::Figures;
use super::spec::{Asked, Drill, Report, Rows, View, amount, ask, column, hidden};
use crate::db::Tx;
use crate::shared::Permission;
use crate::shared::error::Result;
use crate::shared::value::FieldKind;
use crate::vals;

pub(super) const REPORT: Report = Report {
    name: "party_ledger",
    needs: Permission::SeeLedger,
    parameters: &[ask::PARTY, ask::FROM, ask::TO],
    views: &[
        View {
            columns: &[
                column("code", FieldKind::Text),
                column("name", FieldKind::Text),
                column("account", FieldKind::Text),
                amount("opening"),
                amount("debit"),
                amount("credit"),
                amount("balance"),
                hidden("_record"),
                hidden("_id"),
            ],
            rows: Rows::Code(overview),
        },
        View {
            columns: &[
                column("date", FieldKind::Date),
                column("journal", FieldKind::Text),
                column("number", FieldKind::Integer),
                column("reference", FieldKind::Text),
                column("text", FieldKind::Text),
                column("account", FieldKind::Text),
                column("due_date", FieldKind::Date),
                amount("debit"),
                amount("credit"),
                column("balance", FieldKind::Money),
                hidden("_entry"),
                hidden("_source"),
                hidden("_source_id"),
            ],
            rows: Rows::Code(one),
        },
    ],
    pick: |asked| Ok(usize::from(asked.party.is_some())),
    drill: Some(Drill { report: "party_ledger", parameter: "party" }),
};

fn one(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    let opening = before(tx, asked.from, None, asked.party)?;
    let sql = include_str!("sql/party_ledger.sql");
    running(tx, sql, vals![asked.party, asked.from, asked.to], (asked, opening, [7, 8, 9]), figures)
}

fn overview(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    let end = asked.to.plus_days(1)?;
    let values = vals![asked.from.month_text(), end.month_text(), asked.from.month_start(), asked.from, end.month_start(), end];
    tx.each(include_str!("sql/party_overview.sql"), values, |cells| figures.push(&cells))
}
