//! Posting: number, ledger, goods and the frozen document, in one transaction.

use std::collections::BTreeMap;

use super::document::Document;
use super::model::{Header, Kind, Line, State};
use crate::db::Tx;
use crate::identity::Company;
use crate::inventory::api::{Goods, LocationKind};
use crate::ledger::api::{AccountRef, JournalCode, Posting, PostingLine, Role, Settlement, credit, debit};
use crate::numbering::api::Request;
use crate::shared::error::{Error, Result};
use crate::shared::round::{pow10, round_div};
use crate::shared::{Code, Context, Id, Minor, Name, Rate};
use crate::tax::ItemKind;

/// How the goods of a document move when it is posted.
pub enum GoodsMove {
    /// As its lines say.
    ByLines,
    /// The moves of this document, the other way, at the cost they had.
    Reverse(Id<Header>),
}

/// Posts a composed document: `old` is its draft, when the books hold one. Returns the final document.
pub fn post(tx: &mut Tx<'_>, cx: &mut Context, mut document: Document, old: Option<&Document>, imported: Option<&Name>, goods: &GoodsMove) -> Result<Document> {
    let company = crate::identity::api::company(tx)?;
    mark_rates(tx, &document)?;
    document.header.state = State::Posted;
    document.header.recorded_at = cx.now;
    document.files.iter_mut().for_each(|file| file.kept = true);
    let said = document.content_hash();
    document.header.number = number(tx, cx, &document.header, &said, imported)?;
    enter(tx, cx, &company, &mut document)?;
    document.header.content_hash = Code::new(&document.content_hash())?;
    match old {
        Some(old) => document.replace(tx, old)?,
        None => document.insert(tx)?,
    }
    if document.header.moves_stock {
        move_goods(tx, cx, &document, goods)?;
    }
    let header = &document.header;
    cx.emit("billing.posted", header.id, serde_json::json!({"kind": header.kind, "number": header.number}));
    Ok(document)
}

/// Legal numbers: `26-A-0042` for invoices, `26-A-C0007` for credit notes.
fn number(tx: &mut Tx<'_>, cx: &mut Context, header: &Header, content: &str, imported: Option<&Name>) -> Result<Name> {
    let pattern = if header.kind == Kind::Invoice { "{yy}-{device}-{n}" } else { "{yy}-{device}-C{n}" };
    let request =
        Request { document: header.kind.word(), pattern, date: header.issue_date, subject: header.id.cast(), content, imported: imported.map(Name::as_str) };
    crate::numbering::api::issue(tx, cx, &request)
}

/// Enters the document into the ledger, unless it comes to nothing.
fn enter(tx: &mut Tx<'_>, cx: &mut Context, company: &Company, document: &mut Document) -> Result<()> {
    let lines = ledger_lines(company, document)?;
    if lines.iter().all(|line| line.amount.is_zero()) {
        return Ok(());
    }
    let header = &document.header;
    let mut posting = Posting::new(JournalCode::Sales, header.accounting_date, "billing_invoice", lines)
        .document(header.id, header.number.clone())
        .text(header.party_name.clone());
    posting.document_date = header.issue_date;
    let posted = crate::ledger::api::post(tx, cx, posting)?;
    document.header.entry = Some(posted.id);
    document.header.accounting_date = posted.date;
    Ok(())
}

/// The journal lines of a document: receivable against revenue and VAT. A credit note has the other
/// signs. Pure, so that the editor shows exactly what posting will enter.
pub fn ledger_lines(company: &Company, document: &Document) -> Result<Vec<PostingLine>> {
    let header = &document.header;
    let book = Book { header, digits: company.currency.digits(), foreign: header.currency != company.currency };
    let mut lines = vec![book.line(Role::Receivable, header.payable, None)?.of(header.party).due(header.due_date.unwrap_or(header.issue_date))];
    lines.push(book.line(Role::PrepaymentReceived, header.prepaid, None)?.of(header.party));
    lines.push(book.line(Role::Rounding, header.rounding.negated(), None)?);
    for ((account, code), net) in revenue(document)? {
        let account = if account.is_empty() { AccountRef::Role(Role::Sales) } else { AccountRef::Code(account) };
        lines.push(book.line(account, net.negated(), Some(&code))?);
    }
    for adjustment in document.adjustments.iter().filter(|a| a.line == 0) {
        let row = document.tax_rows.iter().find(|row| row.category == adjustment.tax_category && row.rate == adjustment.tax_rate);
        let code = row.map(|row| row.code.clone()).unwrap_or_default();
        let (role, amount) = if adjustment.charge { (Role::FreightOut, adjustment.amount.negated()) } else { (Role::SalesDiscount, adjustment.amount) };
        lines.push(book.line(role, amount, Some(&code))?);
    }
    for row in &document.tax_rows {
        let base = book.base(row.base)?;
        lines.push(book.line(Role::OutputTax, row.tax.negated(), None)?.taxed(row.code.clone(), base));
    }
    book.close(lines)
}

/// Revenue by account and tax code.
fn revenue(document: &Document) -> Result<BTreeMap<(Code, Code), Minor>> {
    let mut sums: BTreeMap<(Code, Code), Minor> = BTreeMap::new();
    for line in &document.lines {
        let sum = sums.entry((line.revenue_account.clone(), line.tax_code.clone())).or_default();
        *sum = sum.plus(line.net)?;
    }
    Ok(sums)
}

