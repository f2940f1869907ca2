//! Writes the marks of one page as PDF operators.
#![expect(clippy::float_arithmetic, reason = "page geometry")]

use std::collections::BTreeMap;
use std::rc::Rc;

use printpdf::{
    Codepoint, Color, CurTransMat, DictItem, FontId, Op, PaintMode, PdfFontHandle, PdfPage, Pt, Rect, Rgb, TextItem, TextMatrix, XObjectId, XObjectTransform,
};

use super::codes::Codes;
use super::embed::{LOGO, font_name};
use super::outline;
use super::structure::{Places, role_name};
use crate::fonts::{Fonts, UNITS_PER_EM, Weight};
use crate::layout::{Mark, Owner, Shape, Sheets};
use crate::shaping::{Ink, Run, Word};

/// One page, and the places of its marks in the document's structure.
pub(crate) fn write(marks: &[Mark], sheets: &Sheets, fonts: &Fonts, codes: &mut Codes, places: &mut Places) -> PdfPage {
    let mut page = Page { ops: Vec::new(), height: sheets.height, fonts, codes, font: None, ink: None };
    places.begin_page();
    for group in marks.chunk_by(|a, b| a.owner == b.owner) {
        let Some(owner) = group.first().map(|mark| mark.owner) else { continue };
        page.ops.push(begin(owner, sheets, places));
        for mark in group {
            let continued = places.is_continued(mark);
            page.mark(mark, continued);
        }
        page.ops.push(Op::EndMarkedContent);
    }
    let paper = Rect { x: Pt(0.0), y: Pt(0.0), width: Pt(sheets.width), height: Pt(sheets.height), mode: None, winding_order: None };
    PdfPage { media_box: paper.clone(), trim_box: paper.clone(), crop_box: paper, ops: page.ops }
}

fn begin(owner: Owner, sheets: &Sheets, places: &mut Places) -> Op {
    match owner {
        Owner::Artifact => Op::BeginMarkedContent { tag: "Artifact".to_owned() },
        Owner::Tag(tag) => {
            let number = DictItem::Int(places.add(tag));
            let role = sheets.tags.nodes.get(tag.0).map(|node| node.role);
            Op::BeginMarkedContentWithProperties {
                tag: role.map_or("Span", role_name).to_owned(),
                properties: DictItem::Dict { map: BTreeMap::from([("MCID".to_owned(), number)]) },
            }
        }
    }
}

struct Page<'c> {
    ops: Vec<Op>,
    height: f32,
    fonts: &'c Fonts,
    codes: &'c mut Codes,
    /// What the page is set to already.
    font: Option<(Weight, f32)>,
    ink: Option<Ink>,
}

