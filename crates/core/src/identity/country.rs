//! Countries by ISO 3166-1, their membership of the EU VAT territory by date, and the names by which
//! real files call them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::shared::Date;

/// A country.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166-1 alpha-2 code.
    pub code: String,
    /// ISO 3166-1 alpha-3 code.
    pub alpha3: String,
    /// English short name.
    pub name: String,
    /// First day in the EU VAT territory.
    pub eu_from: Option<Date>,
    /// Last day in the EU VAT territory.
    pub eu_to: Option<Date>,
    /// Its currency.
    pub currency: String,
    /// Prefix of VAT numbers in that territory, empty elsewhere. Countries with the same prefix are one
    /// VAT territory: Monaco with France, the Isle of Man with the United Kingdom (Directive
    /// 2006/112/EC art. 7).
    pub vat_prefix: String,
}

impl Country {
    /// Whether it belonged to the EU VAT territory on `date`.
    pub fn in_eu(&self, date: Date) -> bool {
        self.eu_from.is_some_and(|from| from <= date) && self.eu_to.is_none_or(|to| date <= to)
    }
    /// Whether both are one VAT territory.
    pub fn same_territory(&self, other: &Country) -> bool {
        self.code == other.code || (!self.vat_prefix.is_empty() && self.vat_prefix == other.vat_prefix)
    }
}

/// All countries, by code.
pub fn all() -> &'static BTreeMap<String, Country> {
    static ALL: OnceLock<BTreeMap<String, Country>> = OnceLock::new();
    ALL.get_or_init(|| {
        let text = include_str!("../../../../assets/reference/countries.csv");
        csv::Reader::from_reader(text.as_bytes()).into_records().filter_map(|line| read(&line.ok()?)).collect()
    })
}

fn read(line: &csv::StringRecord) -> Option<(String, Country)> {
    let date = |place: usize| line.get(place).and_then(|text| Date::parse(text).ok());
    let code = line.get(0)?.to_owned();
    let text = |place: usize| line.get(place).map(str::to_owned);
    let country = Country { code: code.clone(), alpha3: text(1)?, name: text(2)?, eu_from: date(3), eu_to: date(4), currency: text(5)?, vat_prefix: text(6)? };
    Some((code, country))
}

/// The country that `text` means: a code of two or three letters, a name, or one of the common other
/// names.
pub fn find(text: &str) -> Option<&'static Country> {
    static NAMES: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let aliases = include_str!("../../../../assets/reference/country_aliases.csv");
        let lines = csv::Reader::from_reader(aliases.as_bytes()).into_records();
        let mut names: BTreeMap<String, String> = all().values().map(|c| (c.name.to_lowercase(), c.code.clone())).collect();
        names.extend(all().values().map(|c| (c.alpha3.to_lowercase(), c.code.clone())));
        names.extend(lines.filter_map(|line| line.ok()).filter_map(|line| Some((line.get(0)?.to_lowercase(), line.get(1)?.to_owned()))));
        names
    });
    let text = text.trim();
    all().get(&text.to_uppercase()).or_else(|| names.get(&text.to_lowercase()).and_then(|code| all().get(code)))
}
