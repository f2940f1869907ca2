//! The words of mails, in the language of the document.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use daybook_core::shared::{Error, Result};
use serde::Deserialize;

/// The words of one language; `{number}`, `{date}`, `{amount}` and `{seller}` stand for facts.
#[derive(Debug, Deserialize)]
pub struct Words {
    /// Subject of a mail with an invoice.
    pub invoice: String,
    /// Subject of a mail with a credit note.
    pub credit_note: String,
    /// What the mail says.
    pub text: String,
}

/// The words of a language tag; English for a language that is not there.
pub fn of(language: &str) -> Result<&'static Words> {
    static WORDS: OnceLock<BTreeMap<String, Words>> = OnceLock::new();
    let words = WORDS.get_or_init(|| toml::from_str(include_str!("../../../../assets/texts/mail.toml")).unwrap_or_default());
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    words.get(&primary).or_else(|| words.get("en")).ok_or_else(|| Error::internal("delivery.mail"))
}

/// `text` with its facts.
pub fn filled(text: &str, facts: &[(&str, String)]) -> String {
    facts.iter().fold(text.to_owned(), |text, (name, fact)| text.replace(&format!("{{{name}}}"), fact))
}
