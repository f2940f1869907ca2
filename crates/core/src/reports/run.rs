//! The two questions: which reports there are, and the figures of one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::figures::Figures;
use super::spec::{Asked, Report, Rows, View};
use super::{REPORTS, describe};
use crate::db::Tx;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Context, Date, Id, Permission, Query};

/// Rows of an answer when nothing is said, and at most.
const LIMIT: usize = 5_000;
const LIMIT_MAX: usize = 50_000;

/// All reports: name, title, parameters, columns.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct ListReports {}

impl Query for ListReports {
    const NAME: &'static str = "reports.list";
    const NEEDS: Permission = Permission::Read;
    type Output = Vec<Value>;
    fn run(self, _: &mut Tx<'_>, _: &mut Context) -> Result<Vec<Value>> {
        Ok(describe())
    }
}

/// The figures of one report.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct RunReport {
    /// The report.
    pub name: String,
    /// First day; the beginning of the fiscal year when absent.
    pub from: Option<Date>,
    /// Last day; when absent, that of the newest entry, but not after today.
    pub to: Option<Date>,
    /// The day at which open items and balances are looked at; today when absent.
    pub as_of: Option<Date>,
    /// Only this customer or supplier.
    pub party: Option<Id<()>>,
    /// Only this account.
    pub account: Option<Id<()>>,
    /// How to group, or which part.
    pub group: Option<String>,
    /// Rows to keep; totals are of all.
    pub limit: Option<usize>,
}

impl Query for RunReport {
    const NAME: &'static str = "reports.run";
    const NEEDS: Permission = Permission::Read;
    type Output = Value;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Value> {
        let report = find(&self.name)?;
        crate::identity::api::authorize(tx, cx.actor, report.needs)?;
        self.check(report)?;
        let limit = self.limit.unwrap_or(LIMIT).min(LIMIT_MAX);
        let asked = self.asked(tx, cx)?;
        let place = (report.pick)(&asked)?;
        let view: &View = report.views.get(place).ok_or_else(|| Error::internal("report.view").arg("name", report.name))?;
        let mut figures = Figures::new(view, limit);
        match view.rows {
            Rows::Sql(sql, binds) => tx.each(sql, &asked.bind(binds)?, |cells| figures.push(&cells))?,
            Rows::Code(code) => code(tx, &asked, &mut figures)?,
        }
        let mut answer = figures.finish();
        let drill = report.drill.as_ref().map(|drill| json!({"report": drill.report, "parameter": drill.parameter, "column": "_id"}));
        answer.insert("title".to_owned(), report.title().into());
        answer.insert("currency".to_owned(), asked.currency.to_string().into());
        answer.insert("asked".to_owned(), json!({"from": asked.from, "to": asked.to, "as_of": asked.as_of}));
        answer.insert("drill".to_owned(), drill.unwrap_or_default());
        Ok(Value::Object(answer))
    }
}

fn find(name: &str) -> Result<&'static Report> {
    let names = || REPORTS.iter().map(|report| report.name).collect::<Vec<_>>().join(", ");
    let unknown = || Error::new(Kind::NotFound, "report.unknown").arg("name", name).arg("known", names()).field("name");
    REPORTS.iter().find(|report| report.name == name).ok_or_else(unknown)
}

impl RunReport {
    /// What is required is there, what is chosen exists.
    fn check(&self, report: &Report) -> Result<()> {
        for parameter in report.parameters {
            let given = match parameter.name {
                "party" => self.party.is_some(),
                "account" => self.account.is_some(),
                "group" => self.group.is_some(),
                _ => true,
            };
            if parameter.required && !given {
                return Err(Error::invalid("report.parameter_missing").arg("name", parameter.name).field(parameter.name));
            }
            if let ("group", Some(group)) = (parameter.name, &self.group)
                && !parameter.choices.contains(&group.as_str())
            {
                let choices = parameter.choices.join(", ");
                return Err(Error::invalid("report.group").arg("value", group).arg("choices", choices).field("group"));
            }
        }
        Ok(())
    }

    fn asked(self, tx: &mut Tx<'_>, cx: &Context) -> Result<Asked> {
        let company = crate::identity::api::company(tx)?;
        let today = cx.today()?;
        let newest = if tx.holds::<crate::ledger::Entry>() { newest_entry(tx)? } else { None };
        let usual = newest.map_or(today, |newest| newest.min(today));
        let to = self.to.unwrap_or_else(|| usual.max(self.from.unwrap_or(usual)));
        let from = self.from.map_or_else(|| fiscal_start(to, company.fiscal_month), Ok)?;
        if from > to {
            return Err(Error::invalid("report.from_after_to").arg("from", from).arg("to", to).field("from"));
        }
        let as_of = self.as_of.unwrap_or(today);
        let (party, account) = (self.party, self.account);
        let may_see = crate::identity::api::authorize(tx, cx.actor, Permission::SeeLedger).is_ok();
        let sees_costs = may_see && tx.holds::<crate::inventory::ItemCost>();
        Ok(Asked { from, to, as_of, party, account, group: self.group, fiscal_month: company.fiscal_month, currency: company.currency, sees_costs })
    }
}

fn newest_entry(tx: &mut Tx<'_>) -> Result<Option<Date>> {
    let row: Option<(Option<Date>,)> = tx.opt("SELECT max(date) FROM journal_entry", &[])?;
    Ok(row.and_then(|(date,)| date))
}

/// The first day of the fiscal year that `date` lies in.
pub(super) fn fiscal_start(date: Date, first_month: i64) -> Result<Date> {
    let mut start = date.month_start();
    while i64::from(start.month()) != first_month {
        start = start.plus_days(-1)?.month_start();
    }
    Ok(start)
}
