//! Numbers and dates as the reader of a document writes them, exact from integers.

use crate::document::{Currency, Date};

/// The conventions of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    decimal: char,
    group: char,
    symbol_first: bool,
    percent: &'static str,
    dates: Dates,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dates {
    /// 5 Mar 2026
    English,
    /// Mar 5, 2026
    American,
    /// 05.03.2026
    Dots,
    /// 05/03/2026
    Slashes,
}

const NBSP: char = '\u{a0}';
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const ENGLISH: Format = Format { decimal: '.', group: ',', symbol_first: true, percent: "%", dates: Dates::English };

impl Format {
    /// The conventions of a language tag; English for a language this crate does not know.
    #[must_use]
    pub fn of(language: &str) -> Self {
        let tag = language.to_ascii_lowercase().replace('_', "-");
        match (tag.as_str(), tag.split('-').next().unwrap_or_default()) {
            ("en-us", _) => Self { dates: Dates::American, ..ENGLISH },
            ("de-ch" | "de-li", _) => Self { group: '’', decimal: '.', ..Self::german() },
            (_, "de") => Self::german(),
            (_, "fr") => Self { group: NBSP, dates: Dates::Slashes, ..Self::german() },
            _ => ENGLISH,
        }
    }

    const fn german() -> Self {
        Self { decimal: ',', group: '.', symbol_first: false, percent: "\u{a0}%", dates: Dates::Dots }
    }

    /// An amount in minor units: `1,234.50`.
    #[must_use]
    pub fn money(&self, minor: impl Into<i128>, currency: &Currency) -> String {
        let digits = usize::from(currency.minor_digits);
        self.number(minor.into(), digits, digits)
    }

    /// An amount with its currency: `€1,234.50`, `1.234,50 €`, `CHF 1,234.50`.
    #[must_use]
    pub fn money_with_currency(&self, minor: impl Into<i128>, currency: &Currency) -> String {
        let minor = minor.into();
        let symbol = symbol(&currency.code);
        if !self.symbol_first {
            return format!("{}{NBSP}{symbol}", self.money(minor, currency));
        }
        let gap = if symbol.chars().count() > 1 { "\u{a0}" } else { "" };
        let sign = if minor < 0 { "-" } else { "" };
        let amount = self.number_of(minor.unsigned_abs(), currency.minor_digits.into());
        format!("{sign}{symbol}{gap}{amount}")
    }

    fn number_of(&self, minor: u128, digits: usize) -> String {
        self.number(i128::try_from(minor).unwrap_or(i128::MAX), digits, digits)
    }

    /// A quantity in millionths, without trailing zeros: `1.5`.
    #[must_use]
    pub fn quantity(&self, millionths: i64) -> String {
        self.number(millionths.into(), 6, 0)
    }

    /// A price in millionths of the currency, with at least the currency's digits: `0.335`, `12.50`.
    #[must_use]
    pub fn price(&self, millionths: i64, currency: &Currency) -> String {
        self.number(millionths.into(), 6, usize::from(currency.minor_digits).min(6))
    }

    /// A rate in millionths: `19 %`, `5.5%`.
    #[must_use]
    pub fn rate(&self, millionths: i64) -> String {
        format!("{}{}", self.number(millionths.into(), 4, 0), self.percent)
    }

    /// A date: `05.03.2026`.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index));
        let name = name.copied().unwrap_or_default();
        match self.dates {
            Dates::English => format!("{day}{NBSP}{name}{NBSP}{year:04}"),
            Dates::American => format!("{name}{NBSP}{day},{NBSP}{year:04}"),
            Dates::Dots => format!("{day:02}.{month:02}.{year:04}"),
            Dates::Slashes => format!("{day:02}/{month:02}/{year:04}"),
        }
    }

    /// `value` × 10^-`scale`, with at least `least` digits after the separator.
    fn number(&self, value: i128, scale: usize, least: usize) -> String {
        let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let kept = fraction.trim_end_matches('0').len().max(least);
        let mut text = String::with_capacity(digits.len() * 2);
        if value < 0 {
            text.push('-');
        }
        for (index, digit) in whole.char_indices() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        if kept > 0 {
            text.push(self.decimal);
            text.extend(fraction.chars().take(kept));
        }
        text
    }
}

/// The sign of a currency where it is unmistakable, else its code.
fn symbol(code: &str) -> &str {
    match code {
        "EUR" => "€",
        "GBP" => "£",
        _ => code,
    }
}
