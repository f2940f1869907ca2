//! What later modules ask of parties.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::model::{Address, Identifier, IdentifierKind, Party};
use crate::db::Tx;
use crate::identity::api::vat_country;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::record::Record;
use crate::shared::{Code, Date, Id, Name};
use crate::vals;

/// What a document freezes of a party. BT numbers are EN 16931's buyer (BG-7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FrozenParty {
    /// The party.
    pub party: Id<Party>,
    /// Its code.
    pub code: Code,
    /// The name people know it by (BT-45).
    pub name: Name,
    /// Registered name (BT-44); the name where there is no other.
    pub legal_name: Name,
    /// Street and number (BT-50).
    pub line1: Name,
    /// Further address line (BT-51).
    pub line2: Name,
    /// Third address line (BT-163).
    pub line3: Name,
    /// Post code (BT-53).
    pub postcode: Code,
    /// City (BT-52).
    pub city: Name,
    /// Region (BT-54).
    pub region: Name,
    /// ISO 3166-1 country (BT-55).
    pub country: Code,
    /// Language of its papers; empty for the company's.
    pub language: Code,
    /// Contact (BT-56).
    pub contact: Name,
    /// E-mail (BT-58).
    pub email: Name,
    /// Telephone (BT-57).
    pub phone: Name,
    /// VAT identifier (BT-48).
    pub vat_id: Code,
    /// Local tax number.
    pub tax_number: Code,
    /// Legal registration (BT-47) and its ISO 6523 scheme.
    pub registration: Name,
    /// Scheme of the registration.
    pub registration_scheme: Code,
    /// Global location number (BT-46, scheme 0088).
    pub gln: Name,
    /// Electronic address (BT-49).
    pub endpoint: Name,
    /// Its EAS code.
    pub endpoint_scheme: Code,
    /// Numbers by which others know it (BT-46), the GLN first.
    pub identifiers: Vec<FrozenIdentifier>,
}

/// A number by which others know a party (BT-46).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FrozenIdentifier {
    /// ISO 6523 code of the list it is from; empty for a number without one.
    pub scheme: Code,
    /// The number.
    pub value: Name,
}

/// ISO 6523 code of global location numbers.
const GLN: &str = "0088";

/// The party; `record.not_found` when there is none.
pub fn party(tx: &mut Tx<'_>, id: Id<Party>) -> Result<Party> {
    tx.get(vals![id])
}

/// The party with this code, whatever its case.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Party>> {
    let key = code.trim().to_uppercase();
    if key.is_empty() {
        return Ok(None);
    }
    Ok(tx.find_all(&["code_key"], vals![key])?.into_iter().next())
}

/// The party that stands for `id` today: itself, or what it was merged into.
pub fn resolve(tx: &mut Tx<'_>, id: Id<Party>) -> Result<Party> {
    let mut found: Party = tx.get(vals![id])?;
    for _ in 0..16 {
        match found.merged_into {
            Some(next) => found = tx.get(vals![next])?,
            None => return Ok(found),
        }
    }
    Err(Error::new(Kind::Corrupt, "party.merge_circle").arg("name", found.name))
}

/// All that a document freezes of the party as it is now. Documents of a merged party take
/// [`resolve`] first.
pub fn frozen(tx: &mut Tx<'_>, id: Id<Party>) -> Result<FrozenParty> {
    let party = party(tx, id)?;
    freeze(tx, &party)
}

/// The identifiers of so many parties are kept at once.
const IDENTIFIERS_KEPT: usize = 10_000;

/// The identifiers of a party, read once until one of any party changes: every document asks for them.
fn identifiers(tx: &mut Tx<'_>, party: Id<Party>) -> Result<Arc<Vec<Identifier>>> {
    type Known = Mutex<HashMap<Id<Party>, Arc<Vec<Identifier>>>>;
    let known = tx.known(const { &[Identifier::TABLE] }, |_| Ok(Known::default()))?;
    if let Some(found) = known.lock().unwrap_or_else(PoisonError::into_inner).get(&party) {
        return Ok(Arc::clone(found));
    }
    let found: Arc<Vec<Identifier>> = Arc::new(tx.find_all(&["party"], vals![party])?);
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= IDENTIFIERS_KEPT {
        known.clear();
    }
    known.insert(party, Arc::clone(&found));
    Ok(found)
}

/// As [`frozen`], of a party that was read already.
pub fn freeze(tx: &mut Tx<'_>, party: &Party) -> Result<FrozenParty> {
    let identifiers = identifiers(tx, party.id)?;
    let first = |kind: IdentifierKind| {
        let found = identifiers.iter().find(|i| i.kind == kind && !i.archived);
        found.map(|i| (i.value.clone(), i.scheme.clone())).unwrap_or_default()
    };
    let (registration, registration_scheme) = first(IdentifierKind::Registration);
    let (endpoint, endpoint_scheme) = first(IdentifierKind::Endpoint);
    let p = party.clone();
    Ok(FrozenParty {
        party: p.id,
        code: p.code,
        legal_name: if p.legal_name.is_empty() { p.name.clone() } else { p.legal_name },
        name: p.name,
        line1: p.line1,
        line2: p.line2,
        line3: p.line3,
        postcode: p.postcode,
        city: p.city,
        region: p.region,
        country: p.country,
        language: p.language,
        contact: p.contact_name,
        email: p.email,
        phone: p.phone,
        vat_id: p.vat_id,
        tax_number: p.tax_number,
        registration,
        registration_scheme,
        gln: first(IdentifierKind::Gln).0,
        endpoint,
        endpoint_scheme,
        identifiers: frozen_identifiers(&identifiers),
    })
}

/// GLNs and other numbers in use; registrations and electronic addresses have terms of their own.
fn frozen_identifiers(all: &[Identifier]) -> Vec<FrozenIdentifier> {
    let of = |kind: IdentifierKind| all.iter().filter(move |i| i.kind == kind && !i.archived);
    let glns = of(IdentifierKind::Gln).map(|i| FrozenIdentifier { scheme: Code::fitted(GLN), value: i.value.clone() });
    let others = of(IdentifierKind::Other).map(|i| FrozenIdentifier { scheme: i.scheme.clone(), value: i.value.clone() });
    glns.chain(others).collect()
}

/// An address of the party or of one merged into it; `record.not_found` for anybody else's.
pub fn address(tx: &mut Tx<'_>, party: Id<Party>, id: Id<Address>) -> Result<Address> {
    let address: Address = tx.get(vals![id])?;
    if resolve(tx, address.party)?.id == party { Ok(address) } else { Err(Error::new(Kind::NotFound, "record.not_found").arg("what", "party_address")) }
}

/// The day on which payment is due for a document of `date`: `payment_days` later, that day when the
/// party has no term of its own.
pub fn due(party: &Party, date: Date) -> Result<Date> {
    let days = i32::try_from(party.payment_days.unwrap_or_default()).map_err(|_| Error::invalid("party.payment_days").field("payment_days"))?;
    date.plus_days(days)
}

/// Whether `vat_id` is of another member state than `country` on `date`: what the tax rules ask.
pub fn foreign_eu_vat_id(vat_id: &str, country: &str, date: Date) -> bool {
    let giver = vat_id.get(..2).and_then(vat_country);
    let home = crate::identity::country::all().get(country);
    giver.is_some_and(|giver| giver.in_eu(date) && !home.is_some_and(|home| home.same_territory(giver)))
}
