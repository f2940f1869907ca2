//! Reports over a million documents and five million journal lines, through `reports.run` as the
//! screen asks for them: the first page with the totals of everything.

use daybook_core::app::App;
use serde_json::{Value, json};

use crate::measure::Readings;
use crate::place::{Place, open};
use crate::table::Table;
use crate::{Outcome, Size, scale};

/// Rows of a page on the screen.
const PAGE: usize = 100;

/// Makes the books and asks each report several times.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    let place = Place::new()?;
    drop(place.books("large.books")?);
    let (books, documents) = (place.file("large.books"), size.of(1_000_000));
    scale::parties(&books, size.of(20_000).max(20_000))?;
    scale::items(&books, size.of(10_000))?;
    scale::stock(&books, size.of(10_000))?;
    scale::documents(&books, documents)?;
    let app = open(&books)?;
    let open_items: i64 = app.read(|tx, _| tx.one("SELECT count(*) FROM open_item WHERE open <> 0", &[]))?;
    table.note("… books", &format!("{documents} documents, {} journal lines, {open_items} open items, {} MB", documents * 5, scale::megabytes(&books)?));
    ask(&app, table, "trial balance to the end of a month", json!({"name": "trial_balance", "from": "2025-01-01", "to": "2025-12-31"}))?;
    ask(&app, table, "trial balance in the middle of a month", json!({"name": "trial_balance", "from": "2025-01-01", "to": "2025-12-15"}))?;
    ask(&app, table, "stock on hand, first page and totals", json!({"name": "stock_on_hand", "limit": PAGE}))?;
    ask(&app, table, "open items, first page and totals", json!({"name": "open_items", "limit": PAGE}))?;
    ask(&app, table, "aged receivables, first page and totals", json!({"name": "aged_receivables", "limit": PAGE}))
}

fn ask(app: &App, table: &mut Table, what: &str, question: Value) -> Outcome<()> {
    let mut readings = Readings::default();
    let mut rows = 0;
    for _ in 0..25 {
        let answer = readings.take(|| app.query("reports.run", question.clone()))?;
        rows = answer["count"].as_i64().unwrap_or_default();
    }
    let more = format!("p99 {:.1} ms, CPU {:.1} ms; {rows} rows", readings.p99(), readings.cpu());
    table.row(what, readings.median(), 16.0, " ms", &more);
    Ok(())
}
