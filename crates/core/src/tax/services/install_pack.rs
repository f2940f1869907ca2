//! Copies the tax pack of a country into the books.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Permission};
use crate::tax::model::{Tax, TaxRate, TaxRule};
use crate::tax::pack::{self, Pack, PackRule, PackTax};

/// The account role that purchases post their tax to (assets/README.md).
const INPUT_TAX: &str = "input_tax";

/// Copies the taxes, rates and rules of a country into the books, once; later changes of the shipped
/// pack never alter books that exist.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct InstallPack {
    /// ISO 3166-1 country; the company's when absent.
    pub country: Option<Code>,
}

/// What was installed.
#[derive(Serialize, JsonSchema)]
pub struct Installed {
    /// How many taxes.
    pub taxes: i64,
}

impl Command for InstallPack {
    const NAME: &'static str = "tax.install_pack";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Installed;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Installed> {
        let country = match self.country {
            Some(country) => crate::identity::api::country(&country)?,
            None => crate::identity::api::company(tx)?.country,
        };
        Ok(Installed { taxes: install(tx, cx, &country)? })
    }
}

/// Copies the pack of `country`; answers how many taxes it has.
pub fn install(tx: &mut Tx<'_>, cx: &mut Context, country: &str) -> Result<i64> {
    if tx.one::<i64>("SELECT count(*) FROM tax", &[])? > 0 {
        return Err(Error::new(Kind::State, "tax.installed"));
    }
    let Pack { tax: taxes, rule: rules } = pack::pack(country)?;
    let mut ids = HashMap::new();
    for tax in &taxes {
        let id = cx.id("tax");
        insert_tax(tx, id, tax)?;
        ids.insert(tax.code.as_str(), id);
    }
    let of = |code: &Code| ids.get(code.as_str()).copied().ok_or_else(|| Error::internal("tax.pack").arg("country", country));
    for (n, rule) in (1_i64..).zip(rules) {
        tx.insert(&row(n, &rule, of(&rule.sales)?, of(&rule.purchases)?))?;
    }
    i64::try_from(taxes.len()).map_err(|e| Error::internal("tax.pack").arg("country", country).caused_by(e))
}

fn insert_tax(tx: &mut Tx<'_>, id: Id<Tax>, tax: &PackTax) -> Result<()> {
    let (exemption_code, exemption_text) = pack::reason(&tax.exemption)?;
    tx.insert(&Tax {
        id,
        code: tax.code.clone(),
        name: tax.name.clone(),
        category: tax.category,
        direction: tax.direction,
        exemption_code,
        exemption_text,
        sales_account: tax.account.clone(),
        purchase_account: Code::new(INPUT_TAX)?,
        archived: false,
    })?;
    let rates: Vec<TaxRate> = tax.rates.iter().map(|r| TaxRate { tax: id, valid_from: r.from, valid_to: r.to, rate: r.rate, used: false }).collect();
    tx.insert_all(&rates)
}

fn row(n: i64, rule: &PackRule, sales: Id<Tax>, purchases: Id<Tax>) -> TaxRule {
    TaxRule {
        n,
        item_class: rule.class(),
        item_kind: rule.kind,
        zone: rule.zone(),
        vat_id: rule.asks_vat_id(),
        valid_from: rule.from,
        valid_to: rule.to,
        sales,
        purchases,
    }
}
