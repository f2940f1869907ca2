//! What other modules hand to the ledger: a posting, built line by line.

use super::model::{Account, Entry, JournalCode, Role};
use crate::shared::{Code, Date, Id, Minor, Money, Name};

/// Which account a line means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountRef {
    /// The account that has this role.
    Role(Role),
    /// This account.
    Id(Id<Account>),
    /// The account with this number.
    Code(Code),
}

impl From<Role> for AccountRef {
    fn from(role: Role) -> Self {
        AccountRef::Role(role)
    }
}
impl From<Id<Account>> for AccountRef {
    fn from(id: Id<Account>) -> Self {
        AccountRef::Id(id)
    }
}
impl From<Code> for AccountRef {
    fn from(code: Code) -> Self {
        AccountRef::Code(code)
    }
}

/// A line to be posted. Amounts are in minor units of the base currency.
#[derive(Clone, Debug)]
pub struct PostingLine {
    /// The account.
    pub account: AccountRef,
    /// Debit − credit.
    pub amount: Minor,
    /// Customer or supplier; receivable and payable lines need one.
    pub party: Option<Id<()>>,
    /// When it is to be paid.
    pub due_date: Option<Date>,
    /// Tax code and the amount the tax is of.
    pub tax: Option<(Code, Minor)>,
    /// The amount in the document's currency, when it is not the base currency.
    pub foreign: Option<Money>,
    /// What the line is for.
    pub text: Name,
}

/// A debit of `amount`; a negative amount is a credit.
pub fn debit(account: impl Into<AccountRef>, amount: Minor) -> PostingLine {
    PostingLine { account: account.into(), amount, party: None, due_date: None, tax: None, foreign: None, text: Name::default() }
}

/// A credit of `amount`; a negative amount is a debit.
pub fn credit(account: impl Into<AccountRef>, amount: Minor) -> PostingLine {
    debit(account, amount.negated())
}

impl PostingLine {
    /// Of this customer or supplier.
    #[must_use]
    pub fn of<T>(self, party: Id<T>) -> Self {
        PostingLine { party: Some(party.cast()), ..self }
    }
    /// To be paid on `date`.
    #[must_use]
    pub fn due(self, date: Date) -> Self {
        PostingLine { due_date: Some(date), ..self }
    }
    /// Carries the tax code, with the amount the tax is of (negative on a credit note).
    #[must_use]
    pub fn taxed(self, code: Code, base: Minor) -> Self {
        PostingLine { tax: Some((code, base)), ..self }
    }
    /// Stands for this amount of another currency, which the caller has converted; its sign is
    /// ignored, the side is the line's.
    #[must_use]
    pub fn foreign(self, amount: Money) -> Self {
        PostingLine { foreign: Some(amount), ..self }
    }
    /// Says what the line is for.
    #[must_use]
    pub fn text(self, text: Name) -> Self {
        PostingLine { text, ..self }
    }
}

/// A business event in figures: what the ledger is asked to enter.
#[derive(Clone, Debug)]
pub struct Posting {
    /// The journal; it also says which area's periods apply.
    pub journal: JournalCode,
    /// Accounting date.
    pub date: Date,
    /// The date on the document.
    pub document_date: Date,
    /// What makes the entry: `billing_invoice`, `stock_move` …
    pub source: &'static str,
    /// The document.
    pub source_id: Option<Id<()>>,
    /// The document's number.
    pub reference: Name,
    /// What happened.
    pub text: Name,
    /// The lines; those of zero are dropped.
    pub lines: Vec<PostingLine>,
    /// The entry it takes back; use [`super::api::reverse`] unless the lines differ.
    pub reverses: Option<Id<Entry>>,
    /// Whether a closed period moves the accounting date to the first open day instead of refusing.
    pub late: bool,
}

impl Posting {
    /// A posting of `lines` on `date`, which is also the document date.
    pub fn new(journal: JournalCode, date: Date, source: &'static str, lines: Vec<PostingLine>) -> Self {
        let (reference, text) = (Name::default(), Name::default());
        Posting { journal, date, document_date: date, source, source_id: None, reference, text, lines, reverses: None, late: false }
    }
    /// Says which document it is of, and its number.
    #[must_use]
    pub fn document<T>(self, id: Id<T>, reference: Name) -> Self {
        Posting { source_id: Some(id.cast()), reference, ..self }
    }
    /// Says what happened.
    #[must_use]
    pub fn text(self, text: Name) -> Self {
        Posting { text, ..self }
    }
}

/// What was entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// The entry.
    pub id: Id<Entry>,
    /// Its number, gapless in journal and fiscal year; none where the books do not hold the ledger.
    pub number: Option<i64>,
    /// The accounting date it got; later than asked when its period was closed.
    pub date: Date,
    /// The journal.
    pub journal: JournalCode,
}

/// What settles what: the open items of one entry by those of another.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// One entry: an invoice's.
    pub entry: Id<Entry>,
    /// The other: a credit note's, payment's or reversal's.
    pub against: Id<Entry>,
    /// How much at most, in base currency; as much as both have open when absent.
    pub amount: Option<Minor>,
    /// When.
    pub date: Date,
}
