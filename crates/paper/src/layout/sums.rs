//! What it comes to: VAT table at the left, sums at the right, the amount to pay below.

use super::columns::INSET;
use super::desk::Desk;
use super::display::{Strip, height};
use super::pages::Block;
use super::tags::{Role, TagId};
use super::{styles, vat_table};
use crate::document::Kind;
use crate::shaping::{Ink, Style};

const ROW_HEIGHT: f32 = 15.5;
const PAYABLE_HEIGHT: f32 = 27.0;
const LEAST_WIDTH: f32 = 226.0;
const GUTTER: f32 = 26.0;
/// Higher than this, both halves are stacked, so that pages can end between their rows.
const HIGHEST: f32 = 420.0;

struct Sum {
    label: String,
    amount: String,
    style: Style,
}

/// The block of sums; it is kept on one page with the last lines of the table.
pub(crate) fn measure(desk: &mut Desk<'_>) -> Vec<Block> {
    let rows = rows(desk);
    let payable = payable(desk);
    let width = width(desk, &rows, &payable);
    let room = desk.grid.content_width() - width - GUTTER;
    let vat = vat_table::measure(desk, room.max(170.0));
    let sums = strips(desk, &rows, &payable, width);
    let stacked = vat.width > room || room < 170.0;
    let strips = if stacked || height(&vat.strips).max(height(&sums)) > HIGHEST {
        let gap = (!vat.strips.is_empty()).then(|| Strip::new(12.0));
        vat.strips.into_iter().chain(gap).chain(sums).collect()
    } else {
        vec![beside(&vat.strips, &sums)]
    };
    vec![Block { gap: 11.0, strips, breakable: false }]
}

fn rows(desk: &Desk<'_>) -> Vec<Sum> {
    let (paper, words) = (desk.paper, desk.words);
    let totals = &paper.totals;
    let mut rows = Vec::new();
    let mut row = |label: String, amount: i128, style| {
        rows.push(Sum { label, amount: desk.money(amount), style });
    };
    if !paper.adjustments.is_empty() {
        row(words.lines_total.to_owned(), totals.lines.into(), styles::BODY);
        for adjustment in &paper.adjustments {
            row(adjustment.text.clone(), adjustment.signed(), styles::BODY);
        }
    }
    let taxed = paper.vat.iter().any(|row| row.category != "O") || totals.vat != 0;
    if taxed {
        row(words.net_total.to_owned(), totals.net.into(), styles::BODY);
        row(vat_label(desk), totals.vat.into(), styles::BODY);
    }
    if totals.gross != totals.payable || totals.prepaid != 0 {
        row(words.gross_total.to_owned(), totals.gross.into(), styles::STRONG);
    }
    if totals.prepaid != 0 {
        row(words.prepaid.to_owned(), -i128::from(totals.prepaid), styles::BODY);
    }
    if totals.rounding != 0 {
        row(words.rounding.to_owned(), totals.rounding.into(), styles::BODY);
    }
    rows
}

fn vat_label(desk: &Desk<'_>) -> String {
    match desk.paper.vat.as_slice() {
        [only] => format!("{} {}", desk.words.vat, vat_table::rate(desk, only)),
        _ => desk.words.vat.to_owned(),
    }
}

fn payable(desk: &Desk<'_>) -> Sum {
    let (paper, words) = (desk.paper, desk.words);
    let label = match paper.kind {
        Kind::Invoice => words.payable,
        Kind::CreditNote => words.credited,
    };
    let amount = desk.format.money_with_currency(paper.totals.payable, &paper.currency);
    Sum { label: label.to_owned(), amount, style: styles::PAYABLE }
}

fn width(desk: &mut Desk<'_>, rows: &[Sum], payable: &Sum) -> f32 {
    let mut widest = LEAST_WIDTH;
    for sum in rows.iter().chain([payable]) {
        let label = desk.line(sum.style, &sum.label).width.min(190.0);
        let amount = desk.line(sum.style, &sum.amount).width;
        widest = widest.max(label + amount + 24.0 + 2.0 * INSET);
    }
    widest.min(desk.grid.content_width())
}

fn strips(desk: &mut Desk<'_>, rows: &[Sum], payable: &Sum, width: f32) -> Vec<Strip> {
    let table = desk.section(Role::Table);
    let mut strips: Vec<Strip> = Vec::new();
    for sum in rows {
        strips.extend(sum_row(desk, table, sum, width));
    }
    if !strips.is_empty() {
        strips.push(Strip::new(4.0));
    }
    strips.push(payable_row(desk, table, payable, width));
    strips
}

fn sum_row(desk: &mut Desk<'_>, table: TagId, sum: &Sum, width: f32) -> Vec<Strip> {
    let row = desk.tag(table, Role::Row);
    let (left, right) = (desk.grid.right - width + INSET, desk.grid.right - INSET);
    let amount = desk.line(sum.style, &sum.amount);
    let room = right - left - amount.width - 12.0;
    let label = desk.owner(row, Role::RowHeader);
    let figure = desk.owner(row, Role::Cell);
    let mut strips = Vec::new();
    for run in desk.wrap(sum.style, &sum.label, room) {
        let mut strip = Strip::new(if strips.is_empty() { ROW_HEIGHT } else { 12.0 });
        strip.text(label, left, strip.height - 5.0, run);
        strips.push(strip);
    }
    if let Some(first) = strips.first_mut() {
        first.text_right(figure, right, first.height - 5.0, amount);
    }
    strips
}

fn payable_row(desk: &mut Desk<'_>, table: TagId, sum: &Sum, width: f32) -> Strip {
    let row = desk.tag(table, Role::Row);
    let (left, right) = (desk.grid.right - width, desk.grid.right);
    let mut strip = Strip::new(PAYABLE_HEIGHT);
    strip.fill(left, 0.0, width, PAYABLE_HEIGHT, Ink::Tint);
    strip.fill(left, 0.0, width, 1.0, Ink::Accent);
    let label = Style { size: 10.0, ..sum.style };
    let owner = desk.owner(row, Role::RowHeader);
    let run = desk.line(label, &sum.label);
    strip.text(owner, left + INSET, 18.0, run);
    let owner = desk.owner(row, Role::Cell);
    let amount = desk.line(sum.style, &sum.amount);
    strip.text_right(owner, right - INSET, 18.0, amount);
    strip
}

/// Both halves as one strip, their tops aligned.
fn beside(left: &[Strip], right: &[Strip]) -> Strip {
    let mut whole = Strip::new(height(left).max(height(right)));
    for half in [left, right] {
        let mut y = 0.0;
        for strip in half {
            whole.absorb(strip, y);
            y += strip.height;
        }
    }
    whole
}
