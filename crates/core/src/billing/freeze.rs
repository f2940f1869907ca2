//! Everybody on the paper, frozen as they are now.

use super::draft::PartyDraft;
use super::model::{Header, Party, PartyRole};
use crate::identity::Company;
use crate::parties::{Address, FrozenParty};
use crate::shared::error::Result;
use crate::shared::{Code, Id, Name};

/// The seller (BG-4), from the company.
pub fn seller(document: Id<Header>, company: &Company) -> Result<Party> {
    Ok(Party {
        document,
        role: PartyRole::Seller,
        name: company.name.clone(),
        trading_name: company.trading_name.clone(),
        legal_id: company.registration.resized()?,
        legal_scheme: company.registration_scheme.clone(),
        legal_form: company.legal_form.clone(),
        vat_id: company.vat_id.clone(),
        tax_number: company.tax_number.clone(),
        endpoint: company.endpoint.clone(),
        endpoint_scheme: company.endpoint_scheme.clone(),
        line1: company.line1.clone(),
        line2: company.line2.clone(),
        line3: company.line3.clone(),
        city: company.city.clone(),
        postcode: company.postcode.clone(),
        region: company.region.clone(),
        country: company.country.clone(),
        contact: company.contact_name.clone(),
        phone: company.phone.clone(),
        email: company.email.clone(),
        ..nobody(document, PartyRole::Seller)
    })
}

/// The buyer (BG-7), from the customer.
pub fn buyer(document: Id<Header>, from: &FrozenParty) -> Party {
    Party {
        name: from.legal_name.clone(),
        trading_name: if from.name == from.legal_name { Name::default() } else { from.name.clone() },
        code: from.code.clone(),
        legal_id: from.registration.clone(),
        legal_scheme: from.registration_scheme.clone(),
        vat_id: from.vat_id.clone(),
        tax_number: from.tax_number.clone(),
        endpoint: from.endpoint.clone(),
        endpoint_scheme: from.endpoint_scheme.clone(),
        line1: from.line1.clone(),
        line2: from.line2.clone(),
        line3: from.line3.clone(),
        city: from.city.clone(),
        postcode: from.postcode.clone(),
        region: from.region.clone(),
        country: from.country.clone(),
        contact: from.contact.clone(),
        phone: from.phone.clone(),
        email: from.email.clone(),
        ..nobody(document, PartyRole::Buyer)
    }
}

/// Somebody given in full: payee (BG-10), tax representative (BG-11), where the goods go (BG-13).
pub fn given(document: Id<Header>, role: PartyRole, from: &PartyDraft) -> Party {
    Party {
        name: from.name.clone(),
        code: from.id.clone(),
        code_scheme: from.id_scheme.clone(),
        legal_id: from.legal_id.clone(),
        legal_scheme: from.legal_scheme.clone(),
        vat_id: from.vat_id.clone(),
        line1: from.line1.clone(),
        line2: from.line2.clone(),
        line3: from.line3.clone(),
        city: from.city.clone(),
        postcode: from.postcode.clone(),
        region: from.region.clone(),
        country: from.country.clone(),
        ..nobody(document, role)
    }
}

/// What [`given`] took, given again.
pub fn again(from: &Party) -> PartyDraft {
    PartyDraft {
        name: from.name.clone(),
        id: from.code.clone(),
        id_scheme: from.code_scheme.clone(),
        legal_id: from.legal_id.clone(),
        legal_scheme: from.legal_scheme.clone(),
        vat_id: from.vat_id.clone(),
        line1: from.line1.clone(),
        line2: from.line2.clone(),
        line3: from.line3.clone(),
        city: from.city.clone(),
        postcode: from.postcode.clone(),
        region: from.region.clone(),
        country: from.country.clone(),
    }
}

/// A kept address as a place of delivery; its GLN is its identifier (BT-71).
pub fn place(from: &Address, customer: &Name) -> PartyDraft {
    PartyDraft {
        name: if from.name.is_empty() { customer.clone() } else { from.name.clone() },
        id: from.gln.clone(),
        id_scheme: Code::fitted(if from.gln.is_empty() { "" } else { "0088" }),
        line1: from.line1.clone(),
        line2: from.line2.clone(),
        city: from.city.clone(),
        postcode: from.postcode.clone(),
        region: from.region.clone(),
        country: from.country.clone(),
        ..PartyDraft::default()
    }
}

fn nobody(document: Id<Header>, role: PartyRole) -> Party {
    Party {
        document,
        role,
        name: Name::default(),
        trading_name: Name::default(),
        code: Code::default(),
        code_scheme: Code::default(),
        legal_id: Name::default(),
        legal_scheme: Code::default(),
        legal_form: Name::default(),
        vat_id: Code::default(),
        tax_number: Code::default(),
        endpoint: Name::default(),
        endpoint_scheme: Code::default(),
        line1: Name::default(),
        line2: Name::default(),
        line3: Name::default(),
        city: Name::default(),
        postcode: Code::default(),
        region: Name::default(),
        country: Code::default(),
        contact: Name::default(),
        phone: Name::default(),
        email: Name::default(),
    }
}
