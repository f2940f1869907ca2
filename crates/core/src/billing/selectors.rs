//! Questions about invoices: what posting a draft would do, and everything about a document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::compose::compose;
use super::document::Document;
use super::draft::Draft;
use super::model::{Header, Kind, State};
use super::post::ledger_lines;
use crate::db::Tx;
use crate::ledger::api::Accounts;
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
        let document = match compose(tx, cx, &self.draft, Id::from_bytes([0; 16])) {
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
            "lines": lines(tx, &document)?,
            "entry": entry(tx, &document)?,
            "moves": moves(tx, &document)?,
            "problems": super::rules::broken(&document).iter().map(crate::shared::Error::to_json).collect::<Vec<_>>(),
        }))
    }
}

fn lines(tx: &mut Tx<'_>, document: &Document) -> Result<Vec<Value>> {
    let mut all = Vec::with_capacity(document.lines.len());
    for line in &document.lines {
        let on_hand = line.item.map(|item| crate::inventory::api::on_hand(tx, item)).transpose()?;
        all.push(json!({
            "name": line.name, "net": line.net, "tax_code": line.tax_code, "tax_category": line.tax_category, "tax_rate": line.tax_rate,
            "unit": line.unit, "unit_price": line.entered_price, "includes_tax": line.includes_tax, "on_hand": on_hand,
        }));
    }
    Ok(all)
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
        let open = header.entry.map(|entry| crate::ledger::api::open_amount(tx, entry)).transpose()?;
        let reversed_by: Option<(Id<Header>, String)> =
            tx.opt("SELECT id, number FROM billing_document WHERE reverses = ?1 AND state = 'posted'", vals![id])?;
        let can = allowed(header, reversed_by.is_some());
        Ok(json!({
            "invoice": header, "lines": document.lines, "adjustments": document.adjustments, "tax_rows": document.tax_rows,
            "parties": document.parties, "details": document.details, "identifiers": document.identifiers, "files": document.files, "open": open,
            "draft": super::typed::read(tx, id)?,
            "reversed_by": reversed_by.map(|(id, number)| json!({ "id": id, "number": number })),
            "can": can, "why_not": {},
        }))
    }
}

fn allowed(header: &Header, reversed: bool) -> Vec<&'static str> {
    match header.state {
        State::Draft => vec!["billing.save_draft", "billing.post_draft", "billing.discard_draft"],
        State::Posted if reversed || header.reverses.is_some() => Vec::new(),
        State::Posted if header.kind == Kind::Invoice => vec!["billing.reverse_invoice", "billing.credit_invoice"],
        State::Posted => vec!["billing.reverse_invoice"],
    }
}
