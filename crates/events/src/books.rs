//! Books to deliver from: open ones of a server, or those that lie on a desk and may be exchanged.

use std::sync::Arc;

use daybook_core::app::App;
use daybook_core::shared::Result;
use daybook_rpc::Desk;

/// Where the books are reached, for a moment at a time.
pub trait Books: Sync {
    /// Runs `work` on the books.
    fn with<T>(&self, work: impl FnOnce(&App) -> Result<T>) -> Result<T>;
    /// Whether nothing is to leave them now.
    fn pause(&self) -> Result<bool> {
        Ok(false)
    }
}

impl<B: Books> Books for &B {
    fn with<T>(&self, work: impl FnOnce(&App) -> Result<T>) -> Result<T> {
        (*self).with(work)
    }
    fn pause(&self) -> Result<bool> {
        (*self).pause()
    }
}

impl Books for App {
    fn with<T>(&self, work: impl FnOnce(&App) -> Result<T>) -> Result<T> {
        work(self)
    }
}

impl Books for Arc<Desk> {
    fn with<T>(&self, work: impl FnOnce(&App) -> Result<T>) -> Result<T> {
        Desk::with(self, work)
    }
}
