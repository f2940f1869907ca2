//! The foot of every page, the head of the following ones, and what lies behind the text.

use super::desk::Desk;
use super::display::{Mark, Owner, Shape, Strip, height};
use super::styles;
use super::tags::Role;
use crate::shaping::{Ink, Style};

const COLUMN_GAP: f32 = 18.0;

/// The measured feet.
pub(crate) struct Feet {
    /// Who the seller is; on the first page only.
    firm: Strip,
    /// The paper's own foot line.
    own: Vec<Strip>,
    /// Where the body ends on the first page and on the others.
    pub first_bottom: f32,
    pub next_bottom: f32,
}

/// Measures the feet, so that the pages know where to end.
pub(crate) fn measure(desk: &mut Desk<'_>) -> Feet {
    let firm = firm(desk);
    let own = own(desk);
    let next_bottom = desk.grid.foot - 21.0 - height(&own);
    Feet { first_bottom: next_bottom - firm.height, next_bottom, firm, own }
}

fn own(desk: &mut Desk<'_>) -> Vec<Strip> {
    let Some(text) = desk.paper.footer.as_ref().filter(|t| !t.trim().is_empty()) else {
        return Vec::new();
    };
    let width = desk.grid.content_width();
    let center = desk.grid.left + width / 2.0;
    let lines = desk.wrap(styles::FOOT, text, width);
    let strip = |run: crate::shaping::Run| {
        let mut strip = Strip::new(10.0);
        strip.text(Owner::Artifact, center - run.width / 2.0, 7.0, run);
        strip
    };
    lines.into_iter().map(strip).collect()
}

/// Three columns: address, contact, registration.
fn firm(desk: &mut Desk<'_>) -> Strip {
    let columns: Vec<Vec<(Style, String)>> = firm_columns(desk).into_iter().filter(|column| !column.is_empty()).collect();
    let mut strip = Strip::new(0.0);
    let (left, total) = (desk.grid.left, desk.grid.content_width());
    let widths = column_widths(desk, &columns, total);
    strip.fill(left, 10.0, total, 0.5, Ink::Faint);
    let mut x = left;
    for (column, width) in columns.into_iter().zip(widths) {
        let owner = Owner::Tag(desk.section(Role::Paragraph));
        let mut y = 22.0;
        for (style, text) in column {
            for run in desk.wrap(style, &text, width) {
                strip.text(owner, x, y, run);
                y += 9.6;
            }
        }
        strip.height = strip.height.max(y);
        x += width + COLUMN_GAP;
    }
    strip
}

fn firm_columns(desk: &Desk<'_>) -> [Vec<(Style, String)>; 3] {
    let (seller, words) = (&desk.paper.seller, desk.words);
    let plain = |text: &String| (styles::FOOT, text.clone());
    let labelled = |label: &str, text: &Option<String>| text.as_ref().map(|text| (styles::FOOT, format!("{label} {text}")));
    let address = std::iter::once((styles::FOOT_NAME, seller.name.clone())).chain(seller.address.iter().map(plain));
    let contact = [&seller.contact, &seller.phone, &seller.email];
    let registered =
        seller.registration.as_ref().map(plain).into_iter().chain(labelled(words.vat_id, &seller.vat_id)).chain(labelled(words.tax_number, &seller.tax_number));
    [address.collect(), contact.into_iter().flatten().map(plain).collect(), registered.collect()]
}

/// What the columns want if that fits, with the spare room between them; else equal shares.
fn column_widths(desk: &mut Desk<'_>, columns: &[Vec<(Style, String)>], total: f32) -> Vec<f32> {
    let count = columns.iter().fold(0.0_f32, |count, _| count + 1.0);
    let room = total - COLUMN_GAP * (count - 1.0);
    let natural: Vec<f32> = columns.iter().map(|column| column.iter().fold(0.0_f32, |w, (style, text)| w.max(desk.line(*style, text).width))).collect();
    let spare = room - natural.iter().sum::<f32>();
    if spare < 0.0 {
        return natural.iter().map(|_| room / count).collect();
    }
    let between = if count > 1.0 { (spare / (count - 1.0)).min(70.0) } else { 0.0 };
    natural.into_iter().map(|width| width + between + 0.01).collect()
}

/// Adds feet, running heads and the marker to finished pages.
pub(crate) fn draw(desk: &mut Desk<'_>, feet: &Feet, pages: &mut [Vec<Mark>]) {
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        let mut over = Strip::new(0.0);
        if index == 0 {
            over.absorb(&feet.firm, feet.first_bottom);
            folds(desk, &mut over);
        } else {
            running_head(desk, &mut over);
        }
        page_foot(desk, feet, index + 1, count, &mut over);
        page.extend(over.marks);
        if let Some(marker) = marker(desk) {
            page.insert(0, marker);
        }
    }
}

fn page_foot(desk: &mut Desk<'_>, feet: &Feet, page: usize, count: usize, over: &mut Strip) {
    let mut y = feet.next_bottom + 8.0;
    for strip in &feet.own {
        over.absorb(strip, y);
        y += strip.height;
    }
    let words = desk.words;
    let text = format!("{} {page} {} {count}", words.page, words.of);
    let run = desk.line(styles::PAGE, &text);
    over.text_right(Owner::Artifact, desk.grid.right, desk.grid.foot, run);
    let marker = desk.paper.marker.iter().map(|marker| format!("{marker}  ·  ")).collect::<String>();
    let text = format!("{marker}{} {}", words.title(desk.paper.kind), desk.paper.number);
    let room = desk.grid.content_width() - 90.0;
    let run = desk.typesetter.clip(styles::PAGE, &text, room);
    over.text(Owner::Artifact, desk.grid.left, desk.grid.foot, run);
}

/// Who and what, on the pages after the first.
fn running_head(desk: &mut Desk<'_>, over: &mut Strip) {
    let y = desk.grid.next_top - 26.0;
    let name = desk.paper.seller.name.as_str();
    let date = desk.format.date(desk.paper.issue_date);
    let date = desk.line(styles::PAGE, &date);
    let room = desk.grid.content_width() - date.width - 20.0;
    let run = desk.typesetter.clip(styles::PAGE, name, room);
    over.text(Owner::Artifact, desk.grid.left, y, run);
    over.text_right(Owner::Artifact, desk.grid.right, y, date);
    over.fill(desk.grid.left, y + 7.0, desk.grid.content_width(), 0.5, Ink::Faint);
}

fn folds(desk: &Desk<'_>, over: &mut Strip) {
    for (index, y) in desk.grid.folds.iter().enumerate() {
        let length = if index == 1 { 14.0 } else { 9.0 };
        over.fill(13.0, *y, length, 0.4, Ink::Faint);
    }
}

/// Large pale text across the page of a document that does not count.
fn marker(desk: &mut Desk<'_>) -> Option<Mark> {
    let text = desk.paper.marker.as_ref().filter(|text| !text.trim().is_empty())?;
    let (cos, sin) = (0.6, 0.8);
    let natural = desk.line(styles::MARKER, text).width.max(1.0);
    let size = (styles::MARKER.size * 620.0 / natural).clamp(20.0, 150.0);
    let run = desk.line(Style { size, ..styles::MARKER }, text);
    let (half, rise) = (run.width / 2.0, size * 0.35);
    let x = desk.grid.width / 2.0 - half * cos + rise * sin;
    let y = desk.grid.height / 2.0 + half * sin + rise * cos;
    Some(Mark { owner: Owner::Artifact, x, y, shape: Shape::Outlines { run, cos, sin } })
}
