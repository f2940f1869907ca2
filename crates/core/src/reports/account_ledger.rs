//! Account ledger: the lines of one account with its running balance.

use super::balances::before;
use super::figures::Figures;
use super::spec::{Asked, Parameter, Report, Rows, View, amount, ask, column, hidden};
use super::words::label_or;
use crate::db::Tx;
use crate::shared::error::Result;
use crate::shared::value::{Column as _, FieldKind, Val};
use crate::shared::{Minor, Permission};
use crate::vals;

pub(super) const REPORT: Report = Report {
    name: "account_ledger",
    needs: Permission::SeeLedger,
    parameters: &[Parameter { name: "account", kind: FieldKind::Reference, required: true, choices: &[] }, ask::FROM, ask::TO],
    views: &[View {
        columns: &[
            column("date", FieldKind::Date),
            column("journal", FieldKind::Text),
            column("number", FieldKind::Integer),
            column("reference", FieldKind::Text),
            column("text", FieldKind::Text),
            column("party", FieldKind::Text),
            column("counter", FieldKind::Text),
            amount("debit"),
            amount("credit"),
            column("balance", FieldKind::Money),
            hidden("_entry"),
            hidden("_source"),
            hidden("_source_id"),
        ],
        rows: Rows::Code(rows),
    }],
    pick: Report::first,
    drill: None,
};

/// Where debit, credit and balance stand.
const AMOUNTS: [usize; 3] = [7, 8, 9];

fn rows(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    let opening = before(tx, asked.from, asked.account, None)?;
    let sql = include_str!("sql/account_ledger.sql");
    running(tx, sql, vals![asked.account, asked.from, asked.to], (asked, opening, AMOUNTS), figures)
}

/// Pushes an opening row and the rows of `sql` with the balance after each; the balance's cell is
/// NULL in the SQL. The total of the balance is the closing one.
pub(super) fn running(
    tx: &mut Tx<'_>,
    sql: &str,
    values: &[Val],
    (asked, opening, [debit, credit, balance]): (&Asked, Minor, [usize; 3]),
    figures: &mut Figures,
) -> Result<()> {
    let mut at = opening;
    if !opening.is_zero() {
        let mut cells = vec![Val::Null; balance + 4];
        for (place, value) in [(0, asked.from.to_val()), (4, label_or("report.opening", "opening").to_val()), (balance, opening.to_val())] {
            if let Some(cell) = cells.get_mut(place) {
                *cell = value;
            }
        }
        figures.push(&cells)?;
    }
    tx.each(sql, values, |mut cells| {
        let amount = |place: usize| cells.get(place).cloned().map_or(Ok(Minor::ZERO), Minor::from_val);
        at = at.plus(amount(debit)?)?.minus(amount(credit)?)?;
        if let Some(cell) = cells.get_mut(balance) {
            *cell = at.to_val();
        }
        figures.push(&cells)
    })?;
    figures.set_total("balance", at.units());
    Ok(())
}
