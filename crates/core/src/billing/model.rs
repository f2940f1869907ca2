//! The rows of billing. BT and BG numbers are those of EN 16931-1.

use crate::catalog::Item;
use crate::ledger::Entry;
use crate::shared::{Code, Currency, Date, Id, Instant, Minor, Name, Note, Price, Quantity, Rate, field};
use crate::tax::{Category, Tax};
use crate::{choice, record};

choice! {
    /// What the document is.
    pub enum Kind {
        /// Asks for money (BT-3 380).
        Invoice = "invoice",
        /// Gives money back (BT-3 381). Its amounts are positive.
        CreditNote = "credit_note",
    }
}

choice! {
    /// How far the document is.
    pub enum State {
        /// May change; carries no number.
        Draft = "draft",
        /// Final.
        Posted = "posted",
    }
}

choice! {
    /// What somebody on the document is.
    pub enum PartyRole {
        /// BG-4.
        Seller = "seller",
        /// BG-7.
        Buyer = "buyer",
        /// BG-10.
        Payee = "payee",
        /// BG-11.
        TaxRepresentative = "tax_representative",
        /// BG-13.
        DeliverTo = "deliver_to",
    }
}

choice! {
    /// What a detail is.
    pub enum DetailKind {
        /// Invoice note (BG-1): subject code, text.
        Note = "note",
        /// Preceding invoice (BG-3): number, date.
        Preceding = "preceding",
        /// Credit transfer account (BG-17): IBAN, name, BIC.
        Account = "account",
        /// Supporting document (BG-24): reference, description, address.
        Attachment = "attachment",
        /// Item attribute (BG-32): name, value.
        Attribute = "attribute",
        /// Item classification (BT-158): code, scheme, version.
        Class = "class",
    }
}

record! {
    /// The head of an invoice or credit note.
    pub struct Header in "billing_document" key 1 removable {
        /// The id.
        id: Id<Header>,
        /// What it is.
        kind: Kind = field().listed(),
        /// Document type code (BT-3).
        type_code: Code,
        /// How far it is.
        state: State = field().listed(),
        /// Number (BT-1).
        number: Name = field().listed(),
        /// The customer.
        party: Id<crate::parties::Party> = field().to("party").listed(),
        /// The customer's name as printed.
        party_name: Name,
        /// Where the goods went, else the buyer's country.
        country: Code = field().country(),
        /// Issue date (BT-2).
        issue_date: Date = field().listed(),
        /// The date it has in the ledger.
        accounting_date: Date,
        /// Tax point date (BT-7).
        tax_point_date: Option<Date>,
        /// Tax point date code (BT-8).
        tax_point_code: Code,
        /// Due date (BT-9).
        due_date: Option<Date> = field().listed(),
        /// Delivery date (BT-72).
        delivery_date: Option<Date>,
        /// Invoicing period start (BT-73).
        period_start: Option<Date>,
        /// Invoicing period end (BT-74).
        period_end: Option<Date>,
        /// Currency (BT-5).
        currency: Currency = field().listed(),
        /// Base currency per unit of the document's currency.
        exchange_rate: Rate,
        /// VAT accounting currency (BT-6).
        tax_currency: Option<Currency>,
        /// VAT in accounting currency (BT-111).
        tax_in_currency: Option<Minor>,
        /// Buyer reference (BT-10).
        buyer_reference: Name,
        /// Project reference (BT-11).
        project: Name,
        /// Contract reference (BT-12).
        contract: Name,
        /// Purchase order reference (BT-13).
        order_reference: Name,
        /// Sales order reference (BT-14).
        sales_order: Name,
        /// Receiving advice reference (BT-15).
        receipt_advice: Name,
        /// Despatch advice reference (BT-16).
        despatch_advice: Name,
        /// Tender or lot reference (BT-17).
        tender: Name,
        /// Invoiced object (BT-18).
        object_id: Name,
        /// Its scheme.
        object_scheme: Code,
        /// Buyer accounting reference (BT-19).
        buyer_accounting: Name,
        /// Payment terms (BT-20).
        payment_terms: Note,
        /// Business process (BT-23).
        process: Name,
        /// Specification (BT-24).
        profile: Name,
        /// Payment means code, UNCL 4461 (BT-81).
        payment_means: Code,
        /// Payment means text (BT-82).
        payment_text: Name,
        /// Remittance information (BT-83).
        remittance: Name,
        /// Card number, last digits (BT-87).
        card_number: Code,
        /// Card holder (BT-88).
        card_holder: Name,
        /// Mandate reference (BT-89).
        mandate: Name,
        /// Creditor identifier (BT-90).
        creditor_id: Name,
        /// Debited account (BT-91).
        debtor_account: Code,
        /// Σ of line nets (BT-106).
        lines_net: Minor,
        /// Σ of document allowances (BT-107).
        allowances: Minor,
        /// Σ of document charges (BT-108).
        charges: Minor,
        /// Net (BT-109).
        net: Minor = field().listed(),
        /// VAT (BT-110).
        tax: Minor = field().listed(),
        /// Gross (BT-112).
        gross: Minor = field().listed(),
        /// Already paid (BT-113).
        prepaid: Minor,
        /// Rounding (BT-114).
        rounding: Minor,
        /// To be paid (BT-115).
        payable: Minor,
        /// Language it is printed in.
        language: Code,
        /// Version of the template it is printed with.
        template: Code,
        /// Whether posting moves the goods.
        moves_stock: bool,
        /// Whether another program issued it.
        imported: bool,
        /// The document it takes back.
        reverses: Option<Id<Header>> = field().to("billing_document"),
        /// Its journal entry; none when there was nothing to enter.
        entry: Option<Id<Entry>> = field().to("journal_entry"),
        /// BLAKE3 hash of everything it says.
        content_hash: Code,
        /// When it was posted, or the draft saved.
        recorded_at: Instant,
    }
}

