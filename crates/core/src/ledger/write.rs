//! Posting, step by step: drop zeros, find accounts, check, find the day, number, write lines, seal
//! them with their entry, keep the aggregates.

use super::accounts::{Accounts, check_postable};
use super::model::{Account, Entry, Journal, JournalCode, Line};
use super::posting::{Posted, Posting, PostingLine};
use super::{balances, numbers, open_items, periods};
use crate::db::Tx;
use crate::identity::Company;
use crate::shared::error::{Error, Kind, Result};
use crate::shared::{Code, Context, Date, Id, Minor, Name};

/// A posting whose source is known by name only (reversals repeat the source of their entry).
pub(super) struct Draft {
    pub journal: JournalCode,
    pub date: Date,
    pub document_date: Date,
    pub source: Code,
    pub source_id: Option<Id<()>>,
    pub reference: Name,
    pub text: Name,
    pub lines: Vec<PostingLine>,
    pub reverses: Option<Id<Entry>>,
    pub late: bool,
}

/// Enters a posting of another module.
pub(super) fn post(tx: &mut Tx<'_>, cx: &mut Context, posting: Posting) -> Result<Posted> {
    let Posting { journal, date, document_date, source, source_id, reference, text, lines, reverses, late } = posting;
    let source = Code::new(source)?;
    enter(tx, cx, Draft { journal, date, document_date, source, source_id, reference, text, lines, reverses, late })
}

/// A line whose account is found.
struct Resolved<'a> {
    account: &'a Account,
    line: PostingLine,
}

pub(super) fn enter(tx: &mut Tx<'_>, cx: &mut Context, mut draft: Draft) -> Result<Posted> {
    let company = crate::identity::api::company(tx)?;
    let mut lines = std::mem::take(&mut draft.lines);
    lines.retain(|line| !line.amount.is_zero());
    check_balance(&lines, &company)?;
    let accounts = Accounts::chart(tx)?;
    let lines = resolve(&accounts, lines, &company, draft.reverses.is_some())?;
    let journal = journal(tx, draft.journal)?;
    let id: Id<Entry> = cx.id("journal_entry");
    let taxed = lines.iter().any(|resolved| resolved.line.tax.is_some());
    let date = periods::accounting_date(tx, cx, &draft, id, taxed)?;
    if !tx.holds::<Entry>() {
        return Ok(Posted { id, number: None, date, journal: draft.journal });
    }
    let (year, number) = numbers::take(tx, cx, journal.id, date, company.fiscal_month, id)?;
    let rows = rows(id, date, &company, lines)?;
    let entry = Entry {
        id,
        journal: journal.id,
        year,
        number,
        date,
        document_date: draft.document_date,
        recorded_at: cx.now,
        source: draft.source,
        source_id: draft.source_id,
        reference: draft.reference,
        text: draft.text,
        reverses: draft.reverses,
    };
    tx.insert_all(rows.iter().map(|(line, _)| line))?;
    tx.insert(&entry)?;
    balances::add(tx, &rows)?;
    open_items::open(tx, &entry, &rows)?;
    Ok(Posted { id, number: Some(number), date, journal: draft.journal })
}

/// `entry.empty` without lines, `entry.unbalanced` unless Σ debit = Σ credit.
fn check_balance(lines: &[PostingLine], company: &Company) -> Result<()> {
    if lines.is_empty() {
        return Err(Error::invalid("entry.empty").field("lines"));
    }
    let difference = Minor::sum(lines.iter().map(|line| line.amount))?;
    if difference.is_zero() {
        return Ok(());
    }
    let debit = Minor::sum(lines.iter().map(|line| line.amount).filter(|amount| *amount > Minor::ZERO))?;
    let show = |amount: Minor| format!("{} {}", amount.abs().display(company.currency), company.currency);
    let larger = if difference > Minor::ZERO { "debit" } else { "credit" };
    let error = Error::invalid("entry.unbalanced").arg("difference", show(difference)).arg("larger", larger);
    Err(error.arg("debit", show(debit)).arg("credit", show(debit.minus(difference)?)).field("lines"))
}

fn resolve<'a>(accounts: &'a Accounts, lines: Vec<PostingLine>, company: &Company, allow_archived: bool) -> Result<Vec<Resolved<'a>>> {
    let mut resolved = Vec::with_capacity(lines.len());
    for (place, line) in lines.into_iter().enumerate() {
        let named = |e: Error| e.field("account").within(format!("lines[{place}]"));
        let account = accounts.get(&line.account).map_err(named)?;
        check_postable(account, allow_archived).map_err(named)?;
        check_line(account, &line, company).map_err(|e| e.within(format!("lines[{place}]")))?;
        resolved.push(Resolved { account, line });
    }
    Ok(resolved)
}

fn check_line(account: &Account, line: &PostingLine, company: &Company) -> Result<()> {
    let currency = line.foreign.map_or(company.currency, |money| money.currency);
    if account.by_party && line.party.is_none() {
        return Err(Error::invalid("entry.party_required").arg("account", &account.code).arg("name", &account.name).field("party"));
    }
    if account.currency.is_some_and(|own| own != currency) {
        let own = account.currency.map(|own| own.to_string()).unwrap_or_default();
        return Err(Error::invalid("account.currency").arg("account", &account.code).arg("own", own).arg("found", currency).field("currency"));
    }
    Ok(())
}

fn journal(tx: &mut Tx<'_>, code: JournalCode) -> Result<Journal> {
    let journals = tx.whole::<Journal>()?;
    journals.iter().find(|journal| journal.code.as_str() == code.word()).cloned().ok_or_else(|| Error::new(Kind::State, "journal.missing").arg("journal", code))
}

/// A line as it is stored, and whether it makes an open item.
pub(super) type Row = (Line, bool);

fn rows(entry: Id<Entry>, date: Date, company: &Company, lines: Vec<Resolved<'_>>) -> Result<Vec<Row>> {
    let largest = |debit: bool| {
        let side = lines.iter().filter(|r| (r.line.amount > Minor::ZERO) == debit);
        side.fold(None, |best: Option<&Resolved<'_>>, next| match best {
            Some(best) if best.line.amount.abs() >= next.line.amount.abs() => Some(best),
            _ => Some(next),
        })
    };
    let (debited, credited) = (largest(true).map(|r| r.account.id), largest(false).map(|r| r.account.id));
    let mut rows = Vec::with_capacity(lines.len());
    for (n, Resolved { account, line }) in (1_i64..).zip(lines) {
        let is_debit = line.amount > Minor::ZERO;
        let (tax, tax_base) = line.tax.unzip();
        let row = Line {
            entry,
            n,
            account: account.id,
            date,
            party: line.party,
            debit: if is_debit { line.amount } else { Minor::ZERO },
            credit: if is_debit { Minor::ZERO } else { line.amount.negated() },
            currency: line.foreign.map_or(company.currency, |money| money.currency),
            foreign_amount: line.foreign.map(|money| money.amount.abs()),
            text: line.text,
            tax,
            tax_base,
            due_date: line.due_date,
            counter_account: if is_debit { credited } else { debited },
        };
        rows.push((row, account.by_party));
    }
    Ok(rows)
}
