//! The first page above the table: letterhead, address, information block, title.

use super::desk::Desk;
use super::display::{Mark, Owner, Shape, Strip};
use super::styles;
use super::tags::{Role, TagId};
use crate::document::Kind;
use crate::picture::Picture;

const LOGO_WIDTH: f32 = 190.0;
const LOGO_HEIGHT: f32 = 56.0;

/// Draws the head; the strip's height is where the body begins.
pub(crate) fn draw(desk: &mut Desk<'_>, logo: Option<&Picture>) -> Strip {
    let mut head = Strip::new(0.0);
    letterhead(desk, logo, &mut head);
    let address_end = address(desk, &mut head);
    let info_end = info(desk, &mut head);
    let title = desk.grid.title.max(address_end + 36.0).max(info_end + 32.0);
    let title_end = heading(desk, title, &mut head);
    head.height = deliver_to(desk, title_end, &mut head);
    head
}

fn letterhead(desk: &mut Desk<'_>, logo: Option<&Picture>, head: &mut Strip) {
    let (left, top) = (desk.grid.left, desk.grid.head);
    let name = desk.paper.seller.name.clone();
    if let Some((width, height)) = logo.map(logo_size) {
        let figure = desk.section(Role::Figure);
        desk.describe(figure, format!("{} {name}", desk.words.logo_of));
        let shape = Shape::Logo { width, height };
        head.marks.push(Mark { owner: Owner::Tag(figure), x: left, y: top, shape });
        return;
    }
    let tag = desk.section(Role::Paragraph);
    let width = desk.grid.content_width();
    let mut y = top;
    for run in desk.wrap(styles::NAME, &name, width).into_iter().take(3) {
        head.text(Owner::Tag(tag), left, y + styles::ascent(styles::NAME), run);
        y += styles::leading(styles::NAME);
    }
}

/// As large as fits the place for it, but not enlarged beyond 96 dots per inch.
fn logo_size(picture: &Picture) -> (f32, f32) {
    let side = |pixels: u32| u16::try_from(pixels.max(1)).map_or(f32::MAX, f32::from) * 0.75;
    let (width, height) = (side(picture.width), side(picture.height));
    let scale = (LOGO_WIDTH / width).min(LOGO_HEIGHT / height).min(1.0);
    (width * scale, height * scale)
}

fn address(desk: &mut Desk<'_>, head: &mut Strip) -> f32 {
    sender(desk, head);
    let tag = Owner::Tag(desk.section(Role::Paragraph));
    let buyer = &desk.paper.buyer;
    let (x, width) = (desk.grid.left, desk.grid.address_width);
    let mut y = desk.grid.address;
    let names = desk.typesetter.wrap(styles::ADDRESS_NAME, &buyer.name, width);
    let lines = buyer.address.iter().flat_map(|l| desk.typesetter.wrap(styles::ADDRESS, l, width));
    for run in names.into_iter().chain(lines.collect::<Vec<_>>()) {
        head.text(tag, x, y, run);
        y += 13.6;
    }
    y
}

/// The sender in one small line, for the post to return what it cannot deliver.
fn sender(desk: &mut Desk<'_>, head: &mut Strip) {
    let seller = &desk.paper.seller;
    let parts: Vec<&str> = std::iter::once(&seller.name).chain(&seller.address).map(String::as_str).collect();
    let (x, width) = (desk.grid.left, desk.grid.address_width);
    let lines = desk.wrap(styles::SENDER, &parts.join("  ·  "), width);
    let tag = Owner::Tag(desk.section(Role::Paragraph));
    let mut y = desk.grid.sender;
    for run in lines.into_iter().take(3).rev() {
        head.text(tag, x, y, run);
        y -= 8.5;
    }
}

/// Label and value pairs at the right of the address.
fn info(desk: &mut Desk<'_>, head: &mut Strip) -> f32 {
    let table = desk.section(Role::Table);
    let mut y = desk.grid.info_top;
    for (label, value) in info_rows(desk) {
        y = info_row(desk, table, label, &value, y, head);
    }
    y
}

fn info_row(desk: &mut Desk<'_>, table: TagId, label: &str, value: &str, y: f32, head: &mut Strip) -> f32 {
    let row = desk.tag(table, Role::Row);
    let (left, right) = (desk.grid.info, desk.grid.right);
    let label = desk.line(styles::LABEL, label);
    let room = (right - left - label.width - 10.0).max(70.0);
    let owner = desk.owner(row, Role::RowHeader);
    head.text(owner, left, y, label);
    let owner = desk.owner(row, Role::Cell);
    let mut y = y;
    for run in desk.wrap(styles::BODY, value, room) {
        head.text_right(owner, right, y, run);
        y += 14.2;
    }
    y
}

fn info_rows(desk: &Desk<'_>) -> Vec<(&'static str, String)> {
    let (paper, words) = (desk.paper, desk.words);
    let (number, date) = match paper.kind {
        Kind::Invoice => (words.invoice_number, words.invoice_date),
        Kind::CreditNote => (words.credit_note_number, words.credit_note_date),
    };
    let preceding = paper.preceding.as_ref().map(|p| match p.date {
        Some(date) => format!("{} {}\u{a0}{}", p.number, words.dated, desk.format.date(date)),
        None => p.number.clone(),
    });
    let rows = [
        (number, Some(paper.number.clone())),
        (date, Some(desk.format.date(paper.issue_date))),
        (words.delivery_date, paper.delivery_date.map(|d| desk.format.date(d))),
        (words.due_date, paper.due_date.map(|d| desk.format.date(d))),
        (words.preceding, preceding),
        (words.customer_number, paper.buyer.customer_number.clone()),
        (words.order_reference, paper.order_reference.clone()),
        (words.buyer_reference, paper.buyer_reference.clone()),
        (words.buyer_vat_id, paper.buyer.vat_id.clone()),
    ];
    let filled = |(label, value): (_, Option<String>)| value.filter(|value| !value.is_empty()).map(|value| (label, value));
    rows.into_iter().filter_map(filled).collect()
}

fn heading(desk: &mut Desk<'_>, y: f32, head: &mut Strip) -> f32 {
    let owner = Owner::Tag(desk.section(Role::Heading));
    let (left, width) = (desk.grid.left, desk.grid.content_width());
    let title = desk.line(styles::TITLE, desk.words.title(desk.paper.kind));
    let title_width = title.width;
    head.text(owner, left, y, title);
    let number = desk.wrap(styles::NUMBER, &desk.paper.number, width);
    let beside = number.len() == 1 && number.iter().all(|n| title_width + 8.0 + n.width <= width);
    let (x, mut y) = if beside { (left + title_width + 7.0, y) } else { (left, y + 25.0) };
    for run in number {
        head.text(owner, x, y, run);
        y += 25.0;
    }
    y - 25.0 + 16.0
}

fn deliver_to(desk: &mut Desk<'_>, y: f32, head: &mut Strip) -> f32 {
    let Some(place) = &desk.paper.deliver_to else { return y };
    let owner = Owner::Tag(desk.section(Role::Paragraph));
    let parts: Vec<&str> = std::iter::once(&place.name).chain(&place.address).map(String::as_str).collect();
    let label = desk.line(styles::LABEL, desk.words.deliver_to);
    let x = desk.grid.left + label.width + 10.0;
    let mut y = y + 5.0;
    head.text(owner, desk.grid.left, y, label);
    for run in desk.wrap(styles::BODY, &parts.join(", "), desk.grid.right - x) {
        head.text(owner, x, y, run);
        y += styles::leading(styles::BODY);
    }
    y + 1.0
}
