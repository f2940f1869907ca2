//! Posting a five-line invoice: through the program, and the same rows by bare statements.
//!
//! Two copies of the same books. In turn, the program posts an invoice in one; what it wrote is read
//! back; the same rows are written to the other by prepared statements in one durable transaction,
//! under the same schema with all its keys, checks and triggers. Bare reads nothing: no prices, no
//! rules, no levels. In the end both files must hold the same books.

mod bare;
mod copy;

use daybook_core::app::{App, Call};
use serde_json::json;

use crate::measure::{Dice, Readings};
use crate::place::{Place, open, run as execute};
use crate::table::Table;
use crate::trade::Trade;
use crate::{Outcome, Size};

const WARM: usize = 50;

/// Posts several hundred invoices both ways.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    let place = Place::new()?;
    let app = place.books("program.books")?;
    let trade = Trade::set_up(&app)?;
    let mut dice = Dice::new(5);
    // The first one opens series and marks rates as used; that happens once.
    execute(&app, "billing.post_invoice", json!({ "draft": trade.draft(&mut dice) }))?;
    app.storage().books().ok_or("no file")?.backup(&place.file("bare.books"))?;
    let mut bare = bare::Bare::open(&place.file("bare.books"))?;
    let mut copy = copy::Copy::of(&place.file("program.books"))?;
    let (mut program, mut plain) = (Readings::default(), Readings::default());
    let rounds = WARM + usize::try_from(size.of(600).max(200))?;
    for round in 0..rounds {
        let call = Call::new("billing.post_invoice", json!({ "draft": trade.draft(&mut dice) }));
        let outcome = program.take(|| app.execute(call))?;
        let steps = copy.steps(outcome.pos)?;
        plain.take(|| bare.write(&steps))?;
        if round + 1 == WARM {
            (program, plain) = (Readings::default(), Readings::default());
        }
    }
    tell(table, &program, &plain, copy.written());
    drop(copy);
    drop(bare);
    same_books(app, &place)
}

fn tell(table: &mut Table, program: &Readings, plain: &Readings, written: usize) {
    let times = format!(
        "{:.2} against {:.2} ms; p99 {:.2} against {:.2} ms; {} each; {written} rows written",
        program.median(),
        plain.median(),
        program.p99(),
        plain.p99(),
        program.count()
    );
    table.row("post a 5-line invoice, durable, over bare statements", program.median() / plain.median(), 1.5, " ×", &times);
    let (one, other) = (program.cpu() * 1000.0, plain.cpu() * 1000.0);
    table.note("… processor time of one", &format!("{one:.0} µs against {other:.0} µs, {:.2} ×", one / other));
}

/// The two ways ended with the same rows.
fn same_books(app: App, place: &Place) -> Outcome<()> {
    let program = app.dump_hash()?;
    drop(app);
    let bare = open(&place.file("bare.books"))?.dump_hash()?;
    if program == bare { Ok(()) } else { Err("the bare statements wrote other rows than the program".into()) }
}
