//! Somebody else on a draft: payee (BG-10), tax representative (BG-11), where the goods go (BG-13, 15).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::{Code, Name};

/// A payee, a tax representative or a place of delivery. Which terms a role has is EN 16931's to say;
/// the others stay empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PartyDraft {
    /// Name (BT-59, 62, 70).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub name: Name,
    /// Identifier (BT-60, 71).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub id: Code,
    /// Its scheme (ISO 6523).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub id_scheme: Code,
    /// Legal registration (BT-61).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub legal_id: Name,
    /// Its scheme (ISO 6523).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub legal_scheme: Code,
    /// VAT identifier (BT-63).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub vat_id: Code,
    /// Address line 1 (BT-64, 75).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub line1: Name,
    /// Address line 2 (BT-65, 76).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub line2: Name,
    /// Address line 3 (BT-164, 165).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub line3: Name,
    /// City (BT-66, 77).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub city: Name,
    /// Post code (BT-67, 78).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub postcode: Code,
    /// Region (BT-68, 79).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub region: Name,
    /// Country (BT-69, 80).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub country: Code,
}
