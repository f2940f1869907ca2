//! VAT by category and rate, and why none is charged.

use super::desk::Desk;
use super::display::Strip;
use super::styles;
use super::tags::{Role, TagId};
use crate::document::VatRow;
use crate::shaping::{Ink, Style};

const ROW_HEIGHT: f32 = 14.0;
const GAP: f32 = 14.0;

/// One row of the table as texts: rate, base, tax.
type Texts = [String; 3];

/// The strips and the width they need.
pub(crate) struct VatTable {
    pub strips: Vec<Strip>,
    pub width: f32,
}

/// The table if there is more than one row, then the reasons for exemptions.
pub(crate) fn measure(desk: &mut Desk<'_>, room: f32) -> VatTable {
    let mut strips = Vec::new();
    let mut width = 0.0;
    if desk.paper.vat.len() > 1 {
        let rows = texts(desk);
        let tag = desk.section(Role::Table);
        let edges = edges(desk, &rows, room);
        width = edges.last().map_or(0.0, |edge| edge - desk.grid.left);
        for (index, row) in rows.iter().enumerate() {
            strips.push(table_row(desk, tag, row, edges, index == 0));
        }
    }
    strips.extend(exemptions(desk, room, strips.is_empty()));
    VatTable { strips, width }
}

fn texts(desk: &Desk<'_>) -> Vec<Texts> {
    let words = desk.words;
    let head = [words.vat_rate, words.vat_base, words.vat_tax].map(str::to_owned);
    let row = |row: &VatRow| [rate(desk, row), desk.money(row.base), desk.money(row.tax)];
    std::iter::once(head).chain(desk.paper.vat.iter().map(row)).collect()
}

/// The rate, with the category unless it is the standard one.
pub(crate) fn rate(desk: &Desk<'_>, row: &VatRow) -> String {
    match row.category.as_str() {
        "S" => desk.format.rate(row.rate),
        "O" => "–".to_owned(),
        category => format!("{category} {}", desk.format.rate(row.rate)),
    }
}

/// Right edges of the three columns; the first one's text starts at the left margin.
fn edges(desk: &mut Desk<'_>, rows: &[Texts], room: f32) -> [f32; 3] {
    let mut widths = [0.0_f32; 3];
    for row in rows {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = width.max(desk.line(styles::STRONG, text).width);
        }
    }
    let [rate, base, tax] = widths;
    let spare = (room - rate - base - tax - 2.0 * GAP).clamp(0.0, 60.0) / 2.0;
    let first = desk.grid.left + rate;
    let second = first + GAP + spare + base;
    [first, second, second + GAP + spare + tax]
}

fn table_row(desk: &mut Desk<'_>, table: TagId, texts: &Texts, edges: [f32; 3], is_head: bool) -> Strip {
    let (role, style) = if is_head { (Role::ColumnHeader, styles::COLUMN) } else { (Role::Cell, BODY) };
    let row = desk.tag(table, Role::Row);
    let mut strip = Strip::new(if is_head { ROW_HEIGHT + 4.0 } else { ROW_HEIGHT });
    for (column, (text, edge)) in texts.iter().zip(edges).enumerate() {
        let owner = desk.owner(row, role);
        let run = desk.line(style, text);
        let x = if column == 0 { desk.grid.left } else { edge - run.width };
        strip.text(owner, x, 10.5, run);
    }
    if is_head {
        let [.., end] = edges;
        strip.fill(desk.grid.left, ROW_HEIGHT + 0.5, end - desk.grid.left, 0.5, Ink::Faint);
    }
    strip
}

const BODY: Style = Style { size: 8.5, ..styles::BODY };

fn exemptions(desk: &mut Desk<'_>, room: f32, first: bool) -> Vec<Strip> {
    let mut strips = Vec::new();
    for row in &desk.paper.vat {
        let Some(reason) = row.exemption.as_ref().filter(|reason| !reason.is_empty()) else {
            continue;
        };
        let text = match row.category.as_str() {
            "O" => reason.clone(),
            category => format!("{category}: {reason}"),
        };
        let text = if desk.paper.vat.len() > 1 { text } else { reason.clone() };
        let tag = desk.section(Role::Paragraph);
        let lines = desk.paragraph(tag, styles::SOFT, &text, desk.grid.left, room);
        strips.extend((!first || !strips.is_empty()).then(|| Strip::new(5.0)));
        strips.extend(lines);
    }
    strips
}
