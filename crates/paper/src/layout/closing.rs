//! Below the sums: how to pay, and what else is to be said.

use super::desk::Desk;
use super::display::{Owner, Strip};
use super::pages::Block;
use super::styles;
use super::tags::{Role, TagId};
use crate::document::{BankAccount, Kind, Statement};

const ROW_HEIGHT: f32 = 13.5;

/// Where the values of the account stand, and those of statements, whose labels are longer.
const ACCOUNT_INDENT: f32 = 88.0;
const STATEMENT_INDENT: f32 = 118.0;

/// The blocks below the sums.
pub(crate) fn measure(desk: &mut Desk<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(payment(desk));
    blocks.extend(statements(desk));
    blocks.extend(notes(desk));
    blocks
}

fn payment(desk: &mut Desk<'_>) -> Option<Block> {
    let paper = desk.paper;
    let terms = paper.payment_terms.as_ref().filter(|terms| !terms.trim().is_empty());
    let owed = paper.kind == Kind::Invoice && paper.totals.payable > 0;
    let bank = paper.seller.bank.as_ref().filter(|_| owed);
    if terms.is_none() && bank.is_none() {
        return None;
    }
    let mut strips = vec![heading(desk, desk.words.payment)];
    if let Some(terms) = terms {
        let tag = desk.section(Role::Paragraph);
        strips.extend(text(desk, tag, terms));
    }
    if let Some(bank) = bank {
        strips.extend(terms.map(|_| Strip::new(5.0)));
        strips.extend(account(desk, bank));
    }
    Some(Block { gap: 22.0, strips, breakable: false })
}

fn account(desk: &mut Desk<'_>, bank: &BankAccount) -> Vec<Strip> {
    let words = desk.words;
    let rows = [
        (words.iban, Some(grouped_iban(&bank.iban))),
        (words.bic, bank.bic.clone()),
        (words.bank, bank.bank_name.clone()),
        (words.reference, Some(desk.paper.number.clone())),
    ];
    let table = desk.section(Role::Table);
    let mut strips = Vec::new();
    for (label, value) in rows {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            strips.extend(labelled_row(desk, table, label, &value, ACCOUNT_INDENT));
        }
    }
    strips
}

fn labelled_row(desk: &mut Desk<'_>, table: TagId, label: &str, value: &str, indent: f32) -> Vec<Strip> {
    let row = desk.tag(table, Role::Row);
    let left = desk.grid.left;
    let owner = desk.owner(row, Role::RowHeader);
    let label = desk.line(styles::LABEL, label);
    let width = desk.grid.content_width() - indent;
    let tag = desk.tag(row, Role::Cell);
    let mut strips = Vec::new();
    for run in desk.wrap(styles::BODY, value, width) {
        let mut strip = Strip::new(ROW_HEIGHT);
        strip.text(Owner::Tag(tag), left + indent, 10.0, run);
        strips.push(strip);
    }
    if let Some(first) = strips.first_mut() {
        first.text(owner, left, 10.0, label);
        first.marks.rotate_right(1);
    }
    strips
}

/// Groups of four, as printed on paper.
fn grouped_iban(iban: &str) -> String {
    let mut grouped = String::new();
    for (index, character) in iban.chars().filter(|c| !c.is_whitespace()).enumerate() {
        if index > 0 && index.is_multiple_of(4) {
            grouped.push(' ');
        }
        grouped.push(character);
    }
    grouped
}

/// What is stated beside the figures, each behind its label.
fn statements(desk: &mut Desk<'_>) -> Option<Block> {
    let paper = desk.paper;
    if paper.statements.is_empty() {
        return None;
    }
    let table = desk.section(Role::Table);
    let mut strips = Vec::new();
    for statement in &paper.statements {
        let (label, value) = labelled(desk, statement);
        strips.extend(labelled_row(desk, table, &label, &value, STATEMENT_INDENT));
    }
    Some(Block { gap: 14.0, strips, breakable: true })
}

fn labelled(desk: &Desk<'_>, statement: &Statement) -> (String, String) {
    let words = desk.words;
    let said = |label: &str, text: &String| (label.to_owned(), text.clone());
    match statement {
        Statement::Period { from, to } => {
            let day = |date: &Option<_>| date.map(|date| desk.format.date(date)).unwrap_or_default();
            (words.period.to_owned(), format!("{} – {}", day(from), day(to)).trim().to_owned())
        }
        Statement::Project(text) => said(words.project, text),
        Statement::Contract(text) => said(words.contract, text),
        Statement::Despatch(text) => said(words.despatch, text),
        Statement::Payee(text) => said(words.payee, text),
        Statement::TaxRepresentative(text) => said(words.tax_representative, text),
        Statement::VatIn { tax, currency } => (format!("{} {}", words.vat_in, currency.code), desk.format.money(*tax, currency)),
        Statement::Remittance(text) => said(words.reference, text),
        Statement::Preceding(text) => said(words.preceding, text),
        Statement::Attached(text) => said(words.attached, text),
    }
}

fn notes(desk: &mut Desk<'_>) -> Option<Block> {
    let notes: Vec<&String> = desk.paper.notes.iter().filter(|note| !note.trim().is_empty()).collect();
    if notes.is_empty() {
        return None;
    }
    let mut strips = Vec::new();
    for (index, note) in notes.into_iter().enumerate() {
        let tag = desk.section(Role::Paragraph);
        strips.extend((index > 0).then(|| Strip::new(5.0)));
        strips.extend(text(desk, tag, note));
    }
    Some(Block { gap: 14.0, strips, breakable: true })
}

fn heading(desk: &mut Desk<'_>, words: &str) -> Strip {
    let owner = Owner::Tag(desk.section(Role::Subheading));
    let run = desk.line(styles::HEADING, words);
    let mut strip = Strip::new(17.0);
    strip.text(owner, desk.grid.left, 10.0, run);
    strip
}

fn text(desk: &mut Desk<'_>, tag: TagId, text: &str) -> Vec<Strip> {
    let (left, width) = (desk.grid.left, desk.grid.content_width());
    desk.paragraph(tag, styles::BODY, text, left, width)
}
