//! One large firm that an older program left: how long it takes until its books are open, brought up to date.

use std::time::Instant;

use daybook_core::app::App;
use daybook_core::db::Mode;
use serde_json::json;

use super::{house, older};
use crate::place::Place as Folder;
use crate::table::Table;
use crate::{Outcome, Size, scale};

/// The most it may take, in seconds.
const REACH: f64 = 60.0;

/// Measures it on files. The digest of every row is computed anew, and a verified copy is made before.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    let count = size.of(100_000);
    let folder = Folder::new()?;
    let books = folder.file("large.books");
    let open = |mode| {
        let timer = house::timer();
        App::open(&books, mode, Box::new(move || timer()))
    };
    let app = open(Mode::Create)?;
    app.become_server()?;
    app.set_up(json!({"name": "Acme Ltd", "country": "GB", "currency": "GBP"}))?;
    drop(app);
    scale::parties(&books, 20_000)?;
    scale::items(&books, count)?;
    scale::documents(&books, count)?;
    rusqlite::Connection::open(&books)?.execute_batch("INSERT INTO purchase_price (item, purchase_price) SELECT id, 5000000 FROM item")?;
    older::file(&books)?;
    let began = Instant::now();
    let app = open(Mode::Write)?;
    let seconds = began.elapsed().as_secs_f64();
    drop(app);
    let began = Instant::now();
    drop(open(Mode::Write)?);
    let more = format!("{} MB; opened again {:.2} s", scale::megabytes(&books)?, began.elapsed().as_secs_f64());
    table.row(&format!("files: an older firm of {count} items and {count} invoices brought up to date"), seconds, REACH, " s", &more);
    Ok(())
}
