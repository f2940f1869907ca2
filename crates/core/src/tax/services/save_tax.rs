//! Adds a tax or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Id, Name, Permission};
use crate::tax::model::{Category, Direction, Tax};
use crate::tax::{api, pack};
use crate::vals;

crate::save_args! {
    /// Adds a tax (no id) or changes one; what is left out stays as it is. Its rates are saved with
    /// `tax.save_tax_rate`.
    pub struct SaveTax of Tax {
        code: Code,
        name: Name,
        exemption_code: Code,
        exemption_text: Name,
        sales_account: Code,
        purchase_account: Code,
        archived: bool,
    } choose {
        category: Category,
        direction: Direction,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The tax.
    pub id: Id<Tax>,
}

impl Command for SaveTax {
    const NAME: &'static str = "tax.save_tax";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let old: Option<Tax> = self.id.map(|id| tx.get(vals![id])).transpose()?;
        let mut tax = match &old {
            Some(old) => old.clone(),
            None => empty(cx.id("tax"))?,
        };
        self.put(&mut tax);
        settle(tx, &mut tax)?;
        match old {
            None => tx.insert(&tax)?,
            Some(old) => {
                if (old.category, old.direction) != (tax.category, tax.direction) {
                    check_unused(tx, &old)?;
                }
                tx.update(&old, &tax)?;
            }
        }
        Ok(Saved { id: tax.id })
    }
}

/// Brings the values into their one form and checks them.
fn settle(tx: &mut Tx<'_>, tax: &mut Tax) -> Result<()> {
    tax.code.required("code")?;
    tax.name.required("name")?;
    if api::by_code(tx, &tax.code)?.is_some_and(|other| other.id != tax.id) {
        return Err(Error::new(Kind::Conflict, "tax.code_taken").arg("code", &tax.code).field("code"));
    }
    if !tax.exemption_code.is_empty() {
        let text = pack::reason_text(&tax.exemption_code);
        let text = text.ok_or_else(|| Error::invalid("tax.exemption_code").arg("value", &tax.exemption_code).field("exemption_code"))?;
        if tax.exemption_text.is_empty() {
            tax.exemption_text = Name::fitted(&text);
        }
    }
    let reason = !tax.exemption_code.is_empty() || !tax.exemption_text.is_empty();
    match (tax.category.needs_reason(), reason) {
        (true, false) => Err(Error::invalid("tax.reason_missing").arg("category", tax.category).field("exemption_text")),
        (false, true) => Err(Error::invalid("tax.reason_forbidden").arg("category", tax.category).field("exemption_text")),
        _ => Ok(()),
    }
}

/// What posted documents said of their tax stays true.
fn check_unused(tx: &mut Tx<'_>, tax: &Tax) -> Result<()> {
    let used: i64 = tx.one("SELECT count(*) FROM tax_rate WHERE tax = ?1 AND used = 1", vals![tax.id])?;
    if used == 0 { Ok(()) } else { Err(Error::new(Kind::State, "tax.in_use").arg("name", &tax.name).field("category")) }
}

fn empty(id: Id<Tax>) -> Result<Tax> {
    Ok(Tax {
        id,
        code: Code::default(),
        name: Name::default(),
        category: Category::Standard,
        direction: Direction::Both,
        exemption_code: Code::default(),
        exemption_text: Name::default(),
        sales_account: Code::new("output_tax")?,
        purchase_account: Code::new("input_tax")?,
        archived: false,
    })
}