impl Page<'_> {
    fn mark(&mut self, mark: &Mark, continued: bool) {
        let (x, y) = (mark.x, self.height - mark.y);
        match &mark.shape {
            Shape::Text(run) => self.text(run, exact(x), exact(y), continued),
            Shape::Outlines { run, cos, sin } => {
                let scale = run.style.size / f32::from(UNITS_PER_EM);
                let (cos, sin) = (cos * scale, sin * scale);
                self.outlines(run, [cos, sin, -sin, cos, exact(x), exact(y)]);
            }
            Shape::Fill { width, height, ink } => self.fill(x, y, *width, *height, *ink),
            Shape::Logo { width, height } => self.logo(x, y, *width, *height),
        }
    }

    fn fill(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.set_ink(ink);
        let rectangle = Rect {
            x: Pt(exact(x)),
            y: Pt(exact(y - height)),
            width: Pt(exact(width)),
            height: Pt(exact(height)),
            mode: Some(PaintMode::Fill),
            winding_order: None,
        };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    fn logo(&mut self, x: f32, y: f32, width: f32, height: f32) {
        let transform = XObjectTransform {
            translate_x: Some(Pt(exact(x))),
            translate_y: Some(Pt(exact(y - height))),
            scale_x: Some(exact(width)),
            scale_y: Some(exact(height)),
            no_auto_scale: true,
            ..XObjectTransform::default()
        };
        self.ops.push(Op::UseXobject { id: XObjectId(LOGO.to_owned()), transform });
    }

    fn outlines(&mut self, run: &Run, matrix: [f32; 6]) {
        self.set_ink(run.style.ink);
        let polygon = outline::polygon(self.fonts, run);
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(matrix) });
        self.ops.push(Op::DrawPolygon { polygon });
        self.ops.push(Op::RestoreGraphicsState);
    }

    /// `continued`: the next line of the same text follows.
    fn text(&mut self, run: &Run, x: f32, y: f32, continued: bool) {
        let matrix = [1.0, 0.0, 0.0, 1.0, x, y];
        self.ops.push(Op::StartTextSection);
        self.set_ink(run.style.ink);
        let font = (run.style.weight, run.style.size);
        if self.font != Some(font) {
            self.font = Some(font);
            let id = FontId(font_name(run.style.weight).to_owned());
            self.ops.push(Op::SetFont { font: PdfFontHandle::External(id), size: Pt(font.1) });
        }
        self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw(matrix) });
        let space = continued.then(|| Word::space(self.fonts, run.style.weight));
        self.glyphs(run, space.as_ref());
        self.ops.push(Op::EndTextSection);
    }

    /// Glyphs at the shaper's places: sideways by adjustments, up and down by text rise.
    fn glyphs(&mut self, run: &Run, space: Option<&Word>) {
        let weight = run.style.weight;
        let mut shown: Vec<Codepoint> = Vec::new();
        let (mut pen, mut drawn_to, mut rise) = (0.0, 0.0, 0.0);
        for word in run.words.iter().map(Rc::as_ref).chain(space) {
            for glyph in &word.glyphs {
                let behind = drawn_to - (pen + glyph.dx);
                if glyph.dy != rise {
                    self.show(&mut shown);
                    rise = glyph.dy;
                    self.ops.push(Op::SetLineOffset { multiplier: rise * run.style.size / 1000.0 });
                }
                match shown.last_mut() {
                    Some(last) => last.offset = behind,
                    None if behind != 0.0 => {
                        self.ops.push(Op::ShowText { items: vec![TextItem::Offset(behind)] });
                    }
                    None => {}
                }
                let (code, text) = self.codes.code(weight, word, glyph);
                shown.push(Codepoint::with_cid(code, 0.0, text.to_owned()));
                drawn_to = pen + glyph.dx + glyph.natural;
                pen += glyph.advance;
            }
        }
        self.show(&mut shown);
        if rise != 0.0 {
            self.ops.push(Op::SetLineOffset { multiplier: 0.0 });
        }
    }

    fn show(&mut self, shown: &mut Vec<Codepoint>) {
        if !shown.is_empty() {
            let items = vec![TextItem::GlyphIds(std::mem::take(shown))];
            self.ops.push(Op::ShowText { items });
        }
    }

    fn set_ink(&mut self, ink: Ink) {
        if self.ink != Some(ink) {
            self.ink = Some(ink);
            self.ops.push(Op::SetFillColor { col: colour(ink) });
        }
    }
}

/// Two decimals are finer than any printer, and short.
fn exact(length: f32) -> f32 {
    (length * 100.0).round() / 100.0
}

fn colour(ink: Ink) -> Color {
    let (r, g, b) = match ink {
        Ink::Dark => (0.11, 0.13, 0.16),
        Ink::Soft => (0.37, 0.41, 0.46),
        Ink::Accent => (0.09, 0.25, 0.39),
        Ink::Faint => (0.8, 0.83, 0.86),
        Ink::Tint => (0.945, 0.957, 0.969),
        Ink::Ghost => (0.935, 0.94, 0.95),
    };
    Color::Rgb(Rgb { r, g, b, icc_profile: None })
}
