//! How values are written for people: money with its currency's digits, references by their words.

use daybook_core::shared::{Currency, Date, Instant, Minor, Money};
use serde_json::{Map, Value};

/// What kind a column is; the words of the register and of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text, flush left.
    Text,
    /// A figure, flush right.
    Figure,
    /// Minor units of a currency, flush right.
    Money,
    /// Milliseconds since 1970.
    Instant,
}

impl Shape {
    /// The shape of a field kind.
    pub fn of(kind: &str) -> Self {
        match kind {
            "money" => Shape::Money,
            "price" | "quantity" | "rate" | "integer" => Shape::Figure,
            "instant" => Shape::Instant,
            _ => Shape::Text,
        }
    }
    /// Whether it stands flush right.
    pub fn is_right(self) -> bool {
        matches!(self, Shape::Figure | Shape::Money)
    }
}

/// The text of `row[name]`; a reference shows its words.
pub fn text(row: &Map<String, Value>, name: &str, shape: Shape, currency: Option<Currency>) -> String {
    let worded = row.get(&format!("{name}_label")).filter(|label| !label.is_null());
    match (worded.or_else(|| row.get(name)), shape) {
        (None | Some(Value::Null), _) => String::new(),
        (Some(Value::Number(number)), Shape::Money) => money(number, own_currency(row).or(currency)),
        (Some(Value::Number(number)), Shape::Instant) => instant(number),
        (Some(Value::String(text)), _) => text.clone(),
        (Some(Value::Bool(yes)), _) => if *yes { "yes" } else { "no" }.to_owned(),
        (Some(other), _) => other.to_string(),
    }
}

fn own_currency(row: &Map<String, Value>) -> Option<Currency> {
    row.get("currency").and_then(Value::as_str).and_then(|code| Currency::parse(code).ok())
}

fn money(number: &serde_json::Number, currency: Option<Currency>) -> String {
    let amount = number.as_i64().and_then(|units| Minor::new(units).ok());
    match (amount, currency) {
        (Some(amount), Some(currency)) => amount.display(currency),
        _ => number.to_string(),
    }
}

fn instant(number: &serde_json::Number) -> String {
    moment(Instant::from_millis(number.as_i64().unwrap_or_default()))
}

/// `2026-03-01 09:30Z`; bare milliseconds for a moment outside the calendar.
pub fn moment(at: Instant) -> String {
    let minutes = at.millis().rem_euclid(86_400_000) / 60_000;
    match Date::of(at) {
        Ok(date) => format!("{date} {:02}:{:02}Z", minutes / 60, minutes % 60),
        Err(_) => at.millis().to_string(),
    }
}

/// Minor units of an amount typed by a person: `12.50`.
pub fn read_money(text: &str, currency: Option<Currency>) -> Option<i64> {
    Money::parse(text, currency?).ok().map(|money| money.amount.units())
}
