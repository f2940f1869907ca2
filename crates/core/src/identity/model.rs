//! The rows of identity.

use crate::shared::context::UserTag;
use crate::shared::permission::Role;
use crate::shared::{Code, Currency, Id, Name, Note, field};
use crate::{choice, record};

choice! {
    /// Where VAT is rounded.
    pub enum TaxRounding {
        /// Once per VAT category and rate (EN 16931).
        Group = "group",
        /// On every line (some countries' practice).
        Line = "line",
    }
}

choice! {
    /// How stock is valued.
    pub enum Valuation {
        /// Moving average.
        Average = "average",
        /// First in, first out.
        Fifo = "fifo",
    }
}

record! {
    /// The firm these books are of; exactly one row. Group names are EN 16931's seller (BG-4).
    pub struct Company in "company" key 1 {
        /// The id.
        id: Id<Company>,
        /// Registered name (BT-27).
        name: Name = field().wide(30).required().listed(),
        /// Trading name (BT-28) where it differs.
        trading_name: Name = field().wide(30),
        /// Legal form and further legal information (BT-33).
        legal_form: Name,
        /// ISO 3166-1 country (BT-40).
        country: Code = field().wide(2).required().country().listed(),
        /// Base currency of the ledger.
        currency: Currency = field().wide(3).required().listed(),
        /// The chart template its accounts came from.
        chart: Code = field().readonly(),
        /// First month of the fiscal year.
        fiscal_month: i64,
        /// Whether this is the sample company.
        sample: bool = field().readonly(),
        /// Where VAT is rounded.
        tax_rounding: TaxRounding,
        /// How stock is valued.
        valuation: Valuation,
        /// Street and number (BT-35).
        line1: Name = field().wide(30).group("address"),
        /// Further address line (BT-36).
        line2: Name = field().wide(30).group("address"),
        /// Third address line (BT-162).
        line3: Name = field().wide(30).group("address"),
        /// Post code (BT-38).
        postcode: Code = field().group("address"),
        /// City (BT-37).
        city: Name = field().wide(20).group("address"),
        /// Region (BT-39).
        region: Name = field().wide(20).group("address"),
        /// VAT identifier (BT-31).
        vat_id: Code = field().group("tax"),
        /// Local tax number (BT-32).
        tax_number: Code = field().group("tax"),
        /// Legal registration (BT-30).
        registration: Code = field().group("tax"),
        /// Its scheme: an ISO 6523 code such as `0002` (SIREN).
        registration_scheme: Code = field().wide(6).group("tax"),
        /// Electronic address (BT-34).
        endpoint: Name = field().group("tax"),
        /// Scheme of the electronic address (EAS code list).
        endpoint_scheme: Code = field().group("tax"),
        /// Contact point (BT-41).
        contact_name: Name = field().group("contact"),
        /// Telephone (BT-42).
        phone: Name = field().group("contact"),
        /// E-mail (BT-43).
        email: Name = field().group("contact"),
        /// Web site.
        website: Name = field().group("contact"),
        /// Payment account (BT-84).
        iban: Code = field().wide(34).group("bank"),
        /// Payment service provider (BT-86).
        bic: Code = field().group("bank"),
        /// Name of the bank.
        bank_name: Name = field().group("bank"),
        /// Text at the foot of printed documents.
        footer: Note = field().group("paper"),
    }
}

record! {
    /// A number by which others know the company (BT-29), such as a GLN.
    pub struct CompanyIdentifier in "company_identifier" key 1 {
        /// The id.
        id: Id<CompanyIdentifier>,
        /// The list it is from: an ISO 6523 code such as `0088` (GLN), `0060` (DUNS); empty for a number without one.
        scheme: Code = field().wide(6).listed(),
        /// The number.
        value: Name = field().wide(24).required().listed(),
        /// Whether it is out of use.
        archived: bool,
    }
}

record! {
    /// A person who works with the books.
    pub struct User in "app_user" key 1 {
        /// The id.
        id: Id<UserTag>,
        /// Name.
        name: Name = field().wide(30).required().listed(),
        /// What the person is in the firm.
        role: Role = field().required().listed(),
        /// E-mail.
        email: Name = field().wide(30).listed(),
        /// Whether the person has left.
        archived: bool,
    }
}

record! {
    /// A machine that makes entries. Its letter marks the series of its numbers.
    pub struct Device in "device" key 1 {
        /// The id.
        id: Id<crate::shared::context::DeviceTag>,
        /// Name.
        name: Name = field().wide(20).listed(),
        /// The letter in its document numbers.
        letter: Code = field().wide(3).listed(),
        /// Whether it is out of use.
        archived: bool,
    }
}
