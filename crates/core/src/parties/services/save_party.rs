//! Adds a customer or supplier, or changes one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::db::Tx;
use crate::identity::api::vat_id;
use crate::parties::model::Party;
use crate::parties::{api, check};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Currency, Id, Minor, Name, Note, Permission};
use crate::vals;

crate::save_args! {
    /// Adds a customer or supplier (no id) or changes one; what is left out stays as it is. A new one
    /// is a customer in the company's country unless it says otherwise.
    pub struct SaveParty of Party {
        code: Code,
        name: Name,
        legal_name: Name,
        is_customer: bool,
        is_supplier: bool,
        country: Code,
        language: Code,
        currency: Option<Currency>,
        payment_days: Option<i64>,
        credit_limit: Option<Minor>,
        on_hold: bool,
        contact_name: Name,
        email: Name,
        phone: Name,
        vat_id: Code,
        tax_number: Code,
        line1: Name,
        line2: Name,
        line3: Name,
        postcode: Code,
        city: Name,
        region: Name,
        receivable_account: Code,
        payable_account: Code,
        price_list: Option<Id<()>>,
        tags: Name,
        note: Note,
    }
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
pub struct Saved {
    /// The party.
    pub id: Id<Party>,
}

impl Command for SaveParty {
    const NAME: &'static str = "parties.save_party";
    const NEEDS: Permission = Permission::MasterData;
    const CLASS: Class = Class::Decision;
    type Output = Saved;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        match self.id {
            Some(id) => self.change(tx, id),
            None => self.create(tx, cx),
        }
    }
}

impl SaveParty {
    fn create(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Saved> {
        let mut party = empty(cx.id("party"));
        party.is_customer = self.is_customer.is_absent() && self.is_supplier.value() != Some(&true);
        self.put(&mut party);
        if party.country.is_empty() {
            party.country = crate::identity::api::company(tx)?.country;
        }
        settle(tx, &mut party)?;
        tx.insert(&party)?;
        Ok(Saved { id: party.id })
    }
    fn change(self, tx: &mut Tx<'_>, id: Id<Party>) -> Result<Saved> {
        let old: Party = tx.get(vals![id])?;
        if old.merged_into.is_some() {
            return Err(Error::new(Kind::State, "party.merged").arg("name", old.name));
        }
        let mut party = old.clone();
        self.put(&mut party);
        settle(tx, &mut party)?;
        tx.update(&old, &party)?;
        Ok(Saved { id })
    }
}

/// Brings the values into their one form and checks them.
fn settle(tx: &mut Tx<'_>, party: &mut Party) -> Result<()> {
    party.name.required("name")?;
    party.country.required("country")?;
    party.country = crate::identity::api::country(&party.country)?;
    party.vat_id = vat_id(&party.vat_id, &party.country).map_err(|e| e.field("vat_id"))?;
    check::email(&party.email).map_err(|e| e.field("email"))?;
    if !party.is_customer && !party.is_supplier {
        return Err(Error::invalid("party.no_role").field("is_customer"));
    }
    if party.payment_days.is_some_and(|days| !(0..=3650).contains(&days)) {
        return Err(Error::invalid("party.payment_days").field("payment_days"));
    }
    if party.credit_limit.is_some_and(|limit| limit.units() < 0) {
        return Err(Error::invalid("party.credit_limit").field("credit_limit"));
    }
    settle_code(tx, party)
}

/// Codes are unique whatever their case.
fn settle_code(tx: &mut Tx<'_>, party: &mut Party) -> Result<()> {
    party.code_key = if party.code.is_empty() { None } else { Some(Name::new(&party.code.to_uppercase())?) };
    match api::by_code(tx, &party.code)? {
        Some(other) if other.id != party.id => {
            Err(Error::new(Kind::Conflict, "party.code_taken").arg("code", &party.code).arg("name", other.name).field("code"))
        }
        _ => Ok(()),
    }
}

fn empty(id: Id<Party>) -> Party {
    Party {
        id,
        code: Code::default(),
        code_key: None,
        name: Name::default(),
        legal_name: Name::default(),
        is_customer: false,
        is_supplier: false,
        country: Code::default(),
        language: Code::default(),
        currency: None,
        payment_days: None,
        credit_limit: None,
        on_hold: false,
        contact_name: Name::default(),
        email: Name::default(),
        phone: Name::default(),
        vat_id: Code::default(),
        tax_number: Code::default(),
        line1: Name::default(),
        line2: Name::default(),
        line3: Name::default(),
        postcode: Code::default(),
        city: Name::default(),
        region: Name::default(),
        receivable_account: Code::default(),
        payable_account: Code::default(),
        price_list: None,
        tags: Name::default(),
        note: Note::default(),
        archived: false,
        merged_into: None,
    }
}
