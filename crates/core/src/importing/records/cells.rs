//! From a cell to the argument of a saving command, by the kind of the field.

use serde_json::{Value, json};

use crate::importing::dates::DateOrder;
use crate::importing::numbers::DecimalSign;
use crate::shared::error::{Error, Result};
use crate::shared::labels::label;
use crate::shared::record::Field;
use crate::shared::value::FieldKind;
use crate::shared::{Currency, Money};

const YES: &[&str] = &["1", "y", "yes", "true", "x", "j", "ja", "o", "oui", "-1"];
const NO: &[&str] = &["0", "n", "no", "false", "nein", "non"];

/// How the cells of one column are read.
#[derive(Clone, Copy)]
pub struct Style {
    /// The sign of its decimals.
    pub sign: DecimalSign,
    /// The order of its dates.
    pub order: DateOrder,
    /// The currency of its amounts.
    pub currency: Currency,
}

/// The argument behind a cell that is not empty.
pub fn value(field: &Field, style: Style, cell: &str) -> Result<Value> {
    match field.kind {
        FieldKind::Money => Ok(json!(Money::parse(&style.sign.read(cell)?.to_string(), style.currency)?.amount)),
        FieldKind::Price | FieldKind::Quantity | FieldKind::Rate => Ok(json!(style.sign.read(cell)?)),
        FieldKind::Integer => whole(style.sign, cell),
        FieldKind::Date => style.order.read(cell).map(|date| json!(date)).ok_or_else(|| Error::invalid("date.invalid").arg("value", cell)),
        FieldKind::Bool => yes_or_no(cell).map(Value::from),
        FieldKind::Choice => choice(field, cell),
        FieldKind::Country => Ok(json!(crate::identity::api::country(cell)?)),
        FieldKind::Currency => Ok(json!(Currency::parse(&cell.to_uppercase())?)),
        _ => Ok(json!(cell)),
    }
}

fn whole(sign: DecimalSign, cell: &str) -> Result<Value> {
    let micros = sign.read(cell)?.micros();
    if micros % 1_000_000 == 0 { Ok(json!(micros / 1_000_000)) } else { Err(Error::invalid("import.not_whole").arg("value", cell)) }
}

/// Whether a cell says yes; `import.not_yes_no` when it says neither.
pub fn yes_or_no(cell: &str) -> Result<bool> {
    let word = cell.to_lowercase();
    match (YES.contains(&word.as_str()), NO.contains(&word.as_str())) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(Error::invalid("import.not_yes_no").arg("value", cell)),
    }
}

/// The stored word behind a word or its label.
fn choice(field: &Field, cell: &str) -> Result<Value> {
    let said =
        |word: &&&str| word.eq_ignore_ascii_case(cell) || label(&format!("{}.{word}", field.label)).is_some_and(|label| label.eq_ignore_ascii_case(cell));
    let unknown = || Error::invalid("import.not_choice").arg("value", cell).arg("choices", field.choices.join(", "));
    field.choices.iter().find(said).map(|word| json!(word)).ok_or_else(unknown)
}
