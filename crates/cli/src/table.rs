//! Aligned tables.

use std::io::{self, Write};

/// One column of a table.
pub struct Column {
    /// Its heading.
    pub head: String,
    /// Whether cells stand flush right.
    pub right: bool,
    /// Whether long texts are cut.
    pub cut: bool,
}

impl Column {
    /// A column of cells that are cut where they are very long.
    pub fn new(head: &str, right: bool) -> Self {
        Column { head: head.to_owned(), right, cut: true }
    }
    /// A column of texts that are shown whole.
    pub fn whole(head: &str) -> Self {
        Column { head: head.to_owned(), right: false, cut: false }
    }
}

/// The widest a cell may be that is cut.
const WIDEST: usize = 60;

/// Writes `rows` under their headings, each column as wide as its widest cell.
pub fn write(out: &mut dyn Write, columns: &[Column], rows: &[Vec<String>]) -> io::Result<()> {
    let heads: Vec<String> = columns.iter().map(|column| column.head.clone()).collect();
    let widths: Vec<usize> = columns.iter().enumerate().map(|(place, column)| width(column, place, &heads, rows)).collect();
    line(out, columns, &widths, &heads)?;
    let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    line(out, columns, &widths, &rules)?;
    rows.iter().try_for_each(|row| line(out, columns, &widths, row))
}

fn width(column: &Column, place: usize, heads: &[String], rows: &[Vec<String>]) -> usize {
    let cells = rows.iter().filter_map(|row| row.get(place)).chain(heads.get(place));
    cells.map(|cell| cell.chars().count()).max().unwrap_or_default().min(if column.cut { WIDEST } else { usize::MAX })
}

fn line(out: &mut dyn Write, columns: &[Column], widths: &[usize], cells: &[String]) -> io::Result<()> {
    let mut text = String::new();
    for ((column, width), cell) in columns.iter().zip(widths).zip(cells) {
        let cell = fitted(cell, *width);
        let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
        let parts = if column.right { [gap.as_str(), &cell] } else { [cell.as_str(), &gap] };
        text.extend(parts);
        text.push_str("  ");
    }
    writeln!(out, "{}", text.trim_end())
}

fn fitted(cell: &str, width: usize) -> String {
    let flat = cell.replace(['\n', '\t'], " ");
    if flat.chars().count() <= width {
        return flat;
    }
    flat.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
