//! The Online Retail import: two real months of a wholesaler, from the packed file to posted documents.

use std::ops::ControlFlow;
use std::time::Instant;

use daybook_core::app::ImportFile;

use crate::measure::{forget_peak, peak_memory, thread_time};
use crate::place::Place;
use crate::table::Table;
use crate::{Outcome, Size};

const RETAIL: &[u8] = include_bytes!("../../../tests/data/online-retail/online-retail.csv.gz");

/// Imports the file into fresh books.
pub fn run(_: &Size, table: &mut Table) -> Outcome<()> {
    let place = Place::new()?;
    let app = place.books("retail.books")?;
    forget_peak();
    let (wall, cpu) = (Instant::now(), thread_time());
    let file = ImportFile { name: "online-retail.csv.gz", bytes: RETAIL, mapping: None, mended: &[] };
    let report = app.import_sales(&file, &mut |_, _, _| ControlFlow::Continue(()))?;
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), thread_time().saturating_sub(cpu).as_secs_f64());
    let documents = report.counts.invoices + report.counts.credit_notes;
    let size = std::fs::metadata(place.file("retail.books"))?.len() / 1_000_000;
    let more = format!("CPU {cpu:.1} s; {documents} documents, {} rows, {size} MB of books", report.rows);
    table.row("Online Retail import", wall, 30.0, " s", &more);
    table.row("… most memory", peak_memory()?, 300.0, " MB", "");
    Ok(())
}