record! {
    /// A line (BG-25).
    pub struct Line in "billing_line" key 2 removable {
        /// The document.
        document: Id<Header> = field().to("billing_document"),
        /// Line number (BT-126).
        n: i64,
        /// The item, if it is one.
        item: Option<Id<Item>> = field().to("item"),
        /// Seller's item code (BT-155).
        item_code: Code,
        /// Buyer's item code (BT-156).
        buyer_code: Code,
        /// Standard item number (BT-157).
        standard_id: Code,
        /// Its scheme, `0160` for GTIN.
        standard_scheme: Code,
        /// Item name (BT-153).
        name: Name,
        /// Item description (BT-154).
        description: Note,
        /// Line note (BT-127).
        note: Note,
        /// Line object (BT-128).
        object_id: Name,
        /// Its scheme.
        object_scheme: Code,
        /// Invoiced quantity (BT-129).
        quantity: Quantity,
        /// Unit, UN/ECE Rec 20 (BT-130).
        unit: Code,
        /// The quantity in the item's base unit.
        base_quantity: Quantity,
        /// Net price (BT-146).
        price: Price,
        /// How many units the price is for (BT-149); its unit (BT-150) is the line's.
        price_base: Quantity,
        /// Gross price (BT-148).
        gross_price: Option<Price>,
        /// Price discount (BT-147).
        price_discount: Option<Price>,
        /// The price as it was typed.
        entered_price: Price,
        /// Whether that price includes VAT.
        includes_tax: bool,
        /// The price-list row it came from.
        price_row: Option<Id<crate::catalog::PriceRow>>,
        /// Net (BT-131).
        net: Minor,
        /// The tax.
        tax: Id<Tax> = field().to("tax"),
        /// Its code.
        tax_code: Code,
        /// VAT category (BT-151).
        tax_category: Category,
        /// VAT rate (BT-152).
        tax_rate: Rate,
        /// Order line (BT-132).
        order_line: Code,
        /// Buyer accounting reference (BT-133).
        accounting: Name,
        /// Line period start (BT-134).
        period_start: Option<Date>,
        /// Line period end (BT-135).
        period_end: Option<Date>,
        /// Country of origin (BT-159).
        origin: Code,
        /// Revenue account; empty for the one of the tax.
        revenue_account: Code,
    }
}

record! {
    /// An allowance or charge of the document (line 0: BG-20, BG-21) or of a line (BG-27, BG-28).
    pub struct Adjustment in "billing_adjustment" key 3 removable {
        /// The document.
        document: Id<Header> = field().to("billing_document"),
        /// The line, 0 for the document.
        line: i64,
        /// Its place.
        n: i64,
        /// Whether it adds.
        charge: bool,
        /// Amount (BT-92, 99, 136, 141).
        amount: Minor,
        /// Base amount (BT-93, 100, 137, 142).
        base: Option<Minor>,
        /// Percentage (BT-94, 101, 138, 143).
        percent: Option<Rate>,
        /// Reason (BT-97, 104, 139, 144).
        reason: Name,
        /// Reason code, UNCL 5189 or 7161 (BT-98, 105, 140, 145).
        reason_code: Code,
        /// Its tax, for the document's.
        tax: Option<Id<Tax>> = field().to("tax"),
        /// VAT category (BT-95, 102).
        tax_category: Category,
        /// VAT rate (BT-96, 103).
        tax_rate: Rate,
    }
}

record! {
    /// A row of the VAT breakdown (BG-23).
    pub struct TaxLine in "billing_tax" key 3 removable {
        /// The document.
        document: Id<Header> = field().to("billing_document"),
        /// VAT category (BT-118).
        category: Category,
        /// VAT rate (BT-119).
        rate: Rate,
        /// Taxable base (BT-116).
        base: Minor,
        /// VAT (BT-117).
        tax: Minor,
        /// The tax code in the ledger.
        code: Code,
        /// Its name.
        name: Name,
        /// VATEX code (BT-121).
        exemption_code: Code,
        /// Exemption reason (BT-120).
        exemption_text: Name,
    }
}

