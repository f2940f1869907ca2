//! Fixed places of the two paper formats.
//!
//! A4 follows DIN 5008 form B: the address shows in the window of a DL or C6/5 envelope, the
//! information block stands beside it, the folds are marked. Letter fits a no. 10 window.

use crate::document::PageSize;

/// Fixed places of a paper format, in points.
pub(crate) struct Grid {
    pub width: f32,
    pub height: f32,
    pub left: f32,
    pub right: f32,
    /// Top of the letterhead.
    pub head: f32,
    /// Baseline of the sender's line above the address.
    pub sender: f32,
    /// Baseline of the first line of the address.
    pub address: f32,
    /// Widest line of the address the window shows.
    pub address_width: f32,
    /// Left edge and first baseline of the information block.
    pub info: f32,
    pub info_top: f32,
    /// Baseline of the title, unless something above it is taller.
    pub title: f32,
    /// Where the body begins on the pages after the first.
    pub next_top: f32,
    /// Lowest baseline of the foot.
    pub foot: f32,
    /// Short lines at the left edge: where to fold and to punch.
    pub folds: &'static [f32],
}

const A4: Grid = Grid {
    width: 595.276,
    height: 841.89,
    left: 70.87,
    right: 538.58,
    head: 36.0,
    sender: 165.0,
    address: 181.0,
    address_width: 220.0,
    info: 354.33,
    info_top: 149.0,
    title: 291.0,
    next_top: 76.0,
    foot: 810.0,
    folds: &[297.64, 420.94, 595.28],
};

const LETTER: Grid = Grid {
    width: 612.0,
    height: 792.0,
    left: 63.0,
    right: 549.0,
    head: 36.0,
    sender: 137.0,
    address: 153.0,
    address_width: 240.0,
    info: 360.0,
    info_top: 137.0,
    title: 266.0,
    next_top: 76.0,
    foot: 760.0,
    folds: &[],
};

impl Grid {
    pub fn of(size: PageSize) -> &'static Self {
        match size {
            PageSize::A4 => &A4,
            PageSize::Letter => &LETTER,
        }
    }

    pub fn content_width(&self) -> f32 {
        self.right - self.left
    }
}
