//! What cannot be printed is refused by name, never printed wrong.

use daybook_paper::document::Logo;
use daybook_paper::{Fonts, InvoicePaper, PaperError, render};

use crate::{FONTS, print, samples};

fn refusal(change: impl FnOnce(&mut InvoicePaper)) -> PaperError {
    let mut paper = samples::invoice(3);
    change(&mut paper);
    render(&paper, &FONTS).unwrap_err()
}

#[test]
fn a_missing_glyph_is_named_with_its_field() {
    let error = refusal(|paper| paper.lines[2].description = Some("Regal 漢字".to_owned()));
    let PaperError::MissingGlyph { character, field } = &error else { panic!("{error}") };
    assert_eq!((*character, field.to_string()), ('漢', "lines[2].description".to_owned()));
    assert_eq!(error.to_string(), "no font for the character '漢' (U+6F22) in lines[2].description");
    for (field, change) in [
        ("seller.name", (|p| p.seller.name.push('🙂')) as fn(&mut InvoicePaper)),
        ("seller.address[1]", |p| p.seller.address[1].push('ש')),
        ("buyer.vat_id", |p| p.buyer.vat_id = Some("\u{1}".to_owned())),
        ("notes[0]", |p| p.notes[0].push('→')),
        ("number", |p| p.number.push('ア')),
    ] {
        let error = refusal(change);
        let PaperError::MissingGlyph { field: found, .. } = &error else { panic!("{error}") };
        assert_eq!(found.to_string(), field);
    }
}

#[test]
fn invisible_characters_and_odd_spaces_are_no_reason_to_refuse() {
    let mut paper = samples::invoice(1);
    let plain = print(&paper);
    paper.lines[0].name = "Oak\u{2009}shelf,\toiled\u{200b}\u{ad}".to_owned();
    assert_eq!(print(&paper), plain);
}

#[test]
fn logos_that_cannot_be_printed_are_refused() {
    let cut = samples::png()[..200].to_vec();
    let cmyk = [0xff, 0xd8, 0xff, 0xc0, 0, 20, 8, 0, 9, 0, 9, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for bytes in [b"GIF89a".to_vec(), cut, cmyk.to_vec(), vec![0xff, 0xd8, 0xff], Vec::new()] {
        let error = refusal(|paper| paper.logo = Some(Logo { bytes }));
        assert!(matches!(error, PaperError::Logo(_)), "{error}");
    }
}

#[test]
fn fonts_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Fonts>();
}

#[test]
fn a_paper_survives_being_stored() {
    let paper = samples::german();
    let stored = serde_json::to_string(&paper).unwrap();
    assert_eq!(serde_json::from_str::<InvoicePaper>(&stored).unwrap(), paper);
}
