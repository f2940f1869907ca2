//! Makes the script of a world that fails shorter while it still fails.

use super::{Kind, Op, played};

/// The shortest script found that still shows something, and what it shows. Leaves out stretches, long
/// ones first, and stops after so many worlds.
pub fn shrunk(kind: Kind, script: &[Op], most: usize) -> (Vec<Op>, String) {
    let mut best = script.to_vec();
    let mut shown = played(kind, &best).err().unwrap_or_default();
    let (mut size, mut worlds) = (best.len() / 2, 0);
    while size > 0 && worlds < most {
        let mut place = 0;
        let before = best.len();
        while place < best.len() && worlds < most {
            let mut shorter = best.clone();
            shorter.drain(place..(place + size).min(best.len()));
            worlds += 1;
            match played(kind, &shorter) {
                Err(what) => (best, shown) = (shorter, what),
                Ok(()) => place += size,
            }
        }
        if size > 1 || best.len() == before {
            size /= 2;
        }
    }
    (best, shown)
}
