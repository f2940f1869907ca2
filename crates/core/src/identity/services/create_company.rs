//! Sets up the books: the company, its first user (the owner) and this device.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::identity::model::{Company, Device, TaxRounding, User, Valuation};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::permission::Role;
use crate::shared::{Code, Context, Currency, Id, Name, Note, Permission};

/// Sets up the books of a firm: three facts are enough.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct CreateCompany {
    /// Registered name.
    pub name: Name,
    /// ISO 3166-1 alpha-2 country.
    pub country: Code,
    /// Base currency.
    pub currency: Currency,
    /// Chart template: `gb`, `de`, `fr`, `us` or `ifrs`; the country's own when absent.
    pub chart: Option<Code>,
    /// First month of the fiscal year; January when absent.
    pub fiscal_month: Option<i64>,
    /// How stock is valued; moving average when absent.
    pub valuation: Option<Valuation>,
    /// Name of the owner.
    pub owner: Option<Name>,
    /// Whether this is the sample company.
    #[serde(default)]
    pub sample: bool,
}

/// What was made.
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// The company.
    pub id: Id<Company>,
}

impl Command for CreateCompany {
    const NAME: &'static str = "identity.create_company";
    const NEEDS: Permission = Permission::Setup;
    const CLASS: Class = Class::OnlineOnly;
    type Output = Created;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Created> {
        if crate::identity::api::find_company(tx)?.is_some() {
            return Err(Error::new(Kind::State, "company.exists"));
        }
        self.name.required("name")?;
        let fiscal_month = self.fiscal_month.unwrap_or(1);
        if !(1..=12).contains(&fiscal_month) {
            return Err(Error::invalid("company.fiscal_month").field("fiscal_month"));
        }
        let country = crate::identity::api::country(&self.country)?;
        let owner = User { id: cx.actor, name: self.owner.clone().unwrap_or(Name::new("Owner")?), role: Role::Owner, email: Name::default(), archived: false };
        tx.insert(&owner)?;
        tx.insert(&Device { id: cx.device, name: Name::new("First device")?, letter: Code::new("A")?, archived: false })?;
        let company = self.company(cx.id("company"), country, fiscal_month);
        tx.insert(&company)?;
        cx.emit("identity.company_created", company.id, serde_json::Value::Null);
        Ok(Created { id: company.id })
    }
}

impl CreateCompany {
    fn company(self, id: Id<Company>, country: Code, fiscal_month: i64) -> Company {
        let chart = self.chart.unwrap_or_else(|| crate::identity::api::chart_of(&country));
        Company {
            id,
            name: self.name,
            trading_name: Name::default(),
            legal_form: Name::default(),
            country,
            currency: self.currency,
            chart,
            fiscal_month,
            sample: self.sample,
            tax_rounding: TaxRounding::Group,
            valuation: self.valuation.unwrap_or(Valuation::Average),
            line1: Name::default(),
            line2: Name::default(),
            line3: Name::default(),
            postcode: Code::default(),
            city: Name::default(),
            region: Name::default(),
            vat_id: Code::default(),
            tax_number: Code::default(),
            registration: Code::default(),
            registration_scheme: Code::default(),
            endpoint: Name::default(),
            endpoint_scheme: Code::default(),
            contact_name: Name::default(),
            phone: Name::default(),
            email: Name::default(),
            website: Name::default(),
            iban: Code::default(),
            bic: Code::default(),
            bank_name: Name::default(),
            footer: Note::default(),
        }
    }
}
