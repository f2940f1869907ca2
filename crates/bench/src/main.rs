//! Measures what Daybook promises and prints one table: what, measured, reach, ratio.
//!
//! `daybook-bench [--quick] [import] [post] [reports] [lists] [paper] [push] [device] [join] [connected] [tenants] [large]` runs all of it, or the named
//! parts. `--quick` takes a tenth of the data: for a look, not for a claim. Generated books lie in a
//! temporary folder (`TMPDIR`) and go away at the end.

mod lists;
mod load;
mod measure;
mod paper;
mod place;
mod posting;
mod reports;
mod retail;
mod scale;
mod sync;
mod table;
mod trade;

use std::process::ExitCode;

use crate::table::Table;

/// Anything may go wrong; a measurement that fails says why and stops.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How much data, and which parts.
struct Size {
    quick: bool,
}

impl Size {
    /// `full` rows, or a tenth of them.
    fn of(&self, full: i64) -> i64 {
        if self.quick { full / 10 } else { full }
    }
}

type Part = fn(&Size, &mut Table) -> Outcome<()>;
/// Import comes first: its memory is measured in a process that has done nothing else yet.
const PARTS: &[(&str, Part)] = &[
    ("import", retail::run),
    ("post", posting::run),
    ("reports", reports::run),
    ("lists", lists::run),
    ("paper", paper::run),
    ("push", sync::push),
    ("device", sync::device),
    ("join", sync::join),
    ("connected", load::connected::run),
    ("tenants", load::tenants::run),
    ("large", load::large::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == load::house::WORD) {
        return match load::house::serve(&words[1..]) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: server: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let size = Size { quick: words.iter().any(|word| word == "--quick") };
    let named: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.starts_with("--")).collect();
    if let Some(unknown) = named.iter().find(|word| !PARTS.iter().any(|(name, _)| name == *word)) {
        eprintln!(
            "error: there is no part {unknown}\n  next: daybook-bench [--quick] [import] [post] [reports] [lists] [paper] [push] [device] [join] [connected] [tenants] [large]"
        );
        return ExitCode::FAILURE;
    }
    let mut table = Table::default();
    for (name, part) in PARTS.iter().filter(|(name, _)| named.is_empty() || named.contains(name)) {
        eprintln!("== {name}");
        if let Err(error) = part(&size, &mut table) {
            eprintln!("error: {name}: {error}");
            return ExitCode::FAILURE;
        }
    }
    table.print(size.quick);
    ExitCode::SUCCESS
}
