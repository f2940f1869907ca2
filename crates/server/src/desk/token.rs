//! The secret of the printed address.

use std::hint::black_box;

/// A random secret, or one that tests choose.
#[derive(Clone, Debug)]
pub struct Token(String);

impl Token {
    /// 244 random bits from the operating system.
    pub fn random() -> Self {
        let half = || uuid::Uuid::new_v4().simple().to_string();
        Token(half() + &half())
    }
    /// This text.
    pub fn of(text: &str) -> Self {
        Token(text.to_owned())
    }
    /// The text, as the address carries it.
    pub fn text(&self) -> &str {
        &self.0
    }
    /// Whether `other` is the secret; takes as long for a near miss as for a far one.
    pub fn is(&self, other: &str) -> bool {
        let same_length = self.0.len() == other.len();
        let differing = self.0.bytes().zip(other.bytes()).fold(0, |seen, (a, b)| black_box(seen | (a ^ b)));
        same_length && differing == 0
    }
}
