//! Credits a posted invoice in part: chosen lines, chosen quantities, at the invoice's prices and VAT.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PostedDocument, check_creditable, check_reversible, posted};
use crate::billing::compose::{compose, precede};
use crate::billing::document::Document;
use crate::billing::draft::{AdjustmentDraft, Draft, LineDraft};
use crate::billing::model::{Header, Kind, Line};
use crate::billing::post::{GoodsMove, post, settle};
use crate::db::Tx;
use crate::shared::command::{Class, Command};
use crate::shared::error::{Error, Kind as ErrorKind, Result};
use crate::shared::{Context, Date, Id, Name, Note, Permission, Quantity};
use crate::vals;

/// Credits chosen lines of a posted invoice, at its prices and VAT.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct CreditInvoice {
    /// The invoice.
    pub id: Id<Header>,
    /// What is credited.
    pub lines: Vec<CreditLine>,
    /// Why.
    pub reason: Name,
    /// Date of the credit note; today when absent.
    pub date: Option<Date>,
    /// Whether the goods come back; they do when absent.
    pub goods_back: Option<bool>,
}

/// How much of a line is credited.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct CreditLine {
    /// The invoice's line number.
    pub line: i64,
    /// How much of it; all when absent.
    pub quantity: Option<Quantity>,
}

impl Command for CreditInvoice {
    const NAME: &'static str = "billing.credit_invoice";
    const NEEDS: Permission = Permission::Invoice;
    const CLASS: Class = Class::Fact;
    type Output = PostedDocument;
    fn run(self, tx: &mut Tx<'_>, cx: &mut Context) -> Result<PostedDocument> {
        self.reason.required("reason")?;
        let invoice = posted(tx, self.id)?;
        check_creditable(&invoice.header)?;
        check_reversible(tx, &invoice.header)?;
        let draft = self.draft(tx, &invoice)?;
        let id = cx.id("billing_document");
        let mut document = compose(tx, cx, &draft, id)?;
        precede(&mut document, &invoice.header)?;
        let document = post(tx, cx, document, None, None, &GoodsMove::ByLines)?;
        settle(tx, cx, &invoice.header, &document.header)?;
        Ok(PostedDocument::from(&document))
    }
}

impl CreditInvoice {
    fn draft(&self, tx: &mut Tx<'_>, invoice: &Document) -> Result<Draft> {
        let mut lines = Vec::with_capacity(self.lines.len());
        for (place, wanted) in self.lines.iter().enumerate() {
            let at = |e: Error| e.within(format!("lines[{place}]"));
            let line = invoice.lines.iter().find(|line| line.n == wanted.line);
            let line = line.ok_or_else(|| at(Error::new(ErrorKind::NotFound, "document.no_such_line").arg("line", wanted.line).field("line")))?;
            let left = line.quantity.minus(credited(tx, &invoice.header, line.n)?)?;
            let quantity = wanted.quantity.unwrap_or(left);
            if quantity.abs() > left.abs() || quantity.is_negative() != line.quantity.is_negative() {
                return Err(at(Error::new(ErrorKind::State, "document.credited_more").arg("left", left).arg("line", line.n).field("quantity")));
            }
            lines.push(credit_line(invoice, line, quantity));
        }
        let header = &invoice.header;
        let value = serde_json::json!({ "kind": Kind::CreditNote, "party": header.party, "lines": [] });
        let mut draft: Draft = crate::shared::command::read_args(value)?;
        draft.issue_date = self.date;
        draft.tax_point_date = header.tax_point_date;
        draft.delivery_date = header.delivery_date.or(Some(header.issue_date));
        draft.delivery_country = Some(header.country.clone());
        draft.currency = Some(header.currency);
        draft.exchange_rate = Some(header.exchange_rate);
        draft.buyer_reference = header.buyer_reference.clone();
        draft.order_reference = header.order_reference.clone();
        draft.note = Note::new(&self.reason)?;
        draft.moves_stock = Some(self.goods_back.unwrap_or(header.moves_stock));
        draft.language = Some(header.language.clone());
        draft.lines = lines;
        Ok(draft)
    }
}

/// How much of a line earlier credit notes took back.
fn credited(tx: &mut Tx<'_>, header: &Header, line: i64) -> Result<Quantity> {
    tx.one(include_str!("../sql/credited.sql"), vals![header.id, line.to_string()])
}

fn credit_line(invoice: &Document, line: &Line, quantity: Quantity) -> LineDraft {
    let mut draft = LineDraft {
        item: line.item,
        name: line.name.clone(),
        description: line.description.clone(),
        quantity: Some(quantity),
        unit: Some(line.unit.clone()),
        unit_price: Some(line.entered_price),
        price_base: Some(line.price_base),
        price_includes_tax: Some(line.includes_tax),
        tax: Some(line.tax_code.clone()),
        order_line: crate::shared::Code::fitted(&line.n.to_string()),
        ..LineDraft::default()
    };
    for adjustment in invoice.adjustments.iter().filter(|a| a.line == line.n) {
        let share = if adjustment.percent.is_some() { None } else { adjustment.amount.share(quantity.micros(), line.quantity.micros()).ok() };
        let copy = AdjustmentDraft { amount: share, percent: adjustment.percent, reason: adjustment.reason.clone(), ..AdjustmentDraft::default() };
        if adjustment.charge { draft.charges.push(copy) } else { draft.allowances.push(copy) }
    }
    draft
}
