//! Turns text into glyphs and breaks it into lines.
//!
//! The unit is the word: every distinct word of a document is shaped once. Widths are exact sums
//! of the font's own units, so what was measured is what is drawn.
#![expect(clippy::float_arithmetic, reason = "widths of glyphs")]

use std::collections::HashMap;
use std::rc::Rc;

use rustybuzz::{BufferClusterLevel, Script, UnicodeBuffer, script};

use crate::fonts::{Fonts, UNITS_PER_EM, Weight};

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub weight: Weight,
    pub size: f32,
    pub ink: Ink,
}

/// The colours of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text.
    Dark,
    /// Labels and secondary text.
    Soft,
    /// Title and amount to pay.
    Accent,
    /// Hairlines.
    Faint,
    /// Backgrounds.
    Tint,
    /// The marker behind the page.
    Ghost,
}

/// One line of text in one style, ready to be drawn.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub style: Style,
    pub words: Vec<Rc<Word>>,
    pub width: f32,
}

/// A shaped word.
#[derive(Debug)]
pub(crate) struct Word {
    pub text: String,
    pub glyphs: Vec<Glyph>,
    width: f32,
}

impl Word {
    /// The space between two lines of one text: not seen, but heard and copied.
    pub fn space(fonts: &Fonts, weight: Weight) -> Self {
        let face = &fonts.typeface(weight).face;
        let id = face.glyph_index(' ').unwrap_or_default();
        let natural = face.glyph_hor_advance(id).map_or(0.0, f32::from);
        let glyph = Glyph { id: id.0, from: 0, to: 1, advance: natural, natural, dx: 0.0, dy: 0.0 };
        Self { text: " ".to_owned(), glyphs: vec![glyph], width: natural }
    }
}

/// A glyph of a word, in font units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Glyph {
    pub id: u16,
    /// Byte range in the word's text that this glyph stands for.
    pub from: usize,
    pub to: usize,
    pub advance: f32,
    pub natural: f32,
    pub dx: f32,
    pub dy: f32,
}

/// A column as wide as its widest text must hold that text, whatever the last bit says.
const TOLERANCE: f32 = 0.02;

/// Shapes the texts of one document.
pub(crate) struct Typesetter<'f> {
    fonts: &'f Fonts,
    words: HashMap<Weight, HashMap<String, Rc<Word>>>,
    buffer: Option<UnicodeBuffer>,
}

