//! `daybook restore`: puts a backup in the place of the books, after it has proved itself.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use daybook_core::app::{App, system_clock};
use daybook_core::daybook::state::Part;
use daybook_core::db::{BooksLock, Mode};
use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_rpc::Guard;
use serde_json::json;

use crate::args::Restore;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Files that may stand beside books and belong to them.
const BESIDE: &[&str] = &["", "-wal", "-shm", ".head"];

/// Proves the backup on a copy, moves books that are in the way aside, and puts the copy in place.
pub fn run(named: &Option<PathBuf>, restore: &Restore, screen: &Screen) -> Result<ExitCode, Failure> {
    let target = books::path(named)?;
    if target.exists() && !restore.replace {
        return Err(Failure::at(target.display(), Error::new(Kind::Conflict, "restore.in_the_way").arg("books", target.display())));
    }
    if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).at(folder.display())?;
    }
    let fresh = with_tail(&target, ".restoring");
    let outcome = proved_copy(&restore.input, &fresh).at(restore.input.display()).and_then(|entries| put_in_place(&fresh, &target).map(|kept| (entries, kept)));
    clear(&fresh);
    let (entries, kept) = outcome?;
    report(screen, &target, entries, kept.as_deref())
}

fn report(screen: &Screen, target: &Path, entries: i64, kept: Option<&Path>) -> Result<ExitCode, Failure> {
    if screen.json {
        screen.value(&json!({ "books": target, "entries": entries, "kept": kept }))?;
    } else {
        screen.say(format!("{}: restored with {entries} entries, all proved", target.display()))?;
        if let Some(kept) = kept {
            screen.say(format!("the books that were there are kept as {}", kept.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies the backup, proves the copy, and marks it as one: numbers that were given out after the backup was made
/// may be out in the world. It becomes the books of a device of its own when it is opened for writing, or when
/// somebody signs in at its server.
fn proved_copy(input: &Path, fresh: &Path) -> CoreResult<i64> {
    clear(fresh);
    let failed = |e: std::io::Error| Error::new(Kind::Storage, "disk.failed").arg("what", input.display()).caused_by(e);
    if !input.is_file() {
        return Err(Error::new(Kind::NotFound, "file.missing").arg("what", input.display()));
    }
    std::fs::copy(input, fresh).map_err(failed)?;
    let app = App::open(fresh, Mode::Write, system_clock())?;
    app.verify()?;
    match app.device().part {
        Part::Alone | Part::Device => app.be_a_copy()?,
        Part::Server => app.begin_epoch(app.device().epoch + 1)?,
    }
    // It was said which backup this is: what came after it is not missed again.
    Guard::of_system().forget(app.device().device);
    app.read(|tx, _| daybook_core::daybook::chain::head(tx)).map(|(pos, _)| pos)
}

/// Renames under the lock of the books that are there, so that no other program has them open.
fn put_in_place(fresh: &Path, target: &Path) -> Result<Option<PathBuf>, Failure> {
    let _lock = BooksLock::take(target).at(target.display())?;
    let mut kept = None;
    if target.exists() {
        let aside = with_tail(target, &format!(".replaced-{}", system_clock()().millis()));
        for tail in BESIDE {
            let part = with_tail(target, tail);
            if part.exists() {
                std::fs::rename(&part, with_tail(&aside, tail)).at(part.display())?;
            }
        }
        kept = Some(aside);
    }
    let _ = std::fs::remove_file(with_tail(target, ".head"));
    std::fs::rename(fresh, target).at(target.display())?;
    Ok(kept)
}

fn clear(fresh: &Path) {
    for tail in BESIDE.iter().chain(&[".lock", ".new"]) {
        let _ = std::fs::remove_file(with_tail(fresh, tail));
    }
}

fn with_tail(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}
