//! Rules about numbers that others give to parties.

use crate::identity::country;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Name};

/// A VAT identifier in its one spelling: capitals, without blanks, points and hyphens. Its first two
/// letters must name the country that gave it (EN 16931 BR-CO-09); Greece uses `EL`, Northern Ireland
/// `XI`. `party.vat_prefix` otherwise.
pub fn vat_id(text: &str, country: &str) -> Result<Code> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).collect::<String>().to_uppercase();
    if plain.is_empty() {
        return Ok(Code::default());
    }
    let expected = expected_prefix(country);
    let wrong = || Error::invalid("party.vat_prefix").arg("value", text).arg("expected", expected);
    let (prefix, number) = plain.split_at_checked(2).ok_or_else(wrong)?;
    if vat_country(prefix).is_none() || !number.chars().any(|c| c.is_ascii_digit()) {
        return Err(wrong());
    }
    Code::new(&plain)
}

/// The country of a VAT prefix.
pub fn vat_country(prefix: &str) -> Option<&'static country::Country> {
    match prefix {
        "EL" => country::all().get("GR"),
        "XI" => country::all().get("GB"),
        code => country::all().get(code),
    }
}

fn expected_prefix(country: &str) -> &str {
    country::all().get(country).map(|c| c.vat_prefix.as_str()).filter(|prefix| !prefix.is_empty()).unwrap_or(country)
}

/// `party.gln` unless `text` is a global location number: 13 digits of which the last is right.
pub fn gln(text: &str, field: &str) -> Result<()> {
    if text.is_empty() || (text.len() == 13 && check_digit(text)) {
        return Ok(());
    }
    Err(Error::invalid("party.gln").arg("value", text).field(field))
}

/// Whether the digits of a GS1 number (GTIN, GLN) end with the right check digit: weights 3 and 1 from
/// the right (GS1 General Specifications 7.9).
pub fn check_digit(digits: &str) -> bool {
    let values: Option<Vec<u32>> = digits.chars().rev().map(|c| c.to_digit(10)).collect();
    let weigh = |values: Vec<u32>| values.into_iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum::<u32>();
    values.map(weigh).is_some_and(|sum| sum % 10 == 0)
}

/// `party.email` unless `text` is empty or looks like an e-mail address.
pub fn email(text: &Name) -> Result<()> {
    let whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    let good = text.split([',', ';']).map(str::trim).all(|one| one.rsplit_once('@').is_some_and(|(user, host)| whole(user) && whole(host)));
    if text.is_empty() || good { Ok(()) } else { Err(Error::invalid("party.email").arg("value", text)) }
}
