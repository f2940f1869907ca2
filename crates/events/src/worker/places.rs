//! How many lanes there may be at the same time, over all books that share the places.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Places for lanes.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    taken: AtomicUsize,
}

impl Places {
    /// `most` places, all of them free.
    pub(super) fn new(most: usize) -> Self {
        Places { most, taken: AtomicUsize::new(0) }
    }
    /// Takes a place, if one is free.
    pub(super) fn take(&self) -> bool {
        self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| (taken < self.most).then(|| taken + 1)).is_ok()
    }
    /// Gives a place back.
    pub(super) fn leave(&self) {
        self.taken.fetch_sub(1, Ordering::AcqRel);
    }
}
