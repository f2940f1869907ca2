//! Posts an entry written by hand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EntryPosted;
use crate::db::Tx;
use crate::ledger::api;
use crate::ledger::model::JournalCode;
use crate::ledger::posting::{AccountRef, Posting, PostingLine};
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Result};
use crate::shared::{Code, Context, Date, Id, Minor, Name, Permission};

/// What marks entries written by hand.
pub(super) const MANUAL: &str = "manual";

/// Posts an entry written by hand: at least two lines, debit equals credit.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct PostEntry {
    /// Accounting date.
    pub date: Date,
    /// The date on the document; the accounting date when absent.
    pub document_date: Option<Date>,
    /// The document's number.
    #[serde(default)]
    pub reference: Name,
    /// What happened.
    pub text: Name,
    /// `GEN`, `BNK` or `OPN`; general when absent.
    pub journal: Option<JournalCode>,
    /// The lines.
    pub lines: Vec<EntryLine>,
}

/// A line: debit or credit.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct EntryLine {
    /// The account's number or id.
    pub account: Code,
    /// Customer or supplier; receivable and payable lines need one.
    pub party: Option<Id<()>>,
    /// Debit in base currency.
    pub debit: Option<Minor>,
    /// Credit in base currency.
    pub credit: Option<Minor>,
    /// What the line is for.
    #[serde(default)]
    pub text: Name,
    /// When it is to be paid.
    pub due_date: Option<Date>,
    /// Tax code.
    pub tax: Option<Code>,
    /// The amount the tax is of.
    pub tax_base: Option<Minor>,
}

impl Command for PostEntry {
    const NAME: &'static str = "ledger.post_entry";
    const NEEDS: Permission = Permission::Account;
    const CLASS: Class = Class::Fact;
    type Output = EntryPosted;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<EntryPosted> {
        self.text.required("text")?;
        let journal = self.journal.unwrap_or(JournalCode::General);
        if !matches!(journal, JournalCode::General | JournalCode::Bank | JournalCode::Opening) {
            return Err(Error::invalid("journal.by_documents").arg("journal", journal).field("journal"));
        }
        if self.lines.len() < 2 {
            return Err(Error::invalid("entry.too_few_lines").field("lines"));
        }
        let mut lines = Vec::with_capacity(self.lines.len());
        for (place, line) in self.lines.into_iter().enumerate() {
            lines.push(line.posting(tx).map_err(|e| e.within(format!("lines[{place}]")))?);
        }
        let posting = Posting::new(journal, self.date, MANUAL, lines).text(self.text);
        let document_date = self.document_date.unwrap_or(self.date);
        let posted = api::post(tx, cx, Posting { reference: self.reference, document_date, ..posting })?;
        EntryPosted::of(&posted)
    }
}

impl EntryLine {
    fn posting(self, tx: &mut Tx<'_>) -> Result<PostingLine> {
        let (debit, credit) = (self.debit.unwrap_or_default(), self.credit.unwrap_or_default());
        let (larger, field) = if debit < Minor::ZERO { (debit, "debit") } else { (credit, "credit") };
        if larger < Minor::ZERO {
            return Err(Error::invalid("entry.negative").field(field));
        }
        match (debit.is_zero(), credit.is_zero()) {
            (true, true) => return Err(Error::invalid("entry.zero_line").field("debit")),
            (false, false) => return Err(Error::invalid("entry.both_sides").field("credit")),
            _ => {}
        }
        self.account.required("account")?;
        let account = Id::parse(&self.account).map_or_else(|_| AccountRef::Code(self.account.clone()), AccountRef::Id);
        let party = match self.party {
            Some(party) => Some(crate::parties::api::resolve(tx, party.cast()).map_err(|e| e.field("party"))?.id.cast()),
            None => None,
        };
        let tax = self.tax.map(|code| (code, self.tax_base.unwrap_or_default()));
        let amount = debit.minus(credit)?;
        Ok(PostingLine { account, amount, party, due_date: self.due_date, tax, foreign: None, text: self.text })
    }
}
