//! Numbers as files write them: `1,234.56`, `1.234,56`, `(12.00)`, `12-`. The decimal sign is found from
//! the whole column.

use crate::shared::Quantity;
use crate::shared::error::Result;

/// The sign between whole and fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalSign {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

impl DecimalSign {
    /// A comma, when some cell has one where only a fraction can be; a point otherwise.
    pub fn detect<'a>(mut cells: impl Iterator<Item = &'a str>) -> Self {
        let comma = cells.any(|cell| match (cell.rfind(','), cell.rfind('.')) {
            (Some(comma), Some(point)) => comma > point,
            (Some(comma), None) => cell.matches(',').count() == 1 && cell.len() - comma != 4,
            _ => false,
        });
        if comma { DecimalSign::Comma } else { DecimalSign::Point }
    }
    /// The number in a cell, as millionths.
    pub fn read(self, cell: &str) -> Result<Quantity> {
        let cell = cell.trim();
        let negative = cell.starts_with('-') || cell.ends_with('-') || (cell.starts_with('(') && cell.ends_with(')'));
        let digits: String = cell
            .chars()
            .filter(|c| !matches!(c, '-' | '(' | ')' | ' ' | '\u{a0}' | '\u{202f}' | '\''))
            .filter(|c| match self {
                DecimalSign::Point => *c != ',',
                DecimalSign::Comma => *c != '.',
            })
            .map(|c| if c == ',' { '.' } else { c })
            .collect();
        let value = Quantity::parse(&digits)?;
        Ok(if negative { value.negated() } else { value })
    }
}
