//! Reads a logo: PNG is unpacked to pixels, JPEG stays as it is and only its header is read.

use std::io::Cursor;

use crate::document::Logo;
use crate::error::PaperError;

/// Larger pictures are a mistake, not a logo.
const MOST_PIXELS: usize = 16_000_000;

/// A logo ready to be embedded.
pub(crate) struct Picture {
    pub width: u32,
    pub height: u32,
    pub data: PictureData,
}

/// The pixels, in the form they are embedded in.
pub(crate) enum PictureData {
    /// Unpacked, `channels` bytes per pixel: grey, grey + alpha, RGB, RGB + alpha.
    Pixels { channels: u8, bytes: Vec<u8> },
    /// A JPEG file, grey or colour.
    Jpeg { grey: bool, bytes: Vec<u8> },
}

/// Reads the logo, if there is one.
pub(crate) fn read(logo: Option<&Logo>) -> Result<Option<Picture>, PaperError> {
    let Some(logo) = logo else { return Ok(None) };
    let bytes = logo.bytes.as_slice();
    let picture = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        read_png(bytes)?
    } else if bytes.starts_with(b"\xff\xd8") {
        read_jpeg(bytes)?
    } else {
        return Err(PaperError::Logo("neither PNG nor JPEG"));
    };
    Ok(Some(picture))
}

fn read_png(bytes: &[u8]) -> Result<Picture, PaperError> {
    let damaged = |_| PaperError::Logo("the PNG file is damaged");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size().filter(|size| *size <= MOST_PIXELS * 4);
    let mut pixels = vec![0; size.ok_or(PaperError::Logo("the picture is too large"))?];
    let info = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(info.buffer_size());
    let channels = u8::try_from(info.color_type.samples()).unwrap_or_default();
    Ok(Picture { width: info.width, height: info.height, data: PictureData::Pixels { channels, bytes: pixels } })
}

fn read_jpeg(bytes: &[u8]) -> Result<Picture, PaperError> {
    let frame = jpeg_frame(bytes).ok_or(PaperError::Logo("the JPEG file is damaged"))?;
    let grey = match frame.channels {
        1 => true,
        3 => false,
        _ => return Err(PaperError::Logo("a JPEG in CMYK; save it as RGB")),
    };
    Ok(Picture { width: frame.width.into(), height: frame.height.into(), data: PictureData::Jpeg { grey, bytes: bytes.to_vec() } })
}

struct JpegFrame {
    width: u16,
    height: u16,
    channels: u8,
}

/// Walks the segments to the frame header (SOF0 to SOF2: 8 bits, baseline or progressive).
fn jpeg_frame(bytes: &[u8]) -> Option<JpegFrame> {
    let mut at = 2;
    loop {
        let (&[0xff, marker], rest) = bytes.get(at..)?.split_first_chunk::<2>()? else {
            return None;
        };
        if marker == 0xff {
            at += 1;
            continue;
        }
        let (length, body) = rest.split_first_chunk::<2>()?;
        if matches!(marker, 0xc0..=0xc2) {
            let &[8, h1, h2, w1, w2, channels] = body.first_chunk::<6>()? else { return None };
            let (width, height) = (u16::from_be_bytes([w1, w2]), u16::from_be_bytes([h1, h2]));
            return (width > 0 && height > 0).then_some(JpegFrame { width, height, channels });
        }
        at += 2 + usize::from(u16::from_be_bytes(*length));
    }
}