/// Turns document amounts into ledger amounts: sign of the kind, base currency.
struct Book<'a> {
    header: &'a Header,
    digits: u32,
    foreign: bool,
}

impl Book<'_> {
    /// A debit of a document amount (credit when negative), in base currency.
    fn line(&self, account: impl Into<AccountRef>, amount: Minor, tax: Option<&Code>) -> Result<PostingLine> {
        let mut line = debit(account, self.base(amount)?);
        if self.foreign {
            line = line.foreign(crate::shared::Money { amount: amount.abs(), currency: self.header.currency });
        }
        // Revenue is a credit; the base of its tax counts it as positive.
        Ok(match tax {
            Some(code) if !code.is_empty() => line.taxed(code.clone(), self.base(amount.negated())?),
            _ => line,
        })
    }
    /// A document amount in base currency, with the sign of an invoice or a credit note.
    fn base(&self, amount: Minor) -> Result<Minor> {
        let signed = if self.header.kind == Kind::Invoice { amount } else { amount.negated() };
        if !self.foreign {
            return Ok(signed);
        }
        convert(signed, self.header.exchange_rate, self.header.currency.digits(), self.digits)
    }
    /// Puts what converting line by line left over on the rounding account.
    fn close(&self, mut lines: Vec<PostingLine>) -> Result<Vec<PostingLine>> {
        let rest = Minor::sum(lines.iter().map(|line| line.amount))?;
        if !rest.is_zero() {
            lines.push(credit(Role::Rounding, rest));
        }
        Ok(lines)
    }
}

/// An amount of one currency in another: × rate, rounded to the other's digits.
pub fn convert(amount: Minor, rate: Rate, from_digits: u32, to_digits: u32) -> Result<Minor> {
    let overflow = || Error::invalid("money.overflow").arg("value", amount.units());
    let scaled = i128::from(amount.units()).checked_mul(i128::from(rate.micros())).and_then(|v| v.checked_mul(pow10(to_digits))).ok_or_else(overflow)?;
    let units = round_div(scaled, 1_000_000 * pow10(from_digits)).ok_or_else(overflow)?;
    Minor::new(units)
}

/// Makes the tax rates that the document stands on final.
fn mark_rates(tx: &mut Tx<'_>, document: &Document) -> Result<()> {
    let header = &document.header;
    let date = header.tax_point_date.or(header.delivery_date).unwrap_or(header.issue_date);
    let mut taxes: Vec<_> = document.lines.iter().map(|line| line.tax).chain(document.adjustments.iter().filter_map(|a| a.tax)).collect();
    taxes.sort();
    taxes.dedup();
    taxes.into_iter().try_for_each(|tax| crate::tax::api::mark_rate_used_on(tx, tax, date))
}

/// Ships what was invoiced, takes back what was credited, and enters its cost.
fn move_goods(tx: &mut Tx<'_>, cx: &mut Context, document: &Document, goods: &GoodsMove) -> Result<()> {
    use crate::inventory::api;
    let header = &document.header;
    let date = header.delivery_date.unwrap_or(header.accounting_date);
    let moving = api::Document { source: "billing_invoice", id: header.id.cast(), date, reason: header.number.clone() };
    let effect = match goods {
        GoodsMove::Reverse(before) => api::reverse(tx, cx, before.cast(), &moving)?,
        GoodsMove::ByLines => {
            let (outward, inward) = sort_goods(tx, document)?;
            if outward.is_empty() && inward.is_empty() {
                return Ok(());
            }
            let store = api::location_of(tx, LocationKind::Storage)?;
            let customers = api::location_of(tx, LocationKind::Customer)?;
            let out = api::transfer(tx, cx, &moving, &store, &customers, &outward)?;
            let back = api::transfer(tx, cx, &moving, &customers, &store, &inward)?;
            api::both(out, back)?
        }
    };
    api::post_effect(tx, cx, &moving, effect, Role::CostOfGoods, &header.number)
}

/// The goods among the lines, by the way they go.
fn sort_goods(tx: &mut Tx<'_>, document: &Document) -> Result<(Vec<Goods>, Vec<Goods>)> {
    let (mut outward, mut inward) = (Vec::new(), Vec::new());
    let mut kinds = std::collections::HashMap::new();
    for line in &document.lines {
        let Some(item) = line.item else { continue };
        let kind = match kinds.get(&item) {
            Some(kind) => *kind,
            None => {
                let kind = crate::catalog::api::mark_used(tx, item)?.kind;
                kinds.insert(item, kind);
                kind
            }
        };
        if kind == ItemKind::Goods && !line.base_quantity.is_zero() {
            let goods = Goods { item, quantity: line.base_quantity.abs(), line: line.n, value: None };
            if leaves(document.header.kind, line) { outward.push(goods) } else { inward.push(goods) }
        }
    }
    Ok((outward, inward))
}

fn leaves(kind: Kind, line: &Line) -> bool {
    (kind == Kind::Invoice) != line.base_quantity.is_negative()
}

/// Lets what two documents leave open settle each other.
pub fn settle(tx: &mut Tx<'_>, cx: &mut Context, one: &Header, other: &Header) -> Result<()> {
    let (Some(entry), Some(against)) = (one.entry, other.entry) else {
        return Ok(());
    };
    let settlement = Settlement { entry, against, amount: None, date: one.accounting_date.max(other.accounting_date) };
    crate::ledger::api::settle(tx, cx, &settlement).map(drop)
}
