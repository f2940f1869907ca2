//! Measures the columns of the table: figures get what they need, the description the rest.

use super::desk::Desk;
use super::styles;
use crate::document::{InvoicePaper, Line, MILLION};
use crate::shaping::Style;

/// Space between two columns, and between the table's edge and its text.
const GAP: f32 = 12.0;
pub(crate) const INSET: f32 = 6.0;
/// Narrower, the description would be unreadable: then the figures shrink.
const LEAST_ITEM: f32 = 150.0;
const WIDEST_UNIT: f32 = 72.0;
const SIZES: [f32; 4] = [9.0, 8.25, 7.5, 6.75];

/// The figures of one line, as printed.
pub(crate) struct Figures {
    pub quantity: String,
    pub price: String,
    pub vat: String,
    pub net: String,
}

/// Left and right edge of a column's text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Column {
    pub left: f32,
    pub right: f32,
}

impl Column {
    pub fn width(self) -> f32 {
        self.right - self.left
    }
}

/// The table's columns; `unit` and `vat` may be missing.
pub(crate) struct Columns {
    pub figure: Style,
    pub position: Column,
    pub item: Column,
    pub quantity: Column,
    pub unit: Option<Column>,
    pub price: Column,
    pub vat: Option<Column>,
    pub amount: Column,
}

/// The figures of every line.
pub(crate) fn figures(desk: &Desk<'_>) -> Vec<Figures> {
    desk.paper.lines.iter().map(|line| line_figures(desk, line)).collect()
}

fn line_figures(desk: &Desk<'_>, line: &Line) -> Figures {
    let format = desk.format;
    let mut price = format.price(line.unit_price, &desk.paper.currency);
    if line.price_base != MILLION {
        price = format!("{price} / {}", format.quantity(line.price_base));
    }
    let vat = match line.vat_category.as_str() {
        "S" => format.rate(line.vat_rate),
        "O" => "–".to_owned(),
        category => format!("{category} {}", format.rate(line.vat_rate)),
    };
    Figures { quantity: format.quantity(line.quantity), price, vat, net: desk.money(line.net) }
}

/// The columns for these figures.
pub(crate) fn measure(desk: &mut Desk<'_>, figures: &[Figures]) -> Columns {
    let mut columns = None;
    for size in SIZES {
        let fitting = with_size(desk, figures, size);
        let wide = fitting.item.width() >= LEAST_ITEM;
        columns = Some(fitting);
        if wide {
            break;
        }
    }
    columns.unwrap_or_else(|| with_size(desk, figures, 6.0))
}

fn with_size(desk: &mut Desk<'_>, figures: &[Figures], size: f32) -> Columns {
    let figure = Style { size, ..styles::BODY };
    let (paper, words) = (desk.paper, desk.words);
    let each = |pick: fn(&Figures) -> &str| figures.iter().map(pick).collect::<Vec<_>>();
    let mut right = desk.grid.right - INSET;
    let mut take = |width: f32| {
        let column = Column { left: right - width, right };
        right = column.left - GAP;
        column
    };
    let amount_label = format!("{} {}", words.amount, paper.currency.code);
    let amount = take(widest(desk, figure, &amount_label, &each(|f| &f.net)));
    let vat = has_vat(paper).then(|| take(widest(desk, figure, words.vat, &each(|f| &f.vat))));
    let price = take(widest(desk, figure, words.unit_price, &each(|f| &f.price)));
    let unit = has_units(paper).then(|| {
        let units: Vec<&str> = paper.lines.iter().map(|line| line.unit.as_str()).collect();
        take(widest(desk, styles::BODY, words.unit, &units).min(WIDEST_UNIT))
    });
    let quantity = take(widest(desk, figure, words.quantity, &each(|f| &f.quantity)));
    let item_right = right - 4.0;
    let positions: Vec<&str> = paper.lines.iter().map(|line| line.position.as_str()).collect();
    let left = desk.grid.left + INSET;
    let position_width = widest(desk, styles::BODY, words.position, &positions).min(60.0);
    let position = Column { left, right: left + position_width };
    let item = Column { left: position.right + GAP, right: item_right };
    Columns { figure, position, item, quantity, unit, price, vat, amount }
}

fn has_vat(paper: &InvoicePaper) -> bool {
    paper.lines.iter().any(|line| line.vat_category != "O")
}

fn has_units(paper: &InvoicePaper) -> bool {
    paper.lines.iter().any(|line| !line.unit.is_empty())
}

fn widest(desk: &mut Desk<'_>, style: Style, label: &str, texts: &[&str]) -> f32 {
    let label = desk.line(styles::COLUMN, label).width;
    texts.iter().fold(label, |widest, text| widest.max(desk.line(style, text).width))
}