record! {
    /// Somebody on the document, as they were when it was posted.
    pub struct Party in "billing_party" key 2 removable {
        /// The document.
        document: Id<Header> = field().to("billing_document"),
        /// What they are.
        role: PartyRole,
        /// Name (BT-27, 44, 59, 62, 70).
        name: Name,
        /// Trading name (BT-28, 45).
        trading_name: Name,
        /// Identifier (BT-29, 46, 60, 71).
        code: Code,
        /// Its scheme.
        code_scheme: Code,
        /// Legal registration (BT-30, 47, 61).
        legal_id: Name,
        /// Its scheme.
        legal_scheme: Code,
        /// Further legal information (BT-33).
        legal_form: Name,
        /// VAT identifier (BT-31, 48, 63).
        vat_id: Code,
        /// Tax number (BT-32).
        tax_number: Code,
        /// Electronic address (BT-34, 49).
        endpoint: Name,
        /// Its scheme.
        endpoint_scheme: Code,
        /// Address line 1 (BT-35, 50, 64, 75).
        line1: Name,
        /// Address line 2 (BT-36, 51, 65, 76).
        line2: Name,
        /// Address line 3 (BT-162 to 165).
        line3: Name,
        /// City (BT-37, 52, 66, 77).
        city: Name,
        /// Post code (BT-38, 53, 67, 78).
        postcode: Code,
        /// Region (BT-39, 54, 68, 79).
        region: Name,
        /// Country (BT-40, 55, 69, 80).
        country: Code,
        /// Contact (BT-41, 56).
        contact: Name,
        /// Telephone (BT-42, 57).
        phone: Name,
        /// E-mail (BT-43, 58).
        email: Name,
    }
}

record! {
    /// What repeats and is plain text.
    pub struct Detail in "billing_detail" key 4 removable {
        /// The document.
        document: Id<Header> = field().to("billing_document"),
        /// What it is.
        kind: DetailKind,
        /// The line, 0 for the document.
        line: i64,
        /// Its place.
        n: i64,
        /// BT-21, 25, 84, 122, 158, 160.
        code: Name,
        /// BT-22, 26, 85, 123, 161, scheme.
        text: Note,
        /// BT-86, 124, scheme version.
        extra: Name,
        /// The preceding document or attached file.
        subject: Option<Id<()>>,
    }
}

record! {
    /// An identifier of seller or buyer (BT-29, BT-46), as it was when the document was posted.
    pub struct Identifier in "billing_identifier" key 3 removable {
        /// The document.
        document: Id<Header> = field().to("billing_document"),
        /// Whose.
        role: PartyRole,
        /// Its place.
        n: i64,
        /// ISO 6523 code of the list it is from; empty for a number without one.
        scheme: Code,
        /// The number.
        value: Name,
    }
}

record! {
    /// What a person typed into a draft.
    pub struct TypedDraft in "billing_draft" key 1 removable {
        /// The document.
        document: Id<Header> = field().to("billing_document"),
        /// The draft as JSON.
        typed: String,
    }
}

choice! {
    /// How far a document is, as lists show it.
    pub enum ShownState {
        /// May change.
        Draft = "draft",
        /// Final.
        Posted = "posted",
        /// Final, and taken back by another document.
        Reversed = "reversed",
    }
}

record! {
    /// A document in a list, with what is derived of it.
    pub struct InvoiceRow in "billing_invoice" key 1 {
        /// The id.
        id: Id<Header>,
        /// Number.
        number: Name = field().wide(12).listed(),
        /// What it is.
        kind: Kind = field().listed(),
        /// How far it is.
        state: ShownState = field().listed(),
        /// The customer.
        party: Id<crate::parties::Party> = field().to("party"),
        /// The customer's name as printed.
        party_name: Name = field().wide(30).listed(),
        /// Issue date.
        issue_date: Date = field().listed(),
        /// Due date.
        due_date: Option<Date> = field().listed(),
        /// Currency.
        currency: Currency = field().wide(3).listed(),
        /// Net.
        net: Minor = field().listed(),
        /// VAT.
        tax: Minor = field().listed(),
        /// Gross.
        gross: Minor = field().listed(),
        /// To be paid when it was posted.
        payable: Minor,
        /// Country of delivery.
        country: Code = field().wide(2).country().listed(),
        /// Still open, in the base currency; below zero for credit. Empty where the books do not hold the ledger.
        open: Option<Minor> = field().listed().in_base(),
        /// Buyer reference (BT-10).
        buyer_reference: Name,
        /// Project reference (BT-11).
        project: Name,
        /// Contract reference (BT-12).
        contract: Name,
        /// Purchase order reference (BT-13).
        order_reference: Name,
        /// Sales order reference (BT-14).
        sales_order: Name,
    }
}
