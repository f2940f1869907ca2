//! Decides where everything stands, in two passes: measure every row, then fill pages.
//!
//! The result is a display list; nothing in here knows PDF. Lengths are points (1/72 inch),
//! y grows downwards from the top edge.
#![expect(clippy::float_arithmetic, reason = "page geometry; amounts are integers throughout")]

mod closing;
mod columns;
mod desk;
mod display;
mod feet;
mod grid;
mod head;
mod pages;
mod rows;
mod styles;
mod sums;
mod table;
mod tags;
mod vat_table;

pub(crate) use display::{Mark, Owner, Shape, Sheets};
pub(crate) use tags::{Role, TagId, Tags};

use crate::document::InvoicePaper;
use crate::fonts::Fonts;
use crate::picture::Picture;
use desk::Desk;

/// Lays a paper out on sheets.
pub(crate) fn lay_out(paper: &InvoicePaper, fonts: &Fonts, logo: Option<&Picture>) -> Sheets {
    let desk = &mut Desk::new(paper, fonts);
    let head = head::draw(desk, logo);
    let table = table::measure(desk);
    let mut blocks = sums::measure(desk);
    blocks.extend(closing::measure(desk));
    let feet = feet::measure(desk);
    let mut pages = pages::fill(desk, head, table, blocks, &feet);
    feet::draw(desk, &feet, &mut pages);
    Sheets { width: desk.grid.width, height: desk.grid.height, pages, tags: desk.take_tags() }
}
