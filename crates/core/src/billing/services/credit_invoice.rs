//! Credits a posted invoice in part: chosen lines, chosen quantities, at the invoice's prices and VAT.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PostedDocument, check_creditable, check_reversible, posted};
use crate::billing::compose::{compose, precede};
use crate::billing::document::Document;
use crate::billing::draft::{Draft, again, line_again};
use crate::billing::model::{Detail, DetailKind, Header, Kind};
use crate::billing::post::{GoodsMove, post, settle};
use crate::billing::rules;
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
        let document = Document::as_said(tx, cx, |tx, cx| {
            let mut document = compose(tx, cx, &draft, id)?;
            precede(&mut document, &invoice.header)?;
            self.trace(&mut document, &invoice.header)?;
            share_tax(&mut document, &invoice.header)?;
            rules::check_correction(&document, &invoice)?;
            Ok(document)
        })?;
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
            lines.push(line_again(invoice, line, quantity)?);
        }
        let header = &invoice.header;
        Ok(Draft {
            issue_date: self.date,
            delivery_date: header.delivery_date.or(Some(header.issue_date)),
            note: Note::new(&self.reason)?,
            moves_stock: Some(self.goods_back.unwrap_or(header.moves_stock)),
            lines,
            ..again(invoice, Kind::CreditNote)?
        })
    }

    /// Says on every line which line of the invoice it takes back.
    fn trace(&self, document: &mut Document, invoice: &Header) -> Result<()> {
        for (line, wanted) in (1_i64..).zip(&self.lines) {
            document.details.push(Detail {
                document: document.header.id,
                kind: DetailKind::Preceding,
                line,
                n: 1,
                code: invoice.number.clone(),
                text: Note::new(&invoice.issue_date.to_string())?,
                extra: Name::new(&wanted.line.to_string())?,
                subject: Some(invoice.id.cast()),
            });
        }
        Ok(())
    }
}

/// The part of the invoice's VAT, in the currency it is accounted in (BT-111), that is taken back.
fn share_tax(document: &mut Document, invoice: &Header) -> Result<()> {
    if let (Some(currency), Some(whole), false) = (invoice.tax_currency, invoice.tax_in_currency, invoice.tax.is_zero()) {
        document.header.tax_in_currency = Some(whole.share(document.header.tax.units(), invoice.tax.units())?);
        document.header.tax_currency = Some(currency);
    }
    Ok(())
}

/// How much of a line earlier credit notes took back.
fn credited(tx: &mut Tx<'_>, header: &Header, line: i64) -> Result<Quantity> {
    tx.one(include_str!("../sql/credited.sql"), vals![header.id, line.to_string()])
}
