//! The rows of parties.

use crate::shared::{Code, Currency, Id, Minor, Name, Note, field};
use crate::{choice, record};

choice! {
    /// What an address is for.
    pub enum Purpose {
        /// Where invoices go.
        Invoice = "invoice",
        /// Where goods go.
        Delivery = "delivery",
        /// Anything else.
        Other = "other",
    }
}

choice! {
    /// What an identifier says.
    pub enum IdentifierKind {
        /// A further VAT registration.
        Vat = "vat",
        /// Legal registration (BT-47); the scheme is an ISO 6523 code such as `0002` (SIREN).
        Registration = "registration",
        /// Global location number of GS1.
        Gln = "gln",
        /// Electronic address (BT-49); the scheme is a code of the EAS list such as `0088`, `9930`, `EM`.
        Endpoint = "endpoint",
        /// Anything else, such as our number in their books.
        Other = "other",
    }
}

record! {
    /// A customer, a supplier or both. BT numbers are EN 16931's buyer (BG-7).
    pub struct Party in "party" key 1 {
        /// The id.
        id: Id<Party>,
        /// Short code, unique whatever its case when there is one.
        code: Code = field().wide(12).listed(),
        /// The code in capitals; absent without a code.
        code_key: Option<Name> = field().readonly(),
        /// The name people know it by (BT-45).
        name: Name = field().wide(30).required().listed(),
        /// Registered name (BT-44) where it differs.
        legal_name: Name = field().wide(30),
        /// Whether it buys.
        is_customer: bool,
        /// Whether it supplies.
        is_supplier: bool,
        /// ISO 3166-1 country (BT-55).
        country: Code = field().wide(2).required().country().listed(),
        /// Language of its papers (ISO 639-1); the company's when empty.
        language: Code = field().wide(5),
        /// Currency of its documents; the company's when absent.
        currency: Option<Currency> = field().wide(3).group("terms"),
        /// Days from the document date until payment is due; the company's terms when absent.
        payment_days: Option<i64> = field().wide(4).group("terms"),
        /// The most it may owe, in the company's currency.
        credit_limit: Option<Minor> = field().group("terms"),
        /// Whether nothing may be sold to it for now.
        on_hold: bool = field().group("terms"),
        /// Who is asked there (BT-56).
        contact_name: Name = field().wide(24).group("contact"),
        /// Where invoices are sent by e-mail.
        email: Name = field().wide(30).group("contact"),
        /// Telephone.
        phone: Name = field().wide(16).group("contact"),
        /// VAT identifier with its country prefix (BT-48).
        vat_id: Code = field().wide(16).group("tax").listed(),
        /// Local tax number, for countries without VAT identifiers.
        tax_number: Code = field().wide(16).group("tax"),
        /// Street and number (BT-50).
        line1: Name = field().wide(30).group("address"),
        /// Further address line (BT-51).
        line2: Name = field().wide(30).group("address"),
        /// Third address line (BT-163).
        line3: Name = field().wide(30).group("address"),
        /// Post code (BT-53).
        postcode: Code = field().group("address"),
        /// City (BT-52).
        city: Name = field().wide(20).group("address").listed(),
        /// Region (BT-54).
        region: Name = field().wide(20).group("address"),
        /// Account for what it owes, in place of the company's; empty for none.
        receivable_account: Code = field().group("accounts"),
        /// Account for what it is owed, in place of the company's; empty for none.
        payable_account: Code = field().group("accounts"),
        /// The price list it buys from.
        price_list: Option<Id<()>> = field().to("price_list").group("terms"),
        /// Words to find it by, separated by commas.
        tags: Name = field().wide(20),
        /// What the firm wants to remember.
        note: Note = field().wide(40),
        /// Whether it is out of use.
        archived: bool = field().readonly(),
        /// The party that stands for it since they were merged.
        merged_into: Option<Id<Party>> = field().to("party").readonly(),
    }
}

record! {
    /// A further address of a party.
    pub struct Address in "party_address" key 1 {
        /// The id.
        id: Id<Address>,
        /// Whose.
        party: Id<Party> = field().to("party").required().listed(),
        /// What it is for.
        purpose: Purpose = field().required().listed(),
        /// Name at this address (BT-70).
        name: Name = field().wide(30).listed(),
        /// Street and number (BT-75).
        line1: Name = field().wide(30).listed(),
        /// Further address line (BT-76).
        line2: Name = field().wide(30),
        /// Post code (BT-78).
        postcode: Code = field().listed(),
        /// City (BT-77).
        city: Name = field().wide(20).listed(),
        /// Region (BT-79).
        region: Name = field().wide(20),
        /// ISO 3166-1 country (BT-80).
        country: Code = field().wide(2).required().country().listed(),
        /// Global location number (BT-71).
        gln: Code,
        /// Whether it is out of use.
        archived: bool,
    }
}

record! {
    /// A number or electronic address by which a party is known.
    pub struct Identifier in "party_identifier" key 1 {
        /// The id.
        id: Id<Identifier>,
        /// Whose.
        party: Id<Party> = field().to("party").required().listed(),
        /// What it says.
        kind: IdentifierKind = field().required().listed(),
        /// The list it is from: ISO 6523 or EAS code.
        scheme: Code = field().wide(6).listed(),
        /// The number or address.
        value: Name = field().wide(24).required().listed(),
        /// Whether it is out of use.
        archived: bool,
    }
}
