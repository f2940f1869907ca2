//! Puts fonts, cut to the glyphs in use, and the logo into the file.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, Stream};
use printpdf::{
    DictItem, ExternalStream, ExternalXObject, FontId, FontMetrics, ParsedFont, PdfDocument, PdfFont, RawImage, RawImageData, RawImageFormat, XObject,
    XObjectId,
};
use rustybuzz::ttf_parser::GlyphId;
use subsetter::GlyphRemapper;

use super::codes::{CodeTable, Codes};
use crate::error::PaperError;
use crate::fonts::{Fonts, Typeface, UNITS_PER_EM, Weight};
use crate::picture::{Picture, PictureData};

/// Name of the logo among the resources of a page.
pub(crate) const LOGO: &str = "Logo";

/// Name of a font among the resources of a page.
pub(crate) fn font_name(weight: Weight) -> &'static str {
    match weight {
        Weight::Regular => "Regular",
        Weight::Bold => "Bold",
    }
}

/// The six letters mark a font that holds only some of its glyphs.
fn base_font(weight: Weight) -> &'static str {
    match weight {
        Weight::Regular => "DAYBKR+NotoSans-Regular",
        Weight::Bold => "DAYBKB+NotoSans-Bold",
    }
}

/// For every font written: its base name, its map from code to glyph, and its capitals' height.
pub(crate) struct GlyphMap {
    base_font: &'static str,
    map: Vec<u8>,
    capitals: i64,
}

/// Embeds the fonts in use.
pub(crate) fn fonts(pdf: &mut PdfDocument, fonts: &Fonts, codes: &Codes) -> Result<Vec<GlyphMap>, PaperError> {
    let mut maps = Vec::new();
    for weight in [Weight::Regular, Weight::Bold] {
        let table = codes.table(weight);
        if table.entries.is_empty() {
            continue;
        }
        let typeface = fonts.typeface(weight);
        let mut remapper = GlyphRemapper::new();
        let mut map = vec![0, 0];
        for entry in &table.entries {
            if entry.glyph == 0 {
                return Err(PaperError::Writer(format!("no glyph for {:?}", entry.text)));
            }
            map.extend(remapper.remap(entry.glyph).to_be_bytes());
        }
        let bytes = subsetter::subset(typeface.bytes, 0, &remapper).map_err(|_| PaperError::Font("cannot be cut to the glyphs in use"))?;
        let font = parsed_font(typeface, table, bytes, base_font(weight));
        let id = FontId(font_name(weight).to_owned());
        pdf.resources.fonts.map.insert(id, PdfFont::new(font));
        let capitals = typeface.face.capital_height().map_or(0, i64::from);
        maps.push(GlyphMap { base_font: base_font(weight), map, capitals });
    }
    Ok(maps)
}

fn parsed_font(typeface: &Typeface, table: &CodeTable, bytes: Vec<u8>, name: &str) -> ParsedFont {
    let face = &typeface.face;
    let advance = |glyph| face.glyph_hor_advance(GlyphId(glyph)).unwrap_or_default();
    let widths: BTreeMap<u16, u16> = (1..).zip(&table.entries).map(|(code, entry)| (code, advance(entry.glyph))).collect();
    let metrics = FontMetrics { ascent: face.ascender(), descent: face.descender() };
    let mut font = ParsedFont::with_glyph_data(bytes, 0, Some(name.to_owned()), BTreeMap::new(), widths, UNITS_PER_EM, metrics);
    let bounds = face.global_bounding_box();
    font.pdf_font_metrics.x_min = bounds.x_min;
    font.pdf_font_metrics.y_min = bounds.y_min;
    font.pdf_font_metrics.x_max = bounds.x_max;
    font.pdf_font_metrics.y_max = bounds.y_max;
    font.pdf_font_metrics.us_weight_class = face.weight().to_number();
    font
}

/// Replaces the identity from code to glyph, which printpdf assumes, by the real map.
pub(crate) fn map_codes(file: &mut lopdf::Document, maps: Vec<GlyphMap>) -> Result<(), PaperError> {
    for glyphs in maps {
        let map = file.add_object(Stream::new(Dictionary::new(), glyphs.map));
        for object in file.objects.values_mut() {
            let Ok(dictionary) = object.as_dict_mut() else { continue };
            if has_name(dictionary, b"FontName", glyphs.base_font) {
                dictionary.set("CapHeight", glyphs.capitals);
            } else if has_name(dictionary, b"BaseFont", glyphs.base_font) {
                descendant(dictionary)?.set("CIDToGIDMap", Object::Reference(map));
            }
        }
    }
    Ok(())
}

fn has_name(dictionary: &Dictionary, key: &[u8], name: &str) -> bool {
    let value = dictionary.get(key).and_then(Object::as_name);
    value.is_ok_and(|value| value == name.as_bytes())
}

fn descendant(font: &mut Dictionary) -> Result<&mut Dictionary, PaperError> {
    let fonts = font.get_mut(b"DescendantFonts")?.as_array_mut()?;
    let first = fonts.first_mut().ok_or(PaperError::Font("has no glyphs"))?;
    Ok(first.as_dict_mut()?)
}

/// Embeds the logo.
pub(crate) fn logo(pdf: &mut PdfDocument, picture: Picture) {
    let (width, height) = (picture.width, picture.height);
    let object = match picture.data {
        PictureData::Pixels { channels, bytes } => XObject::Image(RawImage {
            pixels: RawImageData::U8(bytes),
            width: usize::try_from(width).unwrap_or_default(),
            height: usize::try_from(height).unwrap_or_default(),
            data_format: match channels {
                1 => RawImageFormat::R8,
                2 => RawImageFormat::RG8,
                3 => RawImageFormat::RGB8,
                _ => RawImageFormat::RGBA8,
            },
            tag: Vec::new(),
        }),
        PictureData::Jpeg { grey, bytes } => jpeg(width, height, grey, bytes),
    };
    pdf.resources.xobjects.map.insert(XObjectId(LOGO.to_owned()), object);
}

fn jpeg(width: u32, height: u32, grey: bool, content: Vec<u8>) -> XObject {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let entries = [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(width.into())),
        ("Height", DictItem::Int(height.into())),
        ("BitsPerComponent", DictItem::Int(8)),
        ("ColorSpace", name(if grey { "DeviceGray" } else { "DeviceRGB" })),
        ("Filter", name("DCTDecode")),
    ];
    let dict = entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    XObject::External(ExternalXObject { stream: ExternalStream { dict, content, compress: false }, width: None, height: None, dpi: None })
}
