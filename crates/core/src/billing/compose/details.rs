//! What repeats and is plain text: notes, earlier invoices, accounts, supporting documents, classes, attributes.

use crate::billing::document::{Document, subject_kind};
use crate::billing::draft::{Draft, LineDraft};
use crate::billing::model::{Detail, DetailKind, Header};
use crate::db::Tx;
use crate::files::Attachment;
use crate::identity::Company;
use crate::shared::error::{Error, Result};
use crate::shared::{Context, Id, Name, Note};

/// The details of one document or line, numbered by kind.
struct Details {
    document: Id<Header>,
    line: i64,
    rows: Vec<Detail>,
}

impl Details {
    fn of(document: Id<Header>, line: i64) -> Self {
        Details { document, line, rows: Vec::new() }
    }
    fn add(&mut self, kind: DetailKind, code: &str, text: &str, extra: &str) -> Result<()> {
        let n = (1_i64..).zip(self.rows.iter().filter(|row| row.kind == kind)).last().map_or(1, |(n, _)| n + 1);
        let (document, line) = (self.document, self.line);
        self.rows.push(Detail { document, kind, line, n, code: Name::new(code)?, text: Note::new(text)?, extra: Name::new(extra)?, subject: None });
        Ok(())
    }
}

/// What the whole document says.
pub fn of_document(draft: &Draft, document: Id<Header>, company: &Company) -> Result<Vec<Detail>> {
    let mut all = Details::of(document, 0);
    if !draft.note.is_empty() {
        all.add(DetailKind::Note, "", &draft.note, "")?;
    }
    for (place, note) in draft.notes.iter().enumerate() {
        note.text.required("text").map_err(|e| e.within(format!("notes[{place}]")))?;
        all.add(DetailKind::Note, &note.subject, &note.text, "")?;
    }
    accounts(&mut all, draft, company)?;
    // The invoice of these books that a credit note is about stands first; it is added when it was read.
    for (place, before) in draft.preceding_references.iter().enumerate() {
        before.number.required("number").map_err(|e| e.within(format!("preceding_references[{place}]")))?;
        all.add(DetailKind::Preceding, &before.number, &before.date.map(|date| date.to_string()).unwrap_or_default(), "")?;
    }
    for (place, attached) in draft.attachments.iter().enumerate() {
        // BR-52: a supporting document has a reference.
        attached.reference.required("reference").map_err(|e| e.within(format!("attachments[{place}]")))?;
        all.add(DetailKind::Attachment, &attached.reference, &attached.description, &attached.url)?;
    }
    Ok(all.rows)
}

/// The files of supporting documents (BT-125), each at the place of its detail.
pub fn files(tx: &mut Tx<'_>, cx: &Context, draft: &Draft, document: Id<Header>) -> Result<Vec<Attachment>> {
    let mut all = Vec::new();
    for (n, (place, attached)) in (1_i64..).zip(draft.attachments.iter().enumerate()) {
        let Some(file) = &attached.file else { continue };
        crate::files::api::check(tx, cx, file).map_err(|e| e.within(format!("attachments[{place}].file")))?;
        all.push(Attachment::of(subject_kind(), document, n, file, false));
    }
    Ok(all)
}

/// Accounts to pay to (BG-17): the draft's, else the company's.
fn accounts(all: &mut Details, draft: &Draft, company: &Company) -> Result<()> {
    let given = draft.payment.as_ref().map(|payment| payment.accounts.as_slice()).unwrap_or_default();
    for (place, account) in given.iter().enumerate() {
        // BR-50: an account to pay to has a number.
        account.account.required("account").map_err(|e| e.within(format!("payment.accounts[{place}]")))?;
        all.add(DetailKind::Account, &account.account, &account.name, &account.bic)?;
    }
    if given.is_empty() && !company.iban.is_empty() {
        all.add(DetailKind::Account, &company.iban, &company.bank_name, &company.bic)?;
    }
    Ok(())
}

/// What a line says of its item: classes (BT-158), which need a scheme (BR-65), and attributes (BG-32),
/// which need name and value (BR-54).
pub fn of_line(document: Id<Header>, line: i64, draft: &LineDraft) -> Result<Vec<Detail>> {
    let mut all = Details::of(document, line);
    for (place, class) in draft.classes.iter().enumerate() {
        let at = |e: Error| e.within(format!("classes[{place}]"));
        class.code.required("code").map_err(at)?;
        class.scheme.required("scheme").map_err(at)?;
        all.add(DetailKind::Class, &class.code, &class.scheme, &class.version)?;
    }
    for (place, attribute) in draft.attributes.iter().enumerate() {
        let at = |e: Error| e.within(format!("attributes[{place}]"));
        attribute.name.required("name").map_err(at)?;
        attribute.value.required("value").map_err(at)?;
        all.add(DetailKind::Attribute, &attribute.name, &attribute.value, "")?;
    }
    Ok(all.rows)
}

/// Adds what a credit note says of the invoice of these books that it is about (BG-3): before all others.
pub fn precede(document: &mut Document, before: &Header) -> Result<()> {
    let mut first = Details::of(document.header.id, 0);
    first.add(DetailKind::Preceding, &before.number, &before.issue_date.to_string(), "")?;
    document.details.iter_mut().filter(|row| row.kind == DetailKind::Preceding && row.line == 0).for_each(|row| row.n += 1);
    document.details.extend(first.rows.into_iter().map(|row| Detail { subject: Some(before.id.cast()), ..row }));
    Ok(())
}
