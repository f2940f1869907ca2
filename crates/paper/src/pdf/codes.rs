//! Gives every glyph a code in the page contents.
//!
//! A code stands for a glyph *and* the text it came from. So a glyph drawn for two characters
//! (hyphen and minus, say) has two codes, and copied text is always the text that was meant.

use std::collections::HashMap;

use crate::fonts::Weight;
use crate::shaping::{Glyph, Word};

/// Text of a glyph that continues the one before it.
const CONTINUED: &str = "\u{200b}";

/// The codes of both weights.
#[derive(Default)]
pub(crate) struct Codes {
    regular: CodeTable,
    bold: CodeTable,
}

/// The codes of one font.
#[derive(Default)]
pub(crate) struct CodeTable {
    /// The entry at index `i` has the code `i + 1`: code 0 would be the missing glyph.
    pub entries: Vec<Entry>,
    by_glyph: HashMap<u16, Vec<u16>>,
}

/// What a code stands for.
pub(crate) struct Entry {
    pub glyph: u16,
    pub text: String,
}

impl Codes {
    pub fn table(&self, weight: Weight) -> &CodeTable {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// The code of a glyph and the text it copies as.
    pub fn code<'w>(&mut self, weight: Weight, word: &'w Word, glyph: &Glyph) -> (u16, &'w str) {
        let text = word.text.get(glyph.from..glyph.to).filter(|text| !text.is_empty());
        let text = text.unwrap_or(CONTINUED);
        let table = match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        };
        (table.code(glyph, text), text)
    }
}

impl CodeTable {
    fn code(&mut self, glyph: &Glyph, text: &str) -> u16 {
        let known = self.by_glyph.entry(glyph.id).or_default();
        let same = |code: &&u16| {
            let index = usize::from(**code) - 1;
            self.entries.get(index).is_some_and(|entry| entry.text == text)
        };
        if let Some(code) = known.iter().find(same) {
            return *code;
        }
        self.entries.push(Entry { glyph: glyph.id, text: text.to_owned() });
        let code = u16::try_from(self.entries.len()).unwrap_or(u16::MAX);
        known.push(code);
        code
    }
}
