//! Questions about invoices: what posting a draft would do, and everything about a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::api::composed;
use super::document::Document;
use super::draft::{Draft, LineDraft};
use super::model::{Header, Kind, Line, State};
use super::post::ledger_lines;
use super::services::{check_creditable, check_reversible};
use crate::db::Tx;
use crate::ledger::api::Accounts;
use crate::shared::error::Kind as ErrorKind;
use crate::shared::{Context, Id, Minor, Permission, Query, Result};
use crate::vals;

/// What a draft comes to, and what posting it would enter and move.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// What it says now.
    pub draft: Draft,
}

impl Query for Preview {
    const NAME: &'static str = "billing.preview";
    const NEEDS: Permission = Permission::Read;
    type Output = Value;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<Value> {
        let document = match composed(tx, cx, &self.draft) {
            Ok(document) => document,
            Err(problem) => return Ok(json!({ "totals": null, "tax_rows": [], "lines": [], "entry": [], "moves": [], "problems": [problem.to_json()] })),
        };
        let header = &document.header;
        Ok(json!({
            "currency": header.currency,
            "totals": {
                "lines_net": header.lines_net, "allowances": header.allowances, "charges": header.charges, "net": header.net, "tax": header.tax,
                "gross": header.gross, "prepaid": header.prepaid, "rounding": header.rounding, "payable": header.payable,
            },
            "due_date": header.due_date, "issue_date": header.issue_date, "country": header.country,
            "tax_rows": document.tax_rows,
            "lines": lines(tx, &self.draft, &document)?,
            "entry": entry(tx, &document)?,
            "moves": moves(tx, &document)?,
            "problems": super::rules::broken(&document).iter().map(crate::shared::Error::to_json).collect::<Vec<_>>(),
        }))
    }
}

fn lines(tx: &mut Tx<'_>, draft: &Draft, document: &Document) -> Result<Vec<Value>> {
    let mut all = Vec::with_capacity(document.lines.len());
    for (typed, line) in draft.lines.iter().zip(&document.lines) {
        let on_hand = line.item.map(|item| crate::inventory::api::on_hand(tx, item)).transpose()?;
        all.push(json!({
            "name": line.name, "net": line.net, "tax_code": line.tax_code, "tax_category": line.tax_category, "tax_rate": line.tax_rate,
            "unit": line.unit, "unit_price": line.entered_price, "includes_tax": line.includes_tax, "on_hand": on_hand,
            "price_source": price_source(typed, line),
        }));
    }
    Ok(all)
}

/// Where the price of a line comes from: typed, a price list, or the item itself.
fn price_source(typed: &LineDraft, line: &Line) -> &'static str {
    match (typed.unit_price, line.price_row) {
        (Some(_), _) => "typed",
        (None, Some(_)) => "list",
        (None, None) => "item",
    }
}

fn entry(tx: &mut Tx<'_>, document: &Document) -> Result<Vec<Value>> {
    let company = crate::identity::api::company(tx)?;
    let accounts = Accounts::load(tx)?;
    let mut all = Vec::new();
    for line in ledger_lines(&company, document)?.into_iter().filter(|line| !line.amount.is_zero()) {
        let account = accounts.get(&line.account)?;
        let (debit, credit) = if line.amount > Minor::ZERO { (line.amount, Minor::ZERO) } else { (Minor::ZERO, line.amount.abs()) };
        all.push(json!({ "account": account.code, "name": account.name, "debit": debit, "credit": credit }));
    }
    Ok(all)
}

fn moves(tx: &mut Tx<'_>, document: &Document) -> Result<Vec<Value>> {
    if !document.header.moves_stock {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for line in document.lines.iter().filter(|line| !line.base_quantity.is_zero()) {
        let Some(id) = line.item else { continue };
        let item = crate::catalog::api::item(tx, id)?;
        if item.kind != crate::tax::ItemKind::Goods {
            continue;
        }
        let out = (document.header.kind == Kind::Invoice) != line.base_quantity.is_negative();
        let (from, to) = if out { ("store", "customer") } else { ("customer", "store") };
        all.push(json!({ "item": item.code, "name": item.name, "quantity": line.base_quantity.abs(), "from": from, "to": to }));
    }
    Ok(all)
}

/// A document with all its rows, what was typed while it is a draft, and what may be done with it now.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Invoice {
    /// The document …
    pub id: Option<Id<Header>>,
    /// … or its number.
    pub number: Option<String>,
}

impl Query for Invoice {
    const NAME: &'static str = "billing.invoice";
    const NEEDS: Permission = Permission::Read;
    type Output = Value;
    fn run(self, tx: &mut Tx<'_>, _: &mut Context) -> Result<Value> {
        let missing = || crate::shared::Error::new(crate::shared::Kind::NotFound, "document.unknown").arg("number", self.number.clone().unwrap_or_default());
        let id = match (self.id, &self.number) {
            (Some(id), _) => id,
            (None, Some(number)) => super::api::by_number(tx, number)?.ok_or_else(missing)?.id,
            (None, None) => return Err(missing()),
        };
        let document = Document::read(tx, id)?;
        let header = &document.header;
        let open = header.entry.map(|entry| crate::ledger::api::open_amount(tx, entry)).transpose()?.flatten();
        let reversed_by: Option<(Id<Header>, String)> =
            tx.opt("SELECT id, number FROM billing_document WHERE reverses = ?1 AND state = 'posted'", vals![id])?;
        let why_not = refusals(tx, header)?;
        let can: Vec<&str> = actions(header).iter().copied().filter(|action| !why_not.contains_key(*action)).collect();
        Ok(json!({
            "invoice": header, "lines": document.lines, "adjustments": document.adjustments, "tax_rows": document.tax_rows,
            "parties": document.parties, "details": document.details, "identifiers": document.identifiers, "files": document.files, "open": open,
            "draft": super::typed::read(tx, id)?,
            "reversed_by": reversed_by.map(|(id, number)| json!({ "id": id, "number": number })),
            "can": can, "why_not": why_not,
        }))
    }
}

/// What may be done with a document in its state.
fn actions(header: &Header) -> &'static [&'static str] {
    match header.state {
        State::Draft => &["billing.save_draft", "billing.post_draft", "billing.discard_draft"],
        State::Posted => &["billing.reverse_invoice", "billing.credit_invoice"],
    }
}

/// Which of them would be refused now, and the error that says why.
fn refusals(tx: &mut Tx<'_>, header: &Header) -> Result<Map<String, Value>> {
    let mut why_not = Map::new();
    if header.state == State::Draft {
        return Ok(why_not);
    }
    if let Err(error) = check_creditable(header) {
        why_not.insert("billing.credit_invoice".to_owned(), error.to_json());
    }
    match check_reversible(tx, header) {
        Err(error) if error.kind() == ErrorKind::State => {
            why_not.insert("billing.reverse_invoice".to_owned(), error.to_json());
            why_not.entry("billing.credit_invoice").or_insert_with(|| error.to_json());
            Ok(why_not)
        }
        checked => checked.map(|()| why_not),
    }
}
