//! The few text styles every document is set in.

use crate::fonts::Weight::{Bold, Regular};
use crate::shaping::{Ink, Style};

pub(crate) const NAME: Style = Style { weight: Bold, size: 17.0, ink: Ink::Accent };
pub(crate) const TITLE: Style = Style { weight: Bold, size: 19.0, ink: Ink::Dark };
pub(crate) const NUMBER: Style = Style { weight: Regular, size: 19.0, ink: Ink::Soft };
pub(crate) const ADDRESS: Style = Style { weight: Regular, size: 10.0, ink: Ink::Dark };
pub(crate) const ADDRESS_NAME: Style = Style { weight: Bold, ..ADDRESS };
pub(crate) const SENDER: Style = Style { weight: Regular, size: 6.5, ink: Ink::Soft };
pub(crate) const BODY: Style = Style { weight: Regular, size: 9.0, ink: Ink::Dark };
pub(crate) const STRONG: Style = Style { weight: Bold, ..BODY };
pub(crate) const SOFT: Style = Style { weight: Regular, size: 8.0, ink: Ink::Soft };
pub(crate) const LABEL: Style = Style { weight: Regular, size: 8.5, ink: Ink::Soft };
pub(crate) const COLUMN: Style = Style { weight: Bold, size: 8.0, ink: Ink::Soft };
pub(crate) const HEADING: Style = Style { weight: Bold, size: 9.5, ink: Ink::Accent };
pub(crate) const PAYABLE: Style = Style { weight: Bold, size: 12.0, ink: Ink::Accent };
pub(crate) const FOOT: Style = Style { weight: Regular, size: 7.0, ink: Ink::Soft };
pub(crate) const FOOT_NAME: Style = Style { weight: Bold, ..FOOT };
pub(crate) const PAGE: Style = Style { weight: Regular, size: 7.5, ink: Ink::Soft };
pub(crate) const MARKER: Style = Style { weight: Bold, size: 100.0, ink: Ink::Ghost };

/// Distance of baselines within a paragraph.
pub(crate) fn leading(style: Style) -> f32 {
    (style.size * 1.42 * 4.0).round() / 4.0
}

/// From the top of a line to its baseline.
pub(crate) fn ascent(style: Style) -> f32 {
    (leading(style) + style.size * 0.70) / 2.0
}
