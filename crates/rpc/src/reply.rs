//! What a method answers: bytes and what they are.

use daybook_core::files::MediaType;
use daybook_core::shared::error::{Error, Result};
use serde::Serialize;

/// What the bytes of a reply are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// JSON in UTF-8.
    Json,
    /// A PDF file.
    Pdf,
    /// A file of the books.
    File(MediaType),
}

impl Media {
    /// The MIME type.
    pub const fn mime(self) -> &'static str {
        match self {
            Media::Json => "application/json",
            Media::Pdf => "application/pdf",
            Media::File(media) => media.word(),
        }
    }
}

/// What a method answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// What the bytes are.
    pub media: Media,
    /// The answer.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// `value` as JSON.
    pub fn json(value: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(value).map_err(|e| Error::internal("rpc.encode").caused_by(e))?;
        Ok(Reply { media: Media::Json, bytes })
    }
    /// The bytes of a PDF file.
    pub fn pdf(bytes: Vec<u8>) -> Self {
        Reply { media: Media::Pdf, bytes }
    }
    /// The bytes of a file of the books.
    pub fn file(media: MediaType, bytes: Vec<u8>) -> Self {
        Reply { media: Media::File(media), bytes }
    }
}
