//! What every part of the layout works with.

use super::display::{Owner, Strip};
use super::grid::Grid;
use super::styles;
use super::tags::{Role, TagId, Tags};
use crate::document::InvoicePaper;
use crate::fonts::Fonts;
use crate::format::Format;
use crate::shaping::{Run, Style, Typesetter};
use crate::words::Words;

/// The document on the desk, with the tools to set it.
pub(crate) struct Desk<'a> {
    pub paper: &'a InvoicePaper,
    pub words: &'static Words,
    pub format: Format,
    pub grid: &'static Grid,
    pub typesetter: Typesetter<'a>,
    tags: Tags,
}

impl<'a> Desk<'a> {
    pub fn new(paper: &'a InvoicePaper, fonts: &'a Fonts) -> Self {
        Self {
            paper,
            words: Words::of(&paper.language),
            format: Format::of(&paper.language),
            grid: Grid::of(paper.page),
            typesetter: Typesetter::new(fonts),
            tags: Tags::default(),
        }
    }

    pub fn take_tags(&mut self) -> Tags {
        std::mem::take(&mut self.tags)
    }

    pub fn line(&mut self, style: Style, text: &str) -> Run {
        self.typesetter.line(style, text)
    }

    pub fn wrap(&mut self, style: Style, text: &str, width: f32) -> Vec<Run> {
        self.typesetter.wrap(style, text, width)
    }

    pub fn tag(&mut self, parent: TagId, role: Role) -> TagId {
        self.tags.add(parent, role)
    }

    /// A node directly below the document.
    pub fn section(&mut self, role: Role) -> TagId {
        self.tags.add(Tags::ROOT, role)
    }

    pub fn describe(&mut self, tag: TagId, text: String) {
        self.tags.describe(tag, text);
    }

    pub fn owner(&mut self, parent: TagId, role: Role) -> Owner {
        Owner::Tag(self.tag(parent, role))
    }

    pub fn money(&self, minor: impl Into<i128>) -> String {
        self.format.money(minor, &self.paper.currency)
    }

    /// A paragraph as strips of one line each.
    pub fn paragraph(&mut self, tag: TagId, style: Style, text: &str, x: f32, width: f32) -> Vec<Strip> {
        let lines = self.wrap(style, text, width);
        let strip = |run| {
            let mut strip = Strip::new(styles::leading(style));
            strip.text(Owner::Tag(tag), x, styles::ascent(style), run);
            strip
        };
        lines.into_iter().map(strip).collect()
    }
}
