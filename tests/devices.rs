//! One server and its devices, side by side in this program: what stories about them begin with.

use std::path::{Path, PathBuf};

use daybook_core::app::{App, Pusher, Standing};
use daybook_core::daybook::wire::{Feed, Pull};
use daybook_core::db::Mode;

use crate::sim::{found, scopes_of};
use crate::support::{clock, empty_books, empty_postgres};

pub fn open(path: &Path) -> App {
    App::open(path, Mode::Write, clock()).expect("books")
}

/// Runs a story with a server on each database and the files of its devices: the owner's, the accountant's and
/// the seller's, which holds no ledger.
pub fn each_server(story: impl Fn(&App, &[PathBuf])) {
    for books in [Some(empty_books()), empty_postgres()].into_iter().flatten() {
        let folder = tempfile::tempdir().unwrap();
        story(&books.app, &found(&books.app, folder.path()));
    }
}

/// Runs a story with the server, the owner's device, the accountant's and the seller's.
pub fn each_story(story: impl Fn(&App, [App; 3])) {
    each_server(|server, files| story(server, [open(&files[0]), open(&files[1]), open(&files[2])]));
}

/// Pushes everything that is pending on the owner's device, under a new epoch when the server knows another life
/// of it.
pub fn push(device: &App, server: &App) -> Vec<String> {
    push_from(device, 0, server)
}

/// The same from the device of this seat.
pub fn push_from(device: &App, seat: usize, server: &App) -> Vec<String> {
    let welcome = server.greet(&device.hello().unwrap(), &scopes_of(seat)).unwrap();
    let after = match device.standing(&welcome).unwrap() {
        Standing::Same { server_has } => server_has,
        Standing::Forked { epoch } => {
            device.begin_epoch(epoch).unwrap();
            0
        }
        standing @ (Standing::OtherLog | Standing::MoreScopes) => panic!("{standing:?}"),
    };
    let Some(push) = device.next_push(after, 500, 1 << 20, true).unwrap() else { return Vec::new() };
    let pusher = Pusher { device: device.device().device, actors: None, scopes: scopes_of(seat) };
    server.accept(&push, &pusher).unwrap().states
}

/// The log after what the device of `seat` has followed; `merge` entries or more come as one step.
pub fn feed(device: &App, seat: usize, server: &App, merge: u64, full: bool) -> Feed {
    let followed = device.followed().unwrap();
    let pull = Pull { cursor: followed.cursor, chain: followed.chain.into(), full, schema: device.schema(), most: u64::MAX, merge };
    server.feed(&pull, device.device().device, &scopes_of(seat)).unwrap()
}
