//! One line of the document as a row of the table.

use super::columns::{Column, Columns, Figures};
use super::desk::Desk;
use super::display::{Owner, Strip, height};
use super::styles;
use super::tags::{Role, TagId};
use crate::document::Line;
use crate::shaping::{Ink, Run};

const PADDING: f32 = 4.5;

/// A measured row: one strip per line of text.
pub(crate) struct Row {
    pub strips: Vec<Strip>,
    pub height: f32,
    pub net: i64,
}

/// Sets one line of the document.
pub(crate) fn measure(desk: &mut Desk<'_>, columns: &Columns, table: TagId, line: &Line, figures: &Figures) -> Row {
    let row = desk.tag(table, Role::Row);
    let position = desk.wrap(styles::BODY, &line.position, columns.position.width());
    let item = item_lines(desk, line, columns.item.width());
    let mut strips = empty_strips(&item, position.len());
    let owner = desk.owner(row, Role::Cell);
    down(&mut strips, owner, columns.position, position);
    let owner = desk.owner(row, Role::Cell);
    down(&mut strips, owner, columns.item, item);
    figure(desk, &mut strips, row, columns, columns.quantity, &figures.quantity);
    if let Some(unit) = columns.unit {
        let runs = desk.wrap(styles::BODY, &line.unit, unit.width());
        let owner = desk.owner(row, Role::Cell);
        down(&mut strips, owner, unit, runs);
    }
    figure(desk, &mut strips, row, columns, columns.price, &figures.price);
    if let Some(vat) = columns.vat {
        figure(desk, &mut strips, row, columns, vat, &figures.vat);
    }
    figure(desk, &mut strips, row, columns, columns.amount, &figures.net);
    frame(desk, &mut strips);
    Row { height: height(&strips), strips, net: line.net }
}

/// Name, code and description, then what was taken off or added.
fn item_lines(desk: &mut Desk<'_>, line: &Line, width: f32) -> Vec<Run> {
    let mut runs = desk.wrap(styles::BODY, &line.name, width);
    let code = line.item_code.as_ref().filter(|code| !code.is_empty());
    let code = code.map(|code| format!("{} {code}", desk.words.item_code));
    let description = line.description.as_ref().filter(|text| !text.trim().is_empty());
    let details: Vec<String> = code.into_iter().chain(description.cloned()).collect();
    if !details.is_empty() {
        runs.extend(desk.wrap(styles::SOFT, &details.join("  ·  "), width));
    }
    for adjustment in &line.adjustments {
        let amount = desk.money(adjustment.signed());
        let text = format!("{}: {amount}", adjustment.text);
        runs.extend(desk.wrap(styles::SOFT, &text, width));
    }
    runs
}

fn empty_strips(item: &[Run], least: usize) -> Vec<Strip> {
    let mut strips: Vec<Strip> = item.iter().map(|run| Strip::new(styles::leading(run.style))).collect();
    while strips.len() < least {
        strips.push(Strip::new(styles::leading(styles::BODY)));
    }
    strips
}

/// One run per strip; a column with more runs than strips makes the row longer.
fn down(strips: &mut Vec<Strip>, owner: Owner, column: Column, runs: Vec<Run>) {
    for (index, run) in runs.into_iter().enumerate() {
        if strips.len() == index {
            strips.push(Strip::new(styles::leading(run.style)));
        }
        if let Some(strip) = strips.get_mut(index) {
            let y = styles::ascent(run.style);
            strip.text(owner, column.left, y, run);
        }
    }
}

fn figure(desk: &mut Desk<'_>, strips: &mut [Strip], row: TagId, columns: &Columns, column: Column, text: &str) {
    let owner = desk.owner(row, Role::Cell);
    let run = desk.line(columns.figure, text);
    if let Some(strip) = strips.first_mut() {
        strip.text_right(owner, column.right, styles::ascent(styles::BODY), run);
    }
}

/// Space above and below, and a hairline under the row.
fn frame(desk: &Desk<'_>, strips: &mut [Strip]) {
    if let Some(first) = strips.first_mut() {
        let mut padded = Strip::new(first.height + PADDING);
        padded.absorb(first, PADDING);
        *first = padded;
    }
    if let Some(last) = strips.last_mut() {
        last.height += PADDING;
        let (left, width) = (desk.grid.left, desk.grid.content_width());
        last.fill(left, last.height - 0.5, width, 0.5, Ink::Faint);
    }
}
