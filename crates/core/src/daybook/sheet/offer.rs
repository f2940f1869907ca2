//! What entries consumed, without the ids it was consumed for: who executes the entry derives them.

use std::collections::BTreeMap;

use crate::shared::context::kind_of;

/// Values that an entry consumed, by kind (`number`, `entry`), in the order in which they were taken.
pub type Offered = BTreeMap<String, Vec<String>>;

/// The offer of what was consumed under keys `kind:id`. Values of a kind grow as they are taken.
pub fn offer(consumed: &BTreeMap<String, String>) -> Offered {
    let mut offered = Offered::new();
    for (key, value) in consumed {
        offered.entry(kind_of(key).to_owned()).or_default().push(value.clone());
    }
    offered.values_mut().for_each(|values| values.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b))));
    offered
}

/// Turns values into what differs from a count: a value that follows the last one of its kind is empty.
#[derive(Default)]
pub(super) struct Count(BTreeMap<String, String>);

impl Count {
    /// How `value` is written.
    pub(super) fn write(&mut self, kind: &str, value: &str) -> String {
        let expected = self.0.insert(kind.to_owned(), value.to_owned()).and_then(|last| next(&last));
        if expected.as_deref() == Some(value) { String::new() } else { value.to_owned() }
    }
    /// The value that is written as `text`.
    pub(super) fn read(&mut self, kind: &str, text: String) -> Option<String> {
        let value = if text.is_empty() { self.0.get(kind).and_then(|last| next(last))? } else { text };
        self.0.insert(kind.to_owned(), value.clone());
        Some(value)
    }
}

/// The text with the number at its end one higher; `None` when it ends with none.
fn next(text: &str) -> Option<String> {
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (front, number) = text.split_at_checked(text.len() - digits)?;
    let higher: u64 = number.parse::<u64>().ok()?.checked_add(1)?;
    Some(format!("{front}{higher}"))
}
