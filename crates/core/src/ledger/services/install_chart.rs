//! Installs a chart of accounts and the journals into new books.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::ledger::model::{Account, AccountKind, Journal, JournalCode, JournalKind, Role};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Name, Permission};

/// Installs a chart of accounts, copied from a template, and the journals.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct InstallChart {
    /// Template: `gb`, `de`, `fr`, `us` or `ifrs`; the company's when absent.
    pub chart: Option<Code>,
}

/// What was installed.
#[derive(Serialize, JsonSchema)]
pub struct Installed {
    /// The template.
    pub chart: Code,
    /// How many accounts, headings included.
    pub accounts: usize,
}

impl Command for InstallChart {
    const NAME: &'static str = "ledger.install_chart";
    const NEEDS: Permission = Permission::Administer;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Installed;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Installed> {
        if tx.one::<i64>("SELECT count(*) FROM account", &[])? > 0 {
            return Err(Error::new(Kind::State, "chart.installed"));
        }
        let chart = match self.chart {
            Some(chart) => chart,
            None => crate::identity::api::company(tx)?.chart,
        };
        let accounts = read(template(&chart)?, cx)?;
        tx.insert_all(&accounts)?;
        tx.insert_all(&journals(cx)?)?;
        Ok(Installed { chart, accounts: accounts.len() })
    }
}

fn template(chart: &str) -> Result<&'static str> {
    Ok(match chart {
        "gb" => include_str!("../../../../../assets/charts/gb.csv"),
        "de" => include_str!("../../../../../assets/charts/de.csv"),
        "fr" => include_str!("../../../../../assets/charts/fr.csv"),
        "us" => include_str!("../../../../../assets/charts/us.csv"),
        "ifrs" => include_str!("../../../../../assets/charts/ifrs.csv"),
        other => return Err(Error::invalid("chart.unknown").arg("value", other).field("chart")),
    })
}

/// The accounts of a template: `code,name,kind,role,parent`, headings before what stands under them.
fn read(template: &str, cx: &mut Context) -> Result<Vec<Account>> {
    let mut ids: BTreeMap<String, Id<Account>> = BTreeMap::new();
    let mut accounts = Vec::new();
    for line in csv::Reader::from_reader(template.as_bytes()).into_records() {
        let line = line.map_err(|e| Error::internal("chart.template").caused_by(e))?;
        let cell = |place: usize| line.get(place).unwrap_or_default();
        let bad = || Error::internal("chart.template").arg("account", cell(0));
        let heading = cell(3) == "heading";
        let role = if heading || cell(3).is_empty() { None } else { Some(Role::from_word(cell(3)).ok_or_else(bad)?) };
        let parent = if cell(4).is_empty() { None } else { Some(*ids.get(cell(4)).ok_or_else(bad)?) };
        let id = cx.id("account");
        ids.insert(cell(0).to_owned(), id);
        accounts.push(Account {
            id,
            code: Code::new(cell(0))?,
            name: Name::new(cell(1))?,
            kind: AccountKind::from_word(cell(2)).ok_or_else(bad)?,
            role,
            parent,
            postable: !heading,
            by_party: role.is_some_and(Role::by_party),
            currency: None,
            archived: false,
        });
    }
    Ok(accounts)
}

fn journals(cx: &mut Context) -> Result<Vec<Journal>> {
    let all = [
        (JournalCode::Sales, "Sales", JournalKind::Sales),
        (JournalCode::Purchases, "Purchases", JournalKind::Purchases),
        (JournalCode::Stock, "Stock", JournalKind::Stock),
        (JournalCode::Bank, "Bank and cash", JournalKind::Bank),
        (JournalCode::General, "General", JournalKind::General),
        (JournalCode::Opening, "Opening balances", JournalKind::Opening),
    ];
    let journal = |(code, name, kind): (JournalCode, &str, JournalKind)| {
        Ok(Journal { id: cx.id("journal"), code: Code::new(code.word())?, name: Name::new(name)?, kind })
    };
    all.into_iter().map(journal).collect()
}
