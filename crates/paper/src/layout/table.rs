//! The table of lines: its head, its rows, and the sums carried from page to page.

use super::columns::{self, Column, Columns};
use super::desk::Desk;
use super::display::{Owner, Strip};
use super::rows::{self, Row};
use super::tags::{Role, TagId};
use super::{columns::INSET, styles};
use crate::shaping::Ink;

const HEAD_HEIGHT: f32 = 21.0;
pub(crate) const CARRY_HEIGHT: f32 = 20.0;

/// The measured table.
pub(crate) struct Table {
    /// The head as it stands first, and as it is repeated.
    pub head: Strip,
    pub repeated_head: Strip,
    pub rows: Vec<Row>,
}

/// First pass: every row gets its height.
pub(crate) fn measure(desk: &mut Desk<'_>) -> Table {
    let figures = columns::figures(desk);
    let columns = columns::measure(desk, &figures);
    let tag = desk.section(Role::Table);
    let head_row = desk.tag(tag, Role::Row);
    let head = head(desk, &columns, Some(head_row));
    let repeated_head = self::head(desk, &columns, None);
    let lines = desk.paper.lines.iter().zip(&figures);
    let rows = lines.map(|(line, f)| rows::measure(desk, &columns, tag, line, f)).collect();
    Table { head, repeated_head, rows }
}

fn head(desk: &mut Desk<'_>, columns: &Columns, row: Option<TagId>) -> Strip {
    let words = desk.words;
    let amount = format!("{} {}", words.amount, desk.paper.currency.code);
    let mut strip = Strip::new(HEAD_HEIGHT + 2.0);
    let (left, width) = (desk.grid.left, desk.grid.content_width());
    strip.fill(left, 0.0, width, HEAD_HEIGHT, Ink::Tint);
    let mut cell = |text: &str, column: Column, from_left: bool| {
        let owner = row.map_or(Owner::Artifact, |row| desk.owner(row, Role::ColumnHeader));
        let run = desk.line(styles::COLUMN, text);
        let x = if from_left { column.left } else { column.right - run.width };
        strip.text(owner, x, 13.6, run);
    };
    cell(words.position, columns.position, true);
    cell(words.description, columns.item, true);
    cell(words.quantity, columns.quantity, false);
    columns.unit.into_iter().for_each(|unit| cell(words.unit, unit, true));
    cell(words.unit_price, columns.price, false);
    columns.vat.into_iter().for_each(|vat| cell(words.vat, vat, false));
    cell(&amount, columns.amount, false);
    strip
}

/// The sum so far, at the foot of a page or at the head of the next.
pub(crate) fn carry(desk: &mut Desk<'_>, label: &str, sum: i128, rule_below: bool) -> Strip {
    let mut strip = Strip::new(CARRY_HEIGHT);
    let right = desk.grid.right - INSET;
    let text = desk.money(sum);
    let amount = desk.line(styles::STRONG, &text);
    let label = desk.line(styles::LABEL, label);
    strip.text_right(Owner::Artifact, right - amount.width - 14.0, 13.2, label);
    strip.text_right(Owner::Artifact, right, 13.2, amount);
    if rule_below {
        let (left, width) = (desk.grid.left, desk.grid.content_width());
        strip.fill(left, CARRY_HEIGHT - 0.5, width, 0.5, Ink::Faint);
    }
    strip
}
