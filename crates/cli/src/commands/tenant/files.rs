//! `daybook tenant files`: what the scanner found, and what waits for it.

use daybook_core::files::scan::{self, Judged};
use daybook_server::central::Place;
use serde_json::json;

use crate::failure::{Failure, Placed};
use crate::screen::Screen;
use crate::table::{self, Column};

/// Lists the files of a tenant that are not clean; first puts all of them back, if asked to.
pub fn run(place: &Place, name: &str, scan_again: bool, screen: &Screen) -> Result<(), Failure> {
    if scan_again {
        let count = place.write_beside(name, scan::again).at(name)?;
        return if screen.json {
            screen.value(&json!({ "tenant": name, "again": count }))
        } else {
            screen.say(format!("{name}: files in quarantine: {count}"))
        };
    }
    let found = place.read_beside(name, scan::not_clean).at(name)?;
    if screen.json {
        return screen.value(&json!({ "tenant": name, "files": found }));
    }
    let rows: Vec<Vec<String>> = found.iter().map(cells).collect();
    screen.write(|out| {
        let mut columns: Vec<Column> = ["hash", "name", "bytes", "state", "tries"].map(Column::whole).into_iter().collect();
        columns.push(Column::new("said", false));
        table::write(out, &columns, &rows)
    })
}

fn cells(file: &Judged) -> Vec<String> {
    let short = file.hash.as_str().get(..16).unwrap_or_default().to_owned();
    vec![short, file.name.clone(), file.size.to_string(), file.state.clone(), file.tries.to_string(), file.said.clone()]
}
