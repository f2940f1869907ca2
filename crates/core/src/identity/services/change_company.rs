//! Changes the facts about the company: address, tax ids, bank, texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::identity::identifiers;
use crate::identity::model::{Company, TaxRounding, Valuation};
use crate::shared::command::{Class, Command};
use crate::shared::error::Result;
use crate::shared::{Code, Context, Id, Name, Note, Permission};

/// Changes facts about the company; what is absent stays.
#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default)]
#[allow(missing_docs)]
pub struct ChangeCompany {
    pub name: Option<Name>,
    pub trading_name: Option<Name>,
    pub legal_form: Option<Name>,
    pub tax_rounding: Option<TaxRounding>,
    pub valuation: Option<Valuation>,
    pub line1: Option<Name>,
    pub line2: Option<Name>,
    pub line3: Option<Name>,
    pub postcode: Option<Code>,
    pub city: Option<Name>,
    pub region: Option<Name>,
    pub vat_id: Option<Code>,
    pub tax_number: Option<Code>,
    pub registration: Option<Code>,
    pub registration_scheme: Option<Code>,
    pub endpoint: Option<Name>,
    pub endpoint_scheme: Option<Code>,
    pub contact_name: Option<Name>,
    pub phone: Option<Name>,
    pub email: Option<Name>,
    pub website: Option<Name>,
    pub iban: Option<Code>,
    pub bic: Option<Code>,
    pub bank_name: Option<Name>,
    pub footer: Option<Note>,
}

/// What was changed.
#[derive(Serialize, JsonSchema)]
pub struct Changed {
    /// The company.
    pub id: Id<Company>,
}

macro_rules! take {
    ($from:ident, $into:ident, $($field:ident)*) => {
        $( if let Some(value) = $from.$field { $into.$field = value; } )*
    };
}

impl Command for ChangeCompany {
    const NAME: &'static str = "identity.change_company";
    const NEEDS: Permission = Permission::Administer;
    const CLASS: Class = Class::Decision;
    type Output = Changed;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Changed> {
        let old = crate::identity::api::company(tx)?;
        let mut new = old.clone();
        take!(self, new, name trading_name legal_form tax_rounding valuation line1 line2 line3 postcode city region vat_id tax_number registration
            registration_scheme endpoint endpoint_scheme contact_name phone email website iban bic bank_name footer);
        new.name.required("name")?;
        check(&old, &mut new)?;
        tx.update(&old, &new)?;
        Ok(Changed { id: new.id })
    }
}

/// Brings the numbers that changed into their one form and checks them by EN 16931: the VAT identifier
/// names its country (BR-CO-09), a scheme is a code of its list (BR-CL-11), an electronic address has
/// one (BR-62).
fn check(old: &Company, new: &mut Company) -> Result<()> {
    if new.vat_id != old.vat_id {
        new.vat_id = identifiers::vat_id(&new.vat_id, &new.country).map_err(|e| e.field("vat_id"))?;
    }
    if new.registration_scheme != old.registration_scheme {
        identifiers::iso6523(&new.registration_scheme).map_err(|e| e.field("registration_scheme"))?;
    }
    let address = (&new.endpoint, &new.endpoint_scheme);
    if address != (&old.endpoint, &old.endpoint_scheme) && !new.endpoint.is_empty() {
        identifiers::eas(&new.endpoint_scheme).map_err(|e| e.field("endpoint_scheme"))?;
    }
    Ok(())
}
