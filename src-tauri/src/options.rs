//! What can be said on the command line.

use std::path::PathBuf;
use std::sync::Arc;

use daybook_core::shared::error::Result;
use daybook_rpc::{Access, Desk, Guard, default_books, fill_sample, sample_books};

/// Daybook in a window.
#[derive(clap::Parser)]
#[command(name = "daybook-desktop", version)]
pub struct Options {
    /// The books file; `firm.books` in your data folder when absent.
    #[arg(env = "DAYBOOK_BOOKS")]
    books: Option<PathBuf>,
    /// Open the sample company, made on the first run, in books of its own.
    #[arg(long, conflicts_with = "books")]
    sample: bool,
    /// Change nothing, and let another program hold the books.
    #[arg(long)]
    read_only: bool,
}

impl Options {
    /// The books file that is meant.
    pub fn path(&self) -> Result<PathBuf> {
        match &self.books {
            _ if self.sample => sample_books(),
            Some(path) => Ok(std::path::absolute(path).unwrap_or_else(|_| path.clone())),
            None => default_books(),
        }
    }
    /// The desk with these books. Books that cannot be opened now are no error here: the window shows
    /// why and tries again.
    pub fn desk(&self) -> Result<Arc<Desk>> {
        let access = if self.read_only { Access::Read } else { Access::Write };
        let desk = Desk::at(&self.path()?, access, Guard::of_system());
        if self.sample && matches!(desk.has_company(), Ok(false)) {
            fill_sample(&desk)?;
        }
        Ok(desk)
    }
}
