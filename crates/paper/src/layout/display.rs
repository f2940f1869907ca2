//! The display list: what is drawn where, and what it means.

use super::tags::{TagId, Tags};
use crate::shaping::{Ink, Run};

/// A finished document, independent of any file format.
pub(crate) struct Sheets {
    pub width: f32,
    pub height: f32,
    pub pages: Vec<Vec<Mark>>,
    pub tags: Tags,
}

/// Something drawn on a page.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub owner: Owner,
    pub x: f32,
    /// Baseline of text, top edge of everything else.
    pub y: f32,
    pub shape: Shape,
}

/// What a mark belongs to: a node of the document's structure, or nothing a reader needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Tag(TagId),
    /// Decoration, or text repeated for the page's sake.
    Artifact,
}

/// The form of a mark.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Text(Run),
    /// Text as mere shapes, along a direction given by cosine and sine.
    Outlines {
        run: Run,
        cos: f32,
        sin: f32,
    },
    Fill {
        width: f32,
        height: f32,
        ink: Ink,
    },
    Logo {
        width: f32,
        height: f32,
    },
}

/// A horizontal piece of a page that is never divided; `y` of its marks counts from its top.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    pub height: f32,
    pub marks: Vec<Mark>,
}

impl Strip {
    pub fn new(height: f32) -> Self {
        Self { height, marks: Vec::new() }
    }

    pub fn text(&mut self, owner: Owner, x: f32, y: f32, run: Run) {
        if !run.words.is_empty() {
            self.marks.push(Mark { owner, x, y, shape: Shape::Text(run) });
        }
    }

    pub fn text_right(&mut self, owner: Owner, right: f32, y: f32, run: Run) {
        self.text(owner, right - run.width, y, run);
    }

    pub fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        let shape = Shape::Fill { width, height, ink };
        self.marks.push(Mark { owner: Owner::Artifact, x, y, shape });
    }

    /// Puts a copy of another strip into this one.
    pub fn absorb(&mut self, other: &Strip, y: f32) {
        self.marks.extend(other.marks.iter().cloned().map(|mut mark| {
            mark.y += y;
            mark
        }));
    }
}

/// The height of strips stacked on each other.
pub(crate) fn height(strips: &[Strip]) -> f32 {
    strips.iter().map(|strip| strip.height).sum()
}
