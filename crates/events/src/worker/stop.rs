//! Asking a worker to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A sign that is put up once; clones are the same sign.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks for the end.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Release);
    }
    /// Whether it was asked for.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
