//! Second pass: fills pages with what the first pass measured.

use super::desk::Desk;
use super::display::{Mark, Strip, height};
use super::feet::Feet;
use super::rows::Row;
use super::table::{self, CARRY_HEIGHT, Table};

/// Strips that follow the table.
pub(crate) struct Block {
    /// Space above, dropped at the top of a page.
    pub gap: f32,
    pub strips: Vec<Strip>,
    /// Whether a page may end inside it although it would fit on the next one.
    pub breakable: bool,
}

/// A page ending inside a breakable block leaves at least this many strips on it.
const FIRST_STRIPS: usize = 3;

/// Of a row that is divided, at least this height stands on its first page.
const TALL_START: f32 = 90.0;

/// Of a divided row that ends the table, so many lines stand on the page of the totals.
const LAST_STRIPS: usize = 2;

/// Above the rest of a row that began on the page before.
const REST_GAP: f32 = 5.0;

/// Fills as many pages as it takes.
pub(crate) fn fill(desk: &mut Desk<'_>, head: Strip, table: Table, blocks: Vec<Block>, feet: &Feet) -> Vec<Vec<Mark>> {
    let totals = blocks.first().map_or(0.0, |block| block.gap + height(&block.strips));
    let mut pages = Pages {
        y: head.height,
        bottom: feet.first_bottom,
        done: Vec::new(),
        page: head.marks,
        table,
        heads: 0,
        headed: false,
        carried: 0,
        next_bottom: feet.next_bottom,
        desk,
    };
    pages.rows(totals);
    for block in blocks {
        pages.block(block);
    }
    pages.done.push(pages.page);
    pages.done
}

struct Pages<'d, 'a> {
    desk: &'d mut Desk<'a>,
    table: Table,
    done: Vec<Vec<Mark>>,
    page: Vec<Mark>,
    y: f32,
    bottom: f32,
    next_bottom: f32,
    /// How often the table's head was drawn, and whether it is on this page.
    heads: usize,
    headed: bool,
    carried: i128,
}

impl Pages<'_, '_> {
    fn rows(&mut self, totals: f32) {
        let rows = std::mem::take(&mut self.table.rows);
        let kept = self.kept_with_totals(&rows, totals);
        for (index, row) in rows.iter().enumerate() {
            let last = index + 1 == rows.len();
            let reserve = if last { 0.0 } else { CARRY_HEIGHT };
            let below = if kept == Some(index) { totals } else { reserve };
            let needed = if self.is_tall(row) { TALL_START } else { row.height };
            if needed + below > self.row_room() && !self.is_fresh() {
                self.turn_within_table();
            }
            self.row(row, reserve, last.then_some(totals));
        }
        self.headed = false;
    }

    /// The last row shares its page with the totals, if one page can hold both.
    fn kept_with_totals(&self, rows: &[Row], totals: f32) -> Option<usize> {
        let last = rows.len().checked_sub(1)?;
        (rows.get(last)?.height + totals <= self.next_room()).then_some(last)
    }

    /// A row that may end a page in its middle: moving it whole would leave half a page empty.
    fn is_tall(&self, row: &Row) -> bool {
        row.height > (self.next_bottom - self.desk.grid.next_top) / 2.0
    }

    /// Room for a row, after the table's head if that is yet to be drawn here.
    fn row_room(&self) -> f32 {
        let head = match (self.headed, self.heads) {
            (true, _) => 0.0,
            (false, 0) => self.table.head.height,
            (false, _) => self.table.repeated_head.height + CARRY_HEIGHT,
        };
        self.bottom - self.y - head
    }

    /// Whether turning the page would gain nothing.
    fn is_fresh(&self) -> bool {
        !self.done.is_empty() && !self.headed
    }

    /// Draws a row; one higher than a page continues on the next, the last one with the totals.
    fn row(&mut self, row: &Row, reserve: f32, totals: Option<f32>) {
        self.head();
        self.carried += i128::from(row.net);
        let end = row.strips.len().saturating_sub(LAST_STRIPS);
        for (index, strip) in row.strips.iter().enumerate() {
            let kept = totals.filter(|_| index == end && index > 0);
            let kept = kept.map(|totals| height(row.strips.get(index..).unwrap_or_default()) + totals);
            let needed = kept.filter(|kept| *kept <= self.next_room()).unwrap_or(strip.height + reserve);
            if needed > self.bottom - self.y {
                self.turn_within_table();
                self.head();
                self.y += REST_GAP;
            }
            self.put(strip);
        }
    }

    /// Room below the table's head on a page after the first.
    fn next_room(&self) -> f32 {
        let frame = self.table.repeated_head.height + CARRY_HEIGHT + REST_GAP;
        self.next_bottom - self.desk.grid.next_top - frame
    }

    fn head(&mut self) {
        if self.headed {
            return;
        }
        self.headed = true;
        self.heads += 1;
        if self.heads == 1 {
            let head = std::mem::take(&mut self.table.head);
            self.put(&head);
        } else {
            let head = self.table.repeated_head.clone();
            self.put(&head);
            let label = self.desk.words.brought_forward;
            let carry = table::carry(self.desk, label, self.carried, true);
            self.put(&carry);
        }
    }

    fn turn_within_table(&mut self) {
        if self.headed {
            let label = self.desk.words.carried_forward;
            let carry = table::carry(self.desk, label, self.carried, false);
            self.put(&carry);
        }
        self.turn();
    }

    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = self.desk.grid.next_top;
        self.bottom = self.next_bottom;
        self.headed = false;
    }

    fn block(&mut self, block: Block) {
        let needed = height(&block.strips);
        let fits = needed <= self.next_bottom - self.desk.grid.next_top;
        self.y += block.gap;
        let start = if block.breakable || !fits { height(block.strips.get(..FIRST_STRIPS).unwrap_or(&block.strips)) } else { needed };
        if start > self.bottom - self.y {
            self.turn();
        }
        for strip in &block.strips {
            if strip.height > self.bottom - self.y {
                self.turn();
            }
            self.put(strip);
        }
    }

    fn put(&mut self, strip: &Strip) {
        self.page.extend(strip.marks.iter().cloned().map(|mut mark| {
            mark.y += self.y;
            mark
        }));
        self.y += strip.height;
    }
}
