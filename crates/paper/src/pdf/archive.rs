//! What makes the file an archive: colours, metadata, dates and identity, none left to chance.

use lopdf::{Document, Object, Stream, StringFormat, dictionary, text_string};

use super::{colour_profile, xmp};
use crate::document::InvoicePaper;
use crate::error::PaperError;
use crate::words::Words;

/// The program named as producer.
pub(crate) const PRODUCER: &str = "Daybook";

/// What the metadata says, in both places it is said.
pub(crate) struct Facts {
    pub title: String,
    pub author: String,
    pub language: String,
    /// `2026-03-05`
    pub date: String,
}

impl Facts {
    fn of(paper: &InvoicePaper) -> Self {
        let title = Words::of(&paper.language).title(paper.kind);
        Self {
            title: format!("{title} {}", paper.number),
            author: paper.seller.name.clone(),
            language: language_tag(&paper.language),
            date: paper.issue_date.to_string(),
        }
    }
}

/// The language as a tag readers of the file know.
pub(crate) fn language_tag(language: &str) -> String {
    let tag: String = language.chars().map(|c| if c == '_' { '-' } else { c }).collect();
    let is_tag = !tag.is_empty() && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if is_tag { tag } else { "en".to_owned() }
}

/// Turns a plain PDF into PDF/A-3b.
///
/// Whatever else the file is to hold (an attachment, say) is added before: the identity in the
/// end covers everything.
pub(crate) fn finish(file: &mut Document, paper: &InvoicePaper) -> Result<(), PaperError> {
    let facts = Facts::of(paper);
    "1.7".clone_into(&mut file.version);
    add_metadata(file, &facts)?;
    add_colours(file)?;
    set_information(file, &facts)?;
    set_identity(file);
    Ok(())
}

fn add_metadata(file: &mut Document, facts: &Facts) -> Result<(), PaperError> {
    let entries = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let packet = Stream::new(entries, xmp::packet(facts).into_bytes()).with_compression(false);
    let metadata = file.add_object(packet);
    file.catalog_mut()?.set("Metadata", metadata);
    Ok(())
}

fn add_colours(file: &mut Document) -> Result<(), PaperError> {
    let profile = Stream::new(dictionary! { "N" => 3 }, colour_profile::srgb());
    let profile = file.add_object(profile);
    let intent = dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => text_string("sRGB"),
        "Info" => text_string("sRGB"),
        "DestOutputProfile" => profile,
    };
    file.catalog_mut()?.set("OutputIntents", vec![Object::Dictionary(intent)]);
    Ok(())
}

fn set_information(file: &mut Document, facts: &Facts) -> Result<(), PaperError> {
    let date = format!("D:{}000000Z", facts.date.replace('-', ""));
    let information = dictionary! {
        "Title" => text_string(&facts.title),
        "Author" => text_string(&facts.author),
        "Creator" => text_string(PRODUCER),
        "Producer" => text_string(PRODUCER),
        "CreationDate" => text_string(&date),
        "ModDate" => text_string(&date),
    };
    let place = file.trailer.get(b"Info").and_then(Object::as_reference)?;
    file.set_object(place, information);
    Ok(())
}

/// The identity is a hash of all streams: the same document has the same, others do not.
fn set_identity(file: &mut Document) {
    let mut hasher = blake3::Hasher::new();
    for object in file.objects.values() {
        if let Object::Stream(stream) = object {
            hasher.update(&stream.content);
        }
    }
    let id: Vec<u8> = hasher.finalize().as_bytes().iter().take(16).copied().collect();
    let id = Object::String(id, StringFormat::Hexadecimal);
    file.trailer.set("ID", vec![id.clone(), id]);
}
