//! `daybook verify`: proves that the books are right.

use std::path::PathBuf;
use std::process::ExitCode;

use daybook_core::app::Proof;
use serde_json::json;

use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Proves everything there is to prove and says what was proved.
pub fn run(named: &Option<PathBuf>, screen: &Screen) -> Result<ExitCode, Failure> {
    let desk = books::for_reading(named)?;
    let proof = desk.with(|app| app.verify()).at(desk.path().display())?;
    if screen.json {
        screen.value(&json!({ "proved": proof }))?;
    } else {
        print(screen, &proof)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(screen: &Screen, proof: &Proof) -> Result<(), Failure> {
    let proved = [
        (proof.daybook_entries, "entries of the daybook, each linked to the one before it"),
        (proof.numbers, "document numbers, gapless and linked"),
        (proof.documents, "posted documents whose content, totals and number agree"),
        (proof.journal_entries, "journal entries that balance; balances, open items and sub-ledgers equal their sources"),
        (proof.stock_levels, "stock levels that equal their moves; the value of stock equals its account"),
        (proof.searched, "records that search finds by what they say"),
        (proof.files, "files whose content has the hash it is named by"),
        (proof.files_elsewhere, "files whose content is elsewhere, on its way or never asked for"),
    ];
    let proved: Vec<_> = proved.into_iter().take(if proof.files_elsewhere > 0 { 8 } else { 7 }).collect();
    let widest = proved.iter().map(|(count, _)| count.to_string().len()).max().unwrap_or_default();
    screen.write(|out| {
        proved.iter().try_for_each(|(count, what)| writeln!(out, "{count:>widest$}  {what}"))?;
        writeln!(out, "\nthe books are right")
    })
}
