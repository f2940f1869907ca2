//! The words of the core in the languages of the screen: labels by key, errors by code.
//!
//! English is what the core itself speaks, in logs and on the command line; the other languages are only handed out.

use std::collections::BTreeMap;

use daybook_core::shared::error::{Error, Result};
use serde::{Deserialize, Serialize};

/// A language, its labels and its error words, as the files of `assets/texts` hold them.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("en", include_str!("../../../assets/texts/labels.en.toml"), include_str!("../../../assets/texts/errors.en.toml")),
    ("de", include_str!("../../../assets/texts/labels.de.toml"), include_str!("../../../assets/texts/errors.de.toml")),
    ("fr", include_str!("../../../assets/texts/labels.fr.toml"), include_str!("../../../assets/texts/errors.fr.toml")),
    ("es", include_str!("../../../assets/texts/labels.es.toml"), include_str!("../../../assets/texts/errors.es.toml")),
    ("ar", include_str!("../../../assets/texts/labels.ar.toml"), include_str!("../../../assets/texts/errors.ar.toml")),
];

/// Everything the core says in one language.
#[derive(Serialize)]
pub struct Texts {
    /// Words of records, fields, choices, commands and reports, by key: `record.party`, `party.name`.
    pub labels: BTreeMap<String, String>,
    /// Words of refusals, by code.
    pub errors: BTreeMap<String, Refusal>,
}

/// What happened and what to do next; `{names}` are places for the arguments of the error.
#[derive(Serialize, Deserialize)]
pub struct Refusal {
    /// What happened.
    pub message: String,
    /// What to do next.
    pub next: String,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    language: String,
}

/// The languages there are, English first.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|(name, ..)| *name)
}

/// The words of a language; those of English where there is none of that name.
pub fn texts(language: &str) -> Result<Texts> {
    let found = LANGUAGES.iter().find(|(name, ..)| *name == language).or(LANGUAGES.first());
    let (_, labels, errors) = found.ok_or_else(|| Error::internal("rpc.labels"))?;
    let unreadable = |e: toml::de::Error| Error::internal("rpc.labels").caused_by(e);
    Ok(Texts { labels: toml::from_str(labels).map_err(unreadable)?, errors: toml::from_str(errors).map_err(unreadable)? })
}

pub(crate) fn answer(asked: &Asked) -> Result<Texts> {
    texts(&asked.language)
}
