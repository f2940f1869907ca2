//! What a file is: the media types that documents may carry, known by their first bytes, and file names
//! that every system can write.

use crate::choice;
use crate::shared::Name;
use crate::shared::error::{Error, Result};

choice! {
    /// What a supporting document may be (BT-125, rule BR-CL-24; XML by XRechnung).
    pub enum MediaType {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG picture.
        Png = "image/png",
        /// JPEG picture.
        Jpeg = "image/jpeg",
        /// Comma-separated values.
        Csv = "text/csv",
        /// Spreadsheet of Office Open XML.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// Spreadsheet of OpenDocument.
        Ods = "application/vnd.oasis.opendocument.spreadsheet",
        /// XML.
        Xml = "application/xml",
    }
}

/// The longest file name, in characters: what every file system can write.
const NAME_MAX: usize = 120;

/// Names that Windows keeps for devices.
const DEVICES: &[&str] = &["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

impl MediaType {
    /// The endings its names may have; the first is the usual one.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            MediaType::Pdf => &["pdf"],
            MediaType::Png => &["png"],
            MediaType::Jpeg => &["jpg", "jpeg"],
            MediaType::Csv => &["csv"],
            MediaType::Xlsx => &["xlsx"],
            MediaType::Ods => &["ods"],
            MediaType::Xml => &["xml"],
        }
    }

    /// The type that the ending of `name` says; `file.media_type` for any other.
    pub fn of_name(name: &str) -> Result<Self> {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        let all = [MediaType::Pdf, MediaType::Png, MediaType::Jpeg, MediaType::Csv, MediaType::Xlsx, MediaType::Ods, MediaType::Xml];
        let found = all.into_iter().find(|media| media.endings().contains(&ending.as_str()));
        found.ok_or_else(|| Error::invalid("file.media_type").arg("name", name).field("name"))
    }

    /// `file.not_what_it_says` unless `bytes` begin as this type does.
    pub fn check(self, bytes: &[u8]) -> Result<()> {
        let right = match self {
            MediaType::Pdf => bytes.starts_with(b"%PDF-"),
            MediaType::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            MediaType::Jpeg => bytes.starts_with(b"\xff\xd8\xff"),
            MediaType::Csv => is_text(bytes),
            MediaType::Xlsx => is_zip(bytes) && contains(bytes, b"xl/workbook"),
            MediaType::Ods => is_zip(bytes) && bytes.get(30..).is_some_and(|rest| rest.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")),
            MediaType::Xml => is_text(bytes) && begins_as_xml(bytes),
        };
        if right { Ok(()) } else { Err(Error::invalid("file.not_what_it_says").arg("media_type", self).field("media_type")) }
    }
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Text of any encoding: no control characters but tab and line ends.
fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\r' | b'\n'))
}

fn begins_as_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// A file name without folders, device names and characters that a system refuses, with an ending of
/// its type.
pub fn clean_name(raw: &str, media: MediaType) -> Name {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().map(|c| if c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c }).collect();
    let plain = plain.trim_matches([' ', '.']);
    let (stem, ending) = match plain.rsplit_once('.') {
        Some((stem, ending)) if media.endings().contains(&ending.to_lowercase().as_str()) => (stem, ending.to_lowercase()),
        _ => (plain, media.endings().first().copied().unwrap_or_default().to_owned()),
    };
    let stem: String = stem.chars().take(NAME_MAX - ending.len() - 1).collect();
    let stem = stem.trim_matches([' ', '.']);
    let letters = stem.trim_end_matches(|c: char| c.is_ascii_digit()).to_uppercase();
    let stem = match stem {
        "" => "file".to_owned(),
        _ if DEVICES.contains(&letters.as_str()) => format!("{stem}_"),
        _ => stem.to_owned(),
    };
    Name::fitted(&format!("{stem}.{ending}"))
}
