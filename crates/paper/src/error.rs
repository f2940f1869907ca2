//! What can keep a document from being printed.

use std::fmt;

/// Names a text of the paper, for messages: `lines[2].description`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The part of the paper: `seller`, `lines`.
    pub part: &'static str,
    /// Which one of a list, from 0.
    pub index: Option<usize>,
    /// The text in it; empty if the part is the text.
    pub name: &'static str,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.part)?;
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        if !self.name.is_empty() {
            write!(f, ".{}", self.name)?;
        }
        Ok(())
    }
}

/// What can keep a document from being printed.
#[derive(Debug)]
#[non_exhaustive]
pub enum PaperError {
    /// No bundled font can draw this character; the archive format forbids a box in its place.
    MissingGlyph {
        /// The character.
        character: char,
        /// Where it stands.
        field: Field,
    },
    /// The logo is neither PNG nor JPEG, is damaged, or uses printing inks (CMYK).
    Logo(&'static str),
    /// A bundled font is damaged.
    Font(&'static str),
    /// The PDF library refused; a fault of this program, not of the paper.
    Writer(String),
    /// A file could not be written.
    File(std::io::Error),
}

impl fmt::Display for PaperError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingGlyph { character, field } => {
                write!(f, "no font for the character '{}' (U+{:04X}) in {field}", character.escape_debug(), u32::from(*character))
            }
            Self::Logo(why) => write!(f, "the logo cannot be printed: {why}"),
            Self::Font(why) => write!(f, "a bundled font is damaged: {why}"),
            Self::Writer(why) => write!(f, "the PDF could not be written: {why}"),
            Self::File(source) => write!(f, "a file could not be written: {source}"),
        }
    }
}

impl std::error::Error for PaperError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(source) => Some(source),
            _ => None,
        }
    }
}

impl From<std::io::Error> for PaperError {
    fn from(source: std::io::Error) -> Self {
        Self::File(source)
    }
}
