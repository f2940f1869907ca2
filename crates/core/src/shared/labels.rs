//! The words people see for fields, records, commands and reports: presentation, never logic.

use std::collections::BTreeMap;
use std::sync::OnceLock;

fn labels() -> &'static BTreeMap<String, String> {
    static LABELS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    LABELS.get_or_init(|| toml::from_str(include_str!("../../../../assets/texts/labels.en.toml")).unwrap_or_default())
}

/// The words of a label, if it has any.
pub fn label(key: &str) -> Option<&'static str> {
    labels().get(key).map(String::as_str)
}

/// The words of a label; the bare name where it has none.
pub fn label_or(key: &str, name: &str) -> String {
    label(key).map_or_else(|| name.replace('_', " "), str::to_owned)
}

/// What one record of `table` is called inside a sentence: `billing_invoice` is an “invoice”.
pub(crate) fn record_inside(table: &str) -> String {
    let name = label_or(&format!("record.{table}"), table);
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(name.chars().skip(1)).collect(),
        _ => name,
    }
}
