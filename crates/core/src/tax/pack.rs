//! Tax packs: the codes, rates and rules of a country, from `assets/tax`.

use serde::Deserialize;

use super::model::{Category, Direction, ItemKind, TaxClass, Zone};
use crate::identity::country;
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Date, Name, Rate};

const PACKS: [(&str, &str); 4] = [
    ("GB", include_str!("../../../../assets/tax/gb.toml")),
    ("DE", include_str!("../../../../assets/tax/de.toml")),
    ("FR", include_str!("../../../../assets/tax/fr.toml")),
    ("US", include_str!("../../../../assets/tax/us.toml")),
];
const OTHER: &str = include_str!("../../../../assets/tax/other.toml");
const REASONS: &str = include_str!("../../../../assets/reference/vatex.csv");

/// The taxes of a country.
#[derive(Deserialize)]
pub struct Pack {
    /// The codes.
    pub tax: Vec<PackTax>,
    /// The rules, first match wins.
    pub rule: Vec<PackRule>,
}

/// A code of a pack.
#[derive(Deserialize)]
pub struct PackTax {
    /// Code.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// EN 16931 category.
    pub category: Category,
    /// Sales, purchases, both.
    pub direction: Direction,
    /// VATEX code, or the text itself.
    pub exemption: Name,
    /// Account role for sales.
    pub account: Code,
    /// Rates with their dates.
    pub rates: Vec<PackRate>,
}

/// A rate of a pack.
#[derive(Deserialize)]
pub struct PackRate {
    /// First day.
    pub from: Date,
    /// Last day, where no other rate follows.
    pub to: Option<Date>,
    /// Percent.
    pub rate: Rate,
}

/// A rule of a pack.
#[derive(Deserialize)]
pub struct PackRule {
    /// Tax class, or `any`.
    pub item: String,
    /// Zone, or `any`.
    pub party: String,
    /// `yes`, `no`, `any`.
    pub vat_id: String,
    /// Goods or service; both when absent.
    pub kind: Option<ItemKind>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Code for sales.
    pub sales: Code,
    /// Code for purchases.
    pub purchases: Code,
}

impl PackRule {
    /// The class it asks for.
    pub fn class(&self) -> Option<TaxClass> {
        TaxClass::from_word(&self.item)
    }
    /// The zone it asks for.
    pub fn zone(&self) -> Option<Zone> {
        Zone::from_word(&self.party)
    }
    /// Whether it asks for a VAT identifier, or for none.
    pub fn asks_vat_id(&self) -> Option<bool> {
        match self.vat_id.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }
}

/// The pack of a country: its own, that of its VAT territory, or the general one.
pub fn pack(code: &str) -> Result<Pack> {
    let home = country::all().get(code);
    let same = |other: &str| code == other || home.zip(country::all().get(other)).is_some_and(|(a, b)| a.same_territory(b));
    let text = PACKS.iter().find(|(of, _)| same(of)).map_or(OTHER, |(_, text)| *text);
    toml::from_str(text).map_err(|e| Error::internal("tax.pack").arg("country", code).caused_by(e))
}

/// Splits a pack's exemption into code (BT-121) and text (BT-120).
pub fn reason(exemption: &Name) -> Result<(Code, Name)> {
    if !exemption.starts_with("VATEX-") {
        return Ok((Code::default(), exemption.clone()));
    }
    Ok((exemption.resized()?, Name::fitted(&reason_text(exemption).unwrap_or_default())))
}

/// The text that goes with a VATEX code, when the code is known.
pub fn reason_text(code: &str) -> Option<String> {
    let lines = csv::Reader::from_reader(REASONS.as_bytes()).into_records();
    let mut known = lines.filter_map(|line| line.ok()).filter(|line| line.get(0) == Some(code));
    known.next()?.get(2).map(str::to_owned)
}
