//! Profit and loss, and balance sheet: balances under the headings of the chart.

use std::collections::BTreeMap;

use super::balances::{Balance, balances};
use super::figures::Figures;
use super::run::fiscal_start;
use super::spec::{Asked, Drill, Report, Rows, View, ask, column, hidden};
use super::words::label_or;
use crate::db::Tx;
use crate::ledger::api::Accounts;
use crate::ledger::{Account, AccountKind};
use crate::shared::error::Result;
use crate::shared::value::{FieldKind, Val};
use crate::shared::{Id, Minor, Permission};
use crate::vals;

const COLUMNS: &[super::spec::Column] = &[
    column("code", FieldKind::Text),
    column("name", FieldKind::Text),
    column("level", FieldKind::Integer),
    column("amount", FieldKind::Money),
    hidden("_record"),
    hidden("_id"),
];

/// Income and expense of a time. Both are shown as positive; the total is the result.
pub(super) const PROFIT_AND_LOSS: Report = Report {
    name: "profit_and_loss",
    needs: Permission::SeeLedger,
    parameters: &[ask::FROM, ask::TO],
    views: &[View { columns: COLUMNS, rows: Rows::Code(profit_and_loss) }],
    pick: Report::first,
    drill: Some(Drill { report: "account_ledger", parameter: "account" }),
};

/// What the firm owns and owes at the end of a day, with the results that no closing entry has taken
/// to equity yet.
pub(super) const BALANCE_SHEET: Report = Report {
    name: "balance_sheet",
    needs: Permission::SeeLedger,
    parameters: &[ask::AS_OF],
    views: &[View { columns: COLUMNS, rows: Rows::Code(balance_sheet) }],
    pick: Report::first,
    drill: Some(Drill { report: "account_ledger", parameter: "account" }),
};

fn profit_and_loss(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    let found = balances(tx, asked.from, asked.to)?;
    let tree = Tree::new(tx, &found, Balance::movement)?;
    let income = tree.section(AccountKind::Income, figures)?;
    line(figures, "total_income", income)?;
    let expense = tree.section(AccountKind::Expense, figures)?;
    line(figures, "total_expense", expense)?;
    let result = income.minus(expense)?;
    line(figures, "result", result)?;
    figures.set_total("amount", result.units());
    Ok(())
}

fn balance_sheet(tx: &mut Tx<'_>, asked: &Asked, figures: &mut Figures) -> Result<()> {
    let start = fiscal_start(asked.as_of, asked.fiscal_month)?;
    let found = balances(tx, start, asked.as_of)?;
    let tree = Tree::new(tx, &found, Balance::closing)?;
    let assets = tree.section(AccountKind::Asset, figures)?;
    line(figures, "total_assets", assets)?;
    let liabilities = tree.section(AccountKind::Liability, figures)?;
    line(figures, "total_liabilities", liabilities)?;
    let equity = tree.section(AccountKind::Equity, figures)?;
    let results: Vec<&Balance> = found.iter().filter(|b| matches!(b.kind, AccountKind::Income | AccountKind::Expense)).collect();
    let earlier = Minor::sum(results.iter().map(|b| b.opening.negated()))?;
    let this_year = results.iter().try_fold(Minor::ZERO, |sum, b| sum.minus(b.movement()?))?;
    if !earlier.is_zero() {
        line(figures, "earlier_results", earlier)?;
    }
    line(figures, "year_result", this_year)?;
    let equity = equity.plus(earlier)?.plus(this_year)?;
    line(figures, "total_equity", equity)?;
    line(figures, "total_liabilities_and_equity", liabilities.plus(equity)?)
}

/// A line that is no account: a sum or a result.
fn line(figures: &mut Figures, name: &str, amount: Minor) -> Result<()> {
    figures.push(&[
        Val::Text(String::new()),
        Val::Text(label_or(&format!("report.line.{name}"), name)),
        Val::Int(0),
        Val::Int(amount.units()),
        Val::Null,
        Val::Null,
    ])
}

/// The chart with an amount per account, headings included.
struct Tree {
    accounts: BTreeMap<Id<Account>, Account>,
    below: BTreeMap<Option<Id<Account>>, Vec<Id<Account>>>,
    amounts: BTreeMap<Id<Account>, Minor>,
}

impl Tree {
    /// The amount of each account, and of all headings above it.
    fn new(tx: &mut Tx<'_>, balances: &[Balance], amount_of: impl Fn(&Balance) -> Result<Minor>) -> Result<Self> {
        let accounts: BTreeMap<Id<Account>, Account> = Accounts::load(tx)?.all().map(|account| (account.id, account.clone())).collect();
        let mut tree = Tree { accounts, below: BTreeMap::new(), amounts: BTreeMap::new() };
        let mut sorted: Vec<&Account> = tree.accounts.values().collect();
        sorted.sort_by_cached_key(|account| natural(&account.code));
        for account in sorted {
            tree.below.entry(account.parent).or_default().push(account.id);
        }
        for balance in balances {
            let amount = amount_of(balance)?;
            let mut at = Some(balance.account);
            while let Some(id) = at.filter(|_| !amount.is_zero()) {
                let sum = tree.amounts.entry(id).or_default();
                *sum = sum.plus(amount)?;
                at = tree.accounts.get(&id).and_then(|account| account.parent);
            }
        }
        Ok(tree)
    }

    /// Shows the accounts of one kind and gives their sum, positive on the kind's own side.
    fn section(&self, kind: AccountKind, figures: &mut Figures) -> Result<Minor> {
        let tops = self.below.get(&None).map(Vec::as_slice).unwrap_or_default();
        let mut sum = Minor::ZERO;
        for id in tops.iter().filter(|id| self.accounts.get(id).is_some_and(|account| account.kind == kind)) {
            self.show(*id, 0, figures)?;
            sum = sum.plus(self.amount(*id, kind))?;
        }
        Ok(sum)
    }

    fn show(&self, id: Id<Account>, level: i64, figures: &mut Figures) -> Result<()> {
        let (Some(account), true) = (self.accounts.get(&id), self.amounts.contains_key(&id)) else { return Ok(()) };
        let amount = self.amount(id, account.kind);
        figures.push(vals![account.code, account.name, level, amount, "account".to_owned(), id])?;
        let below = self.below.get(&Some(id)).map(Vec::as_slice).unwrap_or_default();
        below.iter().try_for_each(|id| self.show(*id, level + 1, figures))
    }

    fn amount(&self, id: Id<Account>, kind: AccountKind) -> Minor {
        let amount = self.amounts.get(&id).copied().unwrap_or_default();
        if matches!(kind, AccountKind::Asset | AccountKind::Expense) { amount } else { amount.negated() }
    }
}

/// A sort key by which `PL2` comes before `PL10`: runs of digits are padded.
fn natural(code: &str) -> String {
    let mut key = String::with_capacity(code.len() + 16);
    let mut digits = String::new();
    for c in code.chars().chain(std::iter::once('\0')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            key.push_str(&format!("{digits:0>12}"));
            digits.clear();
        }
        key.push(c);
    }
    key
}
