//! How a document is paid: BG-16 to BG-19.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::{Code, Name};

/// What is said about payment beyond its means and terms.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PaymentDraft {
    /// The means in words (BT-82).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub text: Name,
    /// What the payer should quote (BT-83).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub remittance: Name,
    /// Accounts to pay to (BG-17); the company's when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountDraft>,
    /// Last digits of the card it was paid with (BT-87), at most ten.
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub card_number: Code,
    /// Holder of the card (BT-88).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub card_holder: Name,
    /// Mandate of the direct debit (BT-89).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub mandate: Name,
    /// Creditor identifier (BT-90).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub creditor_id: Name,
    /// Account that is debited (BT-91).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub debtor_account: Code,
}

/// An account to pay to (BG-17).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AccountDraft {
    /// IBAN or account number (BT-84).
    pub account: Code,
    /// Name of the account (BT-85).
    #[serde(skip_serializing_if = "Name::is_blank")]
    pub name: Name,
    /// BIC (BT-86).
    #[serde(skip_serializing_if = "Code::is_blank")]
    pub bic: Code,
}
