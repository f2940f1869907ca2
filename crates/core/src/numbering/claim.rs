//! What a device claimed with a number, kept in its entry: enough to hold the number's place where the
//! entry itself does not go through.

use minicbor::{Decode, Encode};

use super::api::Request;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Date, Id};

/// Entries keep claims under this and the document's id.
const KEY: &str = "number:";

/// A request as it is kept.
#[derive(Debug, Encode, Decode)]
#[cbor(array)]
pub(super) struct Claim {
    #[n(0)]
    document: String,
    #[n(1)]
    pattern: String,
    #[n(2)]
    date: String,
    #[n(3)]
    content: String,
    #[n(4)]
    imported: Option<String>,
}

impl Claim {
    /// The bytes that are kept of a request.
    pub(super) fn encode(request: &Request<'_>) -> Result<Vec<u8>> {
        let claim = Claim {
            document: request.document.to_owned(),
            pattern: request.pattern.to_owned(),
            date: request.date.to_string(),
            content: request.content.to_owned(),
            imported: request.imported.map(str::to_owned),
        };
        minicbor::to_vec(claim).map_err(|e| Error::internal("command.encode").caused_by(e))
    }
    /// Reads kept bytes.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        minicbor::decode(bytes).map_err(|e| Error::new(Kind::Corrupt, "daybook.envelope").caused_by(e))
    }
    /// The request again, for the document `subject`.
    pub(super) fn request(&self, subject: Id<()>) -> Result<Request<'_>> {
        let date = Date::parse(&self.date)?;
        Ok(Request { document: &self.document, pattern: &self.pattern, date, subject, content: &self.content, imported: self.imported.as_deref() })
    }
}

/// Where the claim of a document is kept.
pub(super) fn key_of(subject: Id<()>) -> String {
    format!("{KEY}{subject}")
}

/// The document whose claim is kept under `key`, if that is what it is.
pub(super) fn subject_of(key: &str) -> Option<Id<()>> {
    key.strip_prefix(KEY).and_then(|id| Id::parse(id).ok())
}
