//! Seller, buyer and place of delivery, as frozen at issue.

use serde::{Deserialize, Serialize};

/// Who issues the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// Name of the firm.
    pub name: String,
    /// Address below the name, one entry per line.
    pub address: Vec<String>,
    /// VAT identification number.
    pub vat_id: Option<String>,
    /// Entry in a register of companies, in words.
    pub registration: Option<String>,
    /// National tax number.
    pub tax_number: Option<String>,
    /// Contact person.
    pub contact: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Account to pay to.
    pub bank: Option<BankAccount>,
}

/// An account to pay to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankAccount {
    /// IBAN, with or without spaces.
    pub iban: String,
    /// BIC of the bank.
    pub bic: Option<String>,
    /// Name of the bank.
    pub bank_name: Option<String>,
}

/// Who receives the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// Name of the firm or person.
    pub name: String,
    /// Address below the name, one entry per line.
    pub address: Vec<String>,
    /// VAT identification number.
    pub vat_id: Option<String>,
    /// The number the seller knows the buyer by.
    pub customer_number: Option<String>,
}

/// A place of delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Name of the receiver.
    pub name: String,
    /// Address below the name, one entry per line.
    pub address: Vec<String>,
}
