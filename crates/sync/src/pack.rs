//! Messages on the wire: CBOR, compressed with zstd. What comes in is bounded before it is unpacked: a
//! small message cannot become a large one.

use std::io::Read;

use daybook_core::shared::error::{Error, Result};
use minicbor::{Decode, Encode};

/// The content type of a packed message.
pub const MEDIA: &str = "application/vnd.daybook.sync+zstd";
const LEVEL: i32 = 3;
/// For what devices send: it is small, and the way up is often narrow.
const TIGHT: i32 = 15;

/// Packs a message.
pub fn pack(message: &impl Encode<()>) -> Result<Vec<u8>> {
    pack_bytes(&minicbor::to_vec(message).map_err(|e| Error::internal("command.encode").caused_by(e))?)
}

/// Packs bytes that are a message already.
pub fn pack_bytes(bytes: &[u8]) -> Result<Vec<u8>> {
    compress(bytes, LEVEL)
}

/// Packs what a device sends as tightly as it can.
pub fn pack_tight(message: &impl Encode<()>) -> Result<Vec<u8>> {
    compress(&minicbor::to_vec(message).map_err(|e| Error::internal("command.encode").caused_by(e))?, TIGHT)
}

fn compress(bytes: &[u8], level: i32) -> Result<Vec<u8>> {
    zstd::bulk::compress(bytes, level).map_err(|e| Error::internal("command.encode").caused_by(e))
}

/// Unpacks a message that may have `most` bytes. `sync.altered` when it is none.
pub fn unpack<T: for<'b> Decode<'b, ()>>(packed: &[u8], most: usize) -> Result<T> {
    let altered = || Error::invalid("sync.altered");
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let decoder = zstd::Decoder::with_buffer(packed).map_err(|e| altered().caused_by(e))?;
    decoder.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| altered().caused_by(e))?;
    if bytes.len() > most {
        return Err(Error::invalid("rpc.too_large").arg("max", most));
    }
    minicbor::decode(&bytes).map_err(|e| altered().caused_by(e))
}