impl<'f> Typesetter<'f> {
    pub fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, words: HashMap::new(), buffer: None }
    }

    /// One line, however long.
    pub fn line(&mut self, style: Style, text: &str) -> Run {
        let mut run = Run { style, words: Vec::new(), width: 0.0 };
        for word in split(text) {
            let word = self.word(style.weight, word);
            self.push(&mut run, word);
        }
        run
    }

    /// As many lines as the text needs in `width`; its own line breaks are kept.
    pub fn wrap(&mut self, style: Style, text: &str, width: f32) -> Vec<Run> {
        let width = width + TOLERANCE;
        text.trim_end().split('\n').flat_map(|part| self.fill(style, part, width)).collect()
    }

    /// One line, cut with an ellipsis if it needs more than `width`.
    pub fn clip(&mut self, style: Style, text: &str, width: f32) -> Run {
        let whole = self.line(style, text);
        if whole.width <= width {
            return whole;
        }
        let ellipsis = self.word(style.weight, "…");
        let room = width - scaled(ellipsis.width, style.size);
        let mut run = self.fill(style, text, room).into_iter().next().unwrap_or(whole);
        run.width += scaled(ellipsis.width, style.size);
        run.words.push(ellipsis);
        run
    }

    fn fill(&mut self, style: Style, text: &str, width: f32) -> Vec<Run> {
        let empty = Run { style, words: Vec::new(), width: 0.0 };
        let mut lines = Vec::new();
        let mut line = empty.clone();
        for word in split(text) {
            for piece in self.pieces(style, word, width) {
                let mut longer = line.clone();
                self.push(&mut longer, piece.clone());
                if longer.width > width && !line.words.is_empty() {
                    lines.push(std::mem::replace(&mut line, empty.clone()));
                    self.push(&mut line, piece);
                } else {
                    line = longer;
                }
            }
        }
        lines.push(line);
        lines
    }

    fn push(&mut self, run: &mut Run, word: Rc<Word>) {
        if !run.words.is_empty() {
            let space = self.word(run.style.weight, " ");
            run.width += scaled(space.width, run.style.size);
            run.words.push(space);
        }
        run.width += scaled(word.width, run.style.size);
        run.words.push(word);
    }

    /// The word itself, or the parts of one too long for a line of its own.
    fn pieces(&mut self, style: Style, text: &str, width: f32) -> Vec<Rc<Word>> {
        let whole = self.word(style.weight, text);
        if scaled(whole.width, style.size) <= width {
            return vec![whole];
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(self.fitting(style, rest, width));
            pieces.push(self.word(style.weight, head));
            rest = tail;
        }
        pieces
    }

    /// How many bytes of `text` fit, at least one character; after a hyphen or stroke if possible.
    fn fitting(&mut self, style: Style, text: &str, width: f32) -> usize {
        let mut used = 0.0;
        let mut end = 0;
        let mut stroke = 0;
        for (at, character) in text.char_indices() {
            let next = at + character.len_utf8();
            let mut utf8 = [0; 4];
            used += self.word(style.weight, character.encode_utf8(&mut utf8)).width;
            if scaled(used, style.size) > width && end > 0 && !is_mark(character) {
                return if stroke > end / 2 { stroke } else { end };
            }
            end = next;
            if matches!(character, '-' | '/' | '.' | '_' | '@' | ',') {
                stroke = next;
            }
        }
        end
    }

    fn word(&mut self, weight: Weight, text: &str) -> Rc<Word> {
        if let Some(word) = self.words.get(&weight).and_then(|words| words.get(text)) {
            return Rc::clone(word);
        }
        let word = Rc::new(self.shape(weight, text));
        self.words.entry(weight).or_default().insert(text.to_owned(), Rc::clone(&word));
        word
    }

    fn shape(&mut self, weight: Weight, text: &str) -> Word {
        let typeface = self.fonts.typeface(weight);
        let figures = text.contains(|c: char| c.is_ascii_digit());
        let script = script_of(text);
        let mut buffer = self.buffer.take().unwrap_or_default();
        fill_buffer(&mut buffer, text, figures);
        buffer.set_cluster_level(BufferClusterLevel::MonotoneCharacters);
        buffer.set_direction(rustybuzz::Direction::LeftToRight);
        buffer.set_script(script);
        let Some(plan) = typeface.plan(script, !figures) else {
            return Word { text: text.to_owned(), glyphs: Vec::new(), width: 0.0 };
        };
        let shaped = rustybuzz::shape_with_plan(&typeface.face, plan, buffer);
        let glyphs = glyphs(&typeface.face, &shaped, text.len());
        self.buffer = Some(shaped.clear());
        let width = glyphs.iter().map(|glyph| glyph.advance).sum();
        Word { text: text.to_owned(), glyphs, width }
    }
}

/// A minus is drawn as a dash of a figure's height, yet copies as the plain minus a computer reads.
fn fill_buffer(buffer: &mut UnicodeBuffer, text: &str, figures: bool) {
    for (at, character) in text.char_indices() {
        let minus = figures && at == 0 && character == '-';
        let drawn = if minus { '–' } else { character };
        buffer.add(drawn, u32::try_from(at).unwrap_or(u32::MAX));
    }
}

fn glyphs(face: &rustybuzz::Face<'_>, shaped: &rustybuzz::GlyphBuffer, len: usize) -> Vec<Glyph> {
    let infos = shaped.glyph_infos();
    let mut glyphs = Vec::with_capacity(infos.len());
    let mut last = None;
    for (index, (info, place)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
        let id = u16::try_from(info.glyph_id).unwrap_or_default();
        let later = infos.iter().skip(index).map(|i| i.cluster).find(|c| *c > info.cluster);
        let end = later.and_then(|c| usize::try_from(c).ok()).unwrap_or(len);
        let start = usize::try_from(info.cluster).unwrap_or(end);
        let natural = face.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(id));
        glyphs.push(Glyph {
            id,
            from: if last == Some(info.cluster) { end } else { start },
            to: end,
            advance: units(place.x_advance),
            natural: natural.map_or(0.0, f32::from),
            dx: units(place.x_offset),
            dy: units(place.y_offset),
        });
        last = Some(info.cluster);
    }
    glyphs
}

/// Spaces and line breaks separate words; a no-break space stays inside one.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\n']).filter(|word| !word.is_empty())
}

fn units(value: i32) -> f32 {
    i16::try_from(value).map_or(0.0, f32::from)
}

fn scaled(width: f32, size: f32) -> f32 {
    width * size / f32::from(UNITS_PER_EM)
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

fn script_of(text: &str) -> Script {
    let found = text.chars().find_map(|c| match c {
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(script::GREEK),
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{a640}'..='\u{a69f}' => Some(script::CYRILLIC),
        _ => None,
    });
    found.unwrap_or(script::LATIN)
}
