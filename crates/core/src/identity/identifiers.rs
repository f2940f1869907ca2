//! Rules about numbers that others give to firms: VAT identifiers, schemes, check digits.

use super::country;
use crate::shared::Code;
use crate::shared::error::{Error, Result};

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

/// `party.scheme` unless `scheme` is empty or has the form of an ISO 6523 code: four digits.
pub fn iso6523(scheme: &str) -> Result<()> {
    let good = scheme.is_empty() || (scheme.len() == 4 && scheme.bytes().all(|byte| byte.is_ascii_digit()));
    if good { Ok(()) } else { Err(wrong_scheme(scheme)) }
}

/// `party.scheme` unless `scheme` has the form of a code of the EAS list: four digits, or two letters.
pub fn eas(scheme: &str) -> Result<()> {
    let letters = scheme.len() == 2 && scheme.bytes().all(|byte| byte.is_ascii_uppercase());
    if !scheme.is_empty() && (letters || iso6523(scheme).is_ok()) { Ok(()) } else { Err(wrong_scheme(scheme)) }
}

fn wrong_scheme(scheme: &str) -> Error {
    Error::invalid("party.scheme").arg("value", scheme)
}

/// Whether the digits of a GS1 number (GTIN, GLN) end with the right check digit: weights 3 and 1 from
/// the right (GS1 General Specifications 7.9).
pub fn gs1_check_digit(digits: &str) -> bool {
    let values: Option<Vec<u32>> = digits.chars().rev().map(|c| c.to_digit(10)).collect();
    let weigh = |values: Vec<u32>| values.into_iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum::<u32>();
    values.map(weigh).is_some_and(|sum| sum % 10 == 0)
}
