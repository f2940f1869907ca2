//! Arguments taken apart: their shape, which the next entry mostly has too, and the values in it.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

use crate::shared::Id;

/// A value that was cut out of arguments.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Leaf {
    /// A text that is an id, as 16 bytes.
    Id([u8; 16]),
    /// Any other text.
    Text(String),
    /// A whole number.
    Int(i64),
}

/// What stands in a shape where a value was: simple values that CBOR leaves unassigned (RFC 8949, 3.3).
const ID: u8 = 0;
const TEXT: u8 = 1;
const INT: u8 = 2;
/// The byte of simple value 0.
const SIMPLE: u8 = 0xe0;

/// What kind of value a place of a shape takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hole {
    Id,
    Text,
    Int,
}

/// A piece of CBOR: bytes that stay, a value, or the place of one.
enum Piece<'b> {
    Stays(&'b [u8]),
    Leaf(Leaf),
    Hole(Hole),
}

/// Cuts the values out of `args`. `None` when they are not as this program writes CBOR: such arguments
/// travel as they are.
pub(super) fn cut(args: &[u8]) -> Option<(Vec<u8>, Vec<Leaf>)> {
    let (mut shape, mut leaves) = (Vec::with_capacity(args.len()), Vec::new());
    walk(args, |piece| match piece {
        Piece::Stays(bytes) => {
            shape.extend_from_slice(bytes);
            Some(())
        }
        Piece::Leaf(leaf) => {
            shape.push(match leaf {
                Leaf::Id(_) => SIMPLE + ID,
                Leaf::Text(_) => SIMPLE + TEXT,
                Leaf::Int(_) => SIMPLE + INT,
            });
            leaves.push(leaf);
            Some(())
        }
        Piece::Hole(_) => None,
    })?;
    Some((shape, leaves))
}

/// The places of values in a shape, in order; `None` when it is none.
pub(super) fn holes(shape: &[u8]) -> Option<Vec<Hole>> {
    let mut holes = Vec::new();
    walk(shape, |piece| {
        if let Piece::Hole(hole) = piece {
            holes.push(hole);
        }
        Some(())
    })?;
    Some(holes)
}

/// The arguments again. `None` when the values are not those of the shape.
pub(super) fn fill(shape: &[u8], leaves: Vec<Leaf>) -> Option<Vec<u8>> {
    let mut leaves = leaves.into_iter();
    let mut args = Vec::with_capacity(shape.len() * 2);
    walk(shape, |piece| match piece {
        Piece::Stays(bytes) => {
            args.extend_from_slice(bytes);
            Some(())
        }
        Piece::Leaf(leaf) => write(&mut args, &leaf),
        Piece::Hole(_) => write(&mut args, &leaves.next()?),
    })?;
    leaves.next().is_none().then_some(args)
}

fn write(args: &mut Vec<u8>, leaf: &Leaf) -> Option<()> {
    let mut encoder = Encoder::new(args);
    match leaf {
        Leaf::Id(id) => encoder.str(&Id::<()>::from_bytes(*id).to_string()),
        Leaf::Text(text) => encoder.str(text),
        Leaf::Int(n) => encoder.i64(*n),
    }
    .map(drop)
    .ok()
}

/// Goes through CBOR piece by piece. Names of fields stay, as does all that is no text and no number.
fn walk<'b>(bytes: &'b [u8], mut each: impl FnMut(Piece<'b>) -> Option<()>) -> Option<()> {
    let mut decoder = Decoder::new(bytes);
    // For every map or array that is open: how many items it still has, and whether it is a map.
    let mut open: Vec<(u64, bool)> = Vec::new();
    while decoder.position() < bytes.len() {
        let start = decoder.position();
        let name = open.last().is_some_and(|(left, map)| *map && left % 2 == 0);
        let mut inside = None;
        let piece = match decoder.datatype().ok()? {
            Type::Array => {
                inside = Some((decoder.array().ok()??, false));
                None
            }
            Type::Map => {
                inside = Some((decoder.map().ok()??.checked_mul(2)?, true));
                None
            }
            Type::String if !name => Some(Piece::Leaf(leaf_of(decoder.str().ok()?))),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 if !name => {
                Some(Piece::Leaf(Leaf::Int(decoder.i64().ok()?)))
            }
            Type::Simple => Some(Piece::Hole(hole_of(decoder.simple().ok()?)?)),
            Type::Bool | Type::Null | Type::String | Type::Bytes => {
                decoder.skip().ok()?;
                None
            }
            _ => return None,
        };
        each(piece.unwrap_or(Piece::Stays(bytes.get(start..decoder.position())?)))?;
        if let Some((left, _)) = open.last_mut() {
            *left = left.checked_sub(1)?;
        }
        open.extend(inside);
        while open.last().is_some_and(|(left, _)| *left == 0) {
            open.pop();
        }
    }
    open.is_empty().then_some(())
}

fn leaf_of(text: &str) -> Leaf {
    match Id::<()>::parse(text) {
        Ok(id) if id.to_string() == text => Leaf::Id(id.bytes()),
        _ => Leaf::Text(text.to_owned()),
    }
}

fn hole_of(simple: u8) -> Option<Hole> {
    match simple {
        ID => Some(Hole::Id),
        TEXT => Some(Hole::Text),
        INT => Some(Hole::Int),
        _ => None,
    }
}
