//! Text as shapes: for what is seen behind a page but must not get into the way of reading,
//! selecting or searching its text.
#![expect(clippy::float_arithmetic, reason = "page geometry")]

use printpdf::{LinePoint, PaintMode, Point, Polygon, PolygonRing, Pt, WindingOrder};
use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};

use crate::fonts::Fonts;
use crate::shaping::Run;

/// The outlines of a run in font units, its origin at 0.
pub(crate) fn polygon(fonts: &Fonts, run: &Run) -> Polygon {
    let face = &fonts.typeface(run.style.weight).face;
    let mut pen = Pen { rings: Vec::new(), at: (0.0, 0.0), origin: (0.0, 0.0) };
    let mut x = 0.0;
    for glyph in run.words.iter().flat_map(|word| &word.glyphs) {
        pen.origin = (x + glyph.dx, glyph.dy);
        face.outline_glyph(GlyphId(glyph.id), &mut pen);
        x += glyph.advance;
    }
    Polygon { rings: pen.rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero }
}

struct Pen {
    rings: Vec<PolygonRing>,
    at: (f32, f32),
    origin: (f32, f32),
}

impl Pen {
    fn add(&mut self, x: f32, y: f32, bezier: bool) {
        let round = |length: f32| Pt((length * 10.0).round() / 10.0);
        let p = Point { x: round(x + self.origin.0), y: round(y + self.origin.1) };
        if let Some(ring) = self.rings.last_mut() {
            ring.points.push(LinePoint { p, bezier });
        }
        self.at = (x, y);
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.rings.push(PolygonRing::default());
        self.add(x, y, false);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add(x, y, false);
    }

    /// PDF knows cubic curves only; the same curve has its control points at two thirds.
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (x0, y0) = self.at;
        let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        self.curve_to(third(x0, x1), third(y0, y1), third(x, x1), third(y, y1), x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add(x1, y1, true);
        self.add(x2, y2, true);
        self.add(x, y, false);
    }

    fn close(&mut self) {}
}
