//! Everybody on a document, gathered before they are frozen.

use crate::billing::draft::{Draft, PartyDraft};
use crate::billing::freeze;
use crate::billing::model::{Header, Identifier, Party, PartyRole};
use crate::db::Tx;
use crate::identity::{Company, CompanyIdentifier};
use crate::parties::FrozenParty;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Id};

/// Everybody on a document, as they are now.
pub struct People {
    /// The seller.
    pub company: Company,
    /// The customer.
    pub party: crate::parties::Party,
    /// The customer as frozen.
    pub buyer: FrozenParty,
    /// Where the goods go, else where the buyer is.
    pub country: Code,
    seller_identifiers: Vec<CompanyIdentifier>,
    deliver_to: Option<PartyDraft>,
    payee: Option<PartyDraft>,
    tax_representative: Option<PartyDraft>,
}

impl People {
    /// Reads and checks everybody the draft names.
    pub fn gather(tx: &mut Tx<'_>, draft: &Draft, company: &Company, party: &crate::parties::Party) -> Result<Self> {
        let buyer = crate::parties::api::freeze(tx, party)?;
        let deliver_to = deliver_to(tx, draft, &buyer)?;
        Ok(People {
            company: company.clone(),
            party: party.clone(),
            country: deliver_to.as_ref().map_or_else(|| buyer.country.clone(), |place| place.country.clone()),
            seller_identifiers: crate::identity::api::identifiers(tx)?,
            payee: draft.payee.as_ref().map(payee).transpose().map_err(|e| e.within("payee"))?,
            tax_representative: draft.tax_representative.as_ref().map(representative).transpose().map_err(|e| e.within("tax_representative"))?,
            deliver_to,
            buyer,
        })
    }

    /// The rows of everybody. A supply within the Union names the country it goes to (BR-IC-12), be it
    /// the buyer's own.
    pub fn freeze(&self, id: Id<Header>, country: &Code, within_union: bool) -> Result<Vec<Party>> {
        let mut parties = vec![freeze::seller(id, &self.company)?, freeze::buyer(id, &self.buyer)];
        match &self.deliver_to {
            Some(place) => parties.push(freeze::given(id, PartyRole::DeliverTo, place)),
            None if within_union => {
                let place = PartyDraft { country: country.clone(), ..PartyDraft::default() };
                parties.push(freeze::given(id, PartyRole::DeliverTo, &place));
            }
            None => {}
        }
        parties.extend(self.payee.iter().map(|payee| freeze::given(id, PartyRole::Payee, payee)));
        parties.extend(self.tax_representative.iter().map(|other| freeze::given(id, PartyRole::TaxRepresentative, other)));
        Ok(parties)
    }

    /// The identifiers of seller and buyer (BT-29, BT-46).
    pub fn identifiers(&self, document: Id<Header>) -> Vec<Identifier> {
        let row = |role, n, scheme: &Code, value: &crate::shared::Name| Identifier { document, role, n, scheme: scheme.clone(), value: value.clone() };
        let seller = (1_i64..).zip(&self.seller_identifiers).map(|(n, i)| row(PartyRole::Seller, n, &i.scheme, &i.value));
        let buyer = (1_i64..).zip(&self.buyer.identifiers).map(|(n, i)| row(PartyRole::Buyer, n, &i.scheme, &i.value));
        seller.chain(buyer).collect()
    }
}

/// Where the goods go, when not to the buyer: an address given in full, one of the customer's, or a country
/// alone.
fn deliver_to(tx: &mut Tx<'_>, draft: &Draft, buyer: &FrozenParty) -> Result<Option<PartyDraft>> {
    let country = |text: &Code, field: &'static str| crate::identity::api::country(text).map_err(|_| unknown_country(text, field));
    if let Some(place) = &draft.deliver_to {
        // BR-57: an address of delivery has a country.
        place.country.required("deliver_to.country")?;
        return Ok(Some(PartyDraft { country: country(&place.country, "deliver_to.country")?, ..place.clone() }));
    }
    if let Some(id) = draft.delivery_address {
        let address = crate::parties::api::address(tx, buyer.party, id).map_err(|e| e.field("delivery_address"))?;
        return Ok(Some(freeze::place(&address, &buyer.name)));
    }
    let Some(text) = &draft.delivery_country else { return Ok(None) };
    let there = country(text, "delivery_country")?;
    let elsewhere = there != buyer.country;
    Ok(elsewhere.then(|| PartyDraft { name: buyer.name.clone(), country: there, ..PartyDraft::default() }))
}

fn unknown_country(text: &Code, field: &'static str) -> Error {
    Error::invalid("country.unknown").arg("value", text).field(field)
}

/// A payee has a name (BR-17).
fn payee(given: &PartyDraft) -> Result<PartyDraft> {
    given.name.required("name")?;
    Ok(given.clone())
}

/// A tax representative has a name (BR-18), a country (BR-20) and a VAT identifier (BR-56, BR-CO-09).
fn representative(given: &PartyDraft) -> Result<PartyDraft> {
    given.name.required("name")?;
    given.country.required("country")?;
    given.vat_id.required("vat_id")?;
    let country = crate::identity::api::country(&given.country)?;
    let vat_id = crate::identity::api::vat_id(&given.vat_id, &country).map_err(|e| e.field("vat_id"))?;
    Ok(PartyDraft { country, vat_id, ..given.clone() })
}
