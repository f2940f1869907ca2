//! The bundled fonts, parsed once and shared by every document.

use rustybuzz::ttf_parser::{PlatformId, Tag};
use rustybuzz::{Direction, Face, Feature, Script, ShapePlan, script};

use crate::error::PaperError;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf");

/// PDF counts widths in thousandths of an em; fonts drawn on the same grid need no rounding.
pub(crate) const UNITS_PER_EM: u16 = 1000;

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The bundled fonts: Latin, Greek and Cyrillic, in two weights.
pub struct Fonts {
    regular: Typeface,
    bold: Typeface,
}

impl Fonts {
    /// Parses the fonts that are part of the program; do it once and share the result.
    ///
    /// # Errors
    ///
    /// Only if the program was built with damaged font files.
    pub fn bundled() -> Result<Self, PaperError> {
        Ok(Self { regular: Typeface::parse(REGULAR)?, bold: Typeface::parse(BOLD)? })
    }

    pub(crate) fn typeface(&self, weight: Weight) -> &Typeface {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Whether every weight can draw the character.
    pub(crate) fn cover(&self, character: char) -> bool {
        self.regular.covered.contains(character) && self.bold.covered.contains(character)
    }
}

/// One font file with what shaping needs prepared.
pub(crate) struct Typeface {
    pub bytes: &'static [u8],
    pub face: Face<'static>,
    plans: Vec<(Script, bool, ShapePlan)>,
    covered: Coverage,
}

impl Typeface {
    fn parse(bytes: &'static [u8]) -> Result<Self, PaperError> {
        let face = Face::from_slice(bytes, 0).ok_or(PaperError::Font("not a font"))?;
        if face.units_per_em() != i32::from(UNITS_PER_EM) {
            return Err(PaperError::Font("not drawn on a grid of 1000 units"));
        }
        let mut plans = Vec::new();
        for script in [script::LATIN, script::GREEK, script::CYRILLIC] {
            for kerned in [false, true] {
                plans.push((script, kerned, plan(&face, script, kerned)));
            }
        }
        let covered = Coverage::of(&face);
        Ok(Self { bytes, face, plans, covered })
    }

    pub(crate) fn plan(&self, script: Script, kerned: bool) -> Option<&ShapePlan> {
        self.plans.iter().find(|p| p.0 == script && p.1 == kerned).map(|p| &p.2)
    }
}

/// Figures stand in columns, so they are not kerned; ligatures would blur the extracted text.
fn plan(face: &Face<'_>, script: Script, kerned: bool) -> ShapePlan {
    let feature = |tag, value: bool| Feature::new(Tag::from_bytes(tag), value.into(), ..);
    let features = [feature(b"kern", kerned), feature(b"liga", false), feature(b"clig", false)];
    ShapePlan::new(face, Direction::LeftToRight, Some(script), None, &features)
}

/// Which characters of the basic plane a font draws, one bit each.
struct Coverage(Vec<u64>);

impl Coverage {
    fn of(face: &Face<'_>) -> Self {
        let mut bits = vec![0_u64; 1024];
        let tables = face.tables().cmap.iter().flat_map(|cmap| cmap.subtables);
        for table in tables.filter(|t| t.is_unicode() && t.platform_id != PlatformId::Macintosh) {
            table.codepoints(|code| {
                let drawn = table.glyph_index(code).is_some_and(|glyph| glyph.0 != 0);
                if let (true, Some(word)) = (drawn, word_of(code).and_then(|i| bits.get_mut(i))) {
                    *word |= 1 << (code % 64);
                }
            });
        }
        Self(bits)
    }

    fn contains(&self, character: char) -> bool {
        let code = u32::from(character);
        let word = word_of(code).and_then(|index| self.0.get(index));
        word.is_some_and(|word| word >> (code % 64) & 1 == 1)
    }
}

fn word_of(code: u32) -> Option<usize> {
    usize::try_from(code / 64).ok()
}
