//! Trial balance: what every account had, took and has. Opening balances are carried on until a
//! closing entry takes them to equity; debit and credit always agree.

use super::balances::balances;
use super::figures::Figures;
use super::spec::{Asked, Drill, Report, Rows, View, amount, ask, column, hidden};
use crate::db::Tx;
use crate::shared::Permission;
use crate::shared::error::Result;
use crate::shared::value::FieldKind;
use crate::vals;

pub(super) const REPORT: Report = Report {
    name: "trial_balance",
    needs: Permission::SeeLedger,
    parameters: &[ask::FROM, ask::TO],
    views: &[View {
        columns: &[
            column("code", FieldKind::Text),
            column("name", FieldKind::Text),
            amount("opening"),
            amount("debit"),
            amount("credit"),
            amount("closing"),
            hidden("_record"),
            hidden("_id"),
        ],
        rows: Rows::Code(rows),
    }],
    pick: Report::first,
    drill: Some(Drill { report: "account_ledger", parameter: "account" }),
};

fn rows(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    for b in balances(tx, asked.from, asked.to)? {
        if b.opening.is_zero() && b.debit.is_zero() && b.credit.is_zero() {
            continue;
        }
        figures.push(vals![b.code, b.name, b.opening, b.debit, b.credit, b.closing()?, "account".to_owned(), b.account])?;
    }
    Ok(())
}
