//! Who stands on the paper, as they were frozen when the document was posted.

use daybook_core::billing::{DetailKind, Document, Party, PartyRole};
use daybook_core::identity::country;
use daybook_paper::document::{BankAccount, Buyer, Place, Seller};

use super::{details, some};

/// The seller (BG-4) with the account to pay to (BG-17).
pub fn seller(document: &Document) -> Seller {
    let bank = details(document, DetailKind::Account).next().map(|account| BankAccount {
        iban: account.code.to_string(),
        bic: some(&account.extra),
        bank_name: some(&account.text),
    });
    let Some(party) = party(document, PartyRole::Seller) else {
        return Seller { bank, ..Seller::default() };
    };
    let legal: Vec<&str> = [party.legal_form.as_str(), party.legal_id.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
    Seller {
        name: party.name.to_string(),
        address: address(party, &country_abroad(document, party)),
        vat_id: some(&party.vat_id),
        registration: some(&legal.join(", ")),
        tax_number: some(&party.tax_number),
        contact: some(&party.contact),
        email: some(&party.email),
        phone: some(&party.phone),
        bank,
    }
}

/// The buyer (BG-7).
pub fn buyer(document: &Document) -> Buyer {
    let Some(party) = party(document, PartyRole::Buyer) else {
        return Buyer::default();
    };
    Buyer {
        name: party.name.to_string(),
        address: address(party, &country_abroad(document, party)),
        vat_id: some(&party.vat_id),
        customer_number: some(&party.code),
    }
}

/// Where the goods went (BG-13), if elsewhere.
pub fn deliver_to(document: &Document) -> Option<Place> {
    let party = party(document, PartyRole::DeliverTo)?;
    // A supply within the Union names the country it goes to even when that is the buyer's own place.
    let elsewhere = [&party.name, &party.line1, &party.city].into_iter().any(|text| !text.is_empty());
    elsewhere.then(|| Place { name: party.name.to_string(), address: address(party, &country_abroad(document, party)) })
}

/// Somebody else on the document in one line: name, address, numbers.
pub fn described(document: &Document, role: PartyRole) -> Option<String> {
    let party = party(document, role)?;
    let mut parts = vec![party.name.to_string()];
    parts.extend(address(party, &country_abroad(document, party)));
    parts.extend([&party.vat_id, &party.code].into_iter().map(ToString::to_string));
    parts.push(party.legal_id.to_string());
    Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

fn party(document: &Document, role: PartyRole) -> Option<&Party> {
    document.parties.iter().find(|party| party.role == role)
}

/// The name of the party's country when not everybody on the paper is of it.
fn country_abroad(document: &Document, party: &Party) -> String {
    let same = document.parties.iter().all(|other| other.country == party.country || other.country.is_empty());
    if same { String::new() } else { country::all().get(party.country.as_str()).map(|country| country.name.clone()).unwrap_or_default() }
}

fn address(party: &Party, country: &str) -> Vec<String> {
    let town = match party.country.as_str() {
        // English-speaking countries write the postcode after the town.
        "GB" | "IE" | "US" | "CA" | "AU" | "NZ" => joined(&[&joined(&[&party.city, &party.region], ", "), &party.postcode], " "),
        _ => joined(&[&joined(&[&party.postcode, &party.city], " "), &party.region], ", "),
    };
    let lines = [party.line1.as_str(), party.line2.as_str(), party.line3.as_str(), &town, country];
    lines.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn joined(parts: &[&str], between: &str) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
}
