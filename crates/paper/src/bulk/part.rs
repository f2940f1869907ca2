//! A file that gets its name when it is whole, and vanishes if it never is.

use std::fs::{self, File};
use std::io::{BufWriter, Result, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file being written under another name.
pub(crate) struct PartFile {
    file: BufWriter<File>,
    path: PathBuf,
    part: PathBuf,
    finished: bool,
}

impl PartFile {
    /// Begins a file that is to be called `path`.
    pub fn create(path: &Path) -> Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let file = BufWriter::new(File::create(&part)?);
        Ok(Self { file, path: path.to_owned(), part, finished: false })
    }

    /// Gives the file its name.
    pub fn finish(mut self) -> Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        fs::rename(&self.part, &self.path)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.finished {
            // Nobody is left to tell; a file that stays behind is recognisable by its name.
            let _ = fs::remove_file(&self.part);
        }
    }
}

impl Write for PartFile {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}

impl Seek for PartFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.file.seek(to)
    }
}
