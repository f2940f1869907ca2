//! The same paper gives the same bytes: in one process, in another, and since the golden was taken.

use std::fmt::Write;
use std::fs;

use crate::{print, samples, tests_folder};

#[test]
fn one_process_prints_the_same_twice() {
    for (name, paper) in samples::all() {
        assert_eq!(print(&paper), print(&paper), "{name}");
    }
}

#[test]
fn threads_print_the_same() {
    let paper = samples::german();
    let expected = print(&paper);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(print(&paper), expected));
        }
    });
}

/// `UPDATE_GOLDENS=1` takes new ones; look at the pages before committing them.
#[test]
fn bytes_are_those_of_the_goldens() {
    let file = tests_folder().join("goldens/paper/hashes.txt");
    let mut hashes = String::new();
    for (name, paper) in samples::all() {
        let bytes = print(&paper);
        writeln!(hashes, "{} {:>7} {name}", blake3::hash(&bytes), bytes.len()).unwrap();
    }
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&file, &hashes).unwrap();
    }
    let golden = fs::read_to_string(&file).unwrap();
    assert_eq!(hashes, golden.replace("\r\n", "\n"), "printed documents changed; see {}", file.display());
}
