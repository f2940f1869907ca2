//! A run of entries on the wire, column by column: entries of one kind differ in a few values only, and values
//! of one column resemble each other. An invoice takes some thirty-five bytes then, most of them its ids. The
//! entries come out as they went in; the hash at the end of the run shows it.

mod columns;
mod kind;
mod moment;
mod offer;
mod shape;
mod unfold;

pub use offer::{Offered, offer};

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::wire::PushedEntry;

/// The most bytes of arguments and names that a run may unfold to: a few bytes cannot become a large message.
const UNFOLDED_MAX: usize = 64 * 1024 * 1024;

/// Writes a run.
pub fn encode<C, W: Write>(entries: &[PushedEntry], encoder: &mut Encoder<W>, context: &mut C) -> Result<(), EncodeError<W::Error>> {
    columns::Sheet::of(entries).encode(encoder, context)
}

/// Reads a run.
pub fn decode<'b, C>(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Vec<PushedEntry>, DecodeError> {
    let sheet = columns::Sheet::decode(decoder, context)?;
    sheet.entries(UNFOLDED_MAX).ok_or_else(|| DecodeError::message("no run of entries"))
}
