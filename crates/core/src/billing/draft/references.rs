//! What a draft says beside its figures: notes (BG-1), earlier invoices (BG-3), supporting documents (BG-24).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::files::StoredFile;
use crate::shared::{Code, Date, Name, Note};

/// A note (BG-1).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NoteDraft {
    /// What it is about (BT-21, UNTDID 4451), such as `AAI` or `PMT`.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub subject: Code,
    /// The text (BT-22).
    pub text: Note,
}

/// An earlier invoice that these books do not hold (BG-3).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PrecedingDraft {
    /// Its number (BT-25).
    pub number: Name,
    /// Its issue date (BT-26).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// A supporting document (BG-24).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AttachmentDraft {
    /// Its reference (BT-122).
    pub reference: Name,
    /// What it is (BT-123).
    #[serde(skip_serializing_if = "Note::is_blank")]
    pub description: Note,
    /// Where it can be read (BT-124).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub url: Name,
    /// The document itself (BT-125), as storing it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<StoredFile>,
}
