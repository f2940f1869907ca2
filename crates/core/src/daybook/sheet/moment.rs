//! Ids begin with a time, and ids of one run are of nearly the same: it travels apart from the rest.

/// The bytes of an id after its time.
pub(super) const REST: usize = 10;

/// An id as the time at its beginning (RFC 9562, 5.7), and the rest.
pub(super) fn parted(id: [u8; 16]) -> (i64, [u8; REST]) {
    let [a, b, c, d, e, f, rest @ ..] = id;
    (i64::from_be_bytes([0, 0, a, b, c, d, e, f]), rest)
}

/// The id again; `None` when its time is none.
pub(super) fn joined(minted: i64, rest: &[u8]) -> Option<[u8; 16]> {
    let [0, 0, time @ ..] = minted.to_be_bytes() else { return None };
    [&time[..], rest].concat().try_into().ok()
}
