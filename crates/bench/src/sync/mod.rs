//! A central server and its devices, over real HTTP on this computer: how many documents it takes, how
//! large they are on the way, how fast a device follows, joins and catches up.

mod office;

use std::time::Instant;

use daybook_core::app::{App, Call, system_clock};
use daybook_core::daybook::wire::Pull;
use daybook_core::db::Mode;
use daybook_sync::driver::{Road, sync_once};
use daybook_sync::pack::{pack, pack_tight};
use serde_json::json;

use self::office::{Laptop, Office};
use crate::measure::{Dice, Readings, millis};
use crate::table::Table;
use crate::trade::Trade;
use crate::{Outcome, Size, scale};

/// How many devices push at once, one document at a time.
const DEVICES: usize = 50;

/// Measures on files, and on PostgreSQL when `DAYBOOK_TEST_POSTGRES` names a server.
pub fn push(size: &Size, table: &mut Table) -> Outcome<()> {
    let postgres = std::env::var("DAYBOOK_TEST_POSTGRES").ok();
    let kinds = [("files", None, 1_500.0, 500.0), ("PostgreSQL", postgres.as_deref(), 1_000.0, 500.0)];
    for (kind, url, batched, singly) in kinds {
        if kind == "files" || url.is_some() {
            throughput(size, table, kind, url, batched, singly)?;
        }
    }
    Ok(())
}

/// Posts `count` five-line invoices on a laptop.
fn post(app: &App, trade: &Trade, dice: &mut Dice, count: i64) -> Outcome<()> {
    for _ in 0..count {
        app.execute(Call::new("billing.post_invoice", json!({ "draft": trade.draft(dice) })))?;
    }
    Ok(())
}

fn throughput(size: &Size, table: &mut Table, kind: &str, url: Option<&str>, batched: f64, singly: f64) -> Outcome<()> {
    let office = Office::open(url)?;
    let tenant = office.tenant()?;
    let trade = Trade::set_up(&tenant.app)?;
    let mut laptop = office.laptop("Batches")?;
    let mut dice = Dice::new(7);
    let count = size.of(2_000);
    post(&laptop.app, &trade, &mut dice, count)?;
    let (mut after, mut pushes, began) = (0, Vec::new(), Instant::now());
    while let Some(push) = laptop.app.next_push(after, 500, usize::MAX, false)? {
        after = laptop.road.push(&push)?.last_seq;
        pushes.push(push);
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    let mut bytes = 0;
    for push in &pushes {
        bytes += pack_tight(push)?.len();
    }
    table.least(&format!("{kind}: documents pushed in batches, per second"), rate, batched, "", &format!("{count} five-line invoices"));
    table.row(&format!("{kind}: bytes per pushed command"), bytes as f64 / count as f64, 40.0, "", "packed; five lines of 400 items for 200 customers");
    single(size, table, kind, &office, &trade, singly)
}

/// Fifty devices push one document after the other.
fn single(size: &Size, table: &mut Table, kind: &str, office: &Office, trade: &Trade, reach: f64) -> Outcome<()> {
    let each = size.of(20).max(5);
    let mut laptops = Vec::new();
    for n in 0..DEVICES {
        let laptop = office.laptop(&format!("Laptop {n}"))?;
        post(&laptop.app, trade, &mut Dice::new(100 + n as u64), each)?;
        laptops.push(laptop);
    }
    let began = Instant::now();
    let pushed: Vec<Result<Readings, String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = laptops.iter_mut().map(|laptop| scope.spawn(|| push_singly(laptop).map_err(|e| e.to_string()))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a thread panicked".to_owned()))).collect()
    });
    let took = began.elapsed().as_secs_f64();
    let mut all = Readings::default();
    for readings in pushed {
        all.add(&readings?);
    }
    let more = format!("{DEVICES} devices, {each} each; median {:.0} ms", all.median());
    table.least(&format!("{kind}: documents pushed singly, per second"), all.count() as f64 / took, reach, "", &more);
    table.row(&format!("{kind}: a single push, p99"), all.p99(), 300.0, " ms", "");
    Ok(())
}

fn push_singly(laptop: &mut Laptop) -> Outcome<Readings> {
    let (mut readings, mut after) = (Readings::default(), 0);
    while let Some(push) = laptop.app.next_push(after, 1, usize::MAX, false)? {
        after = readings.take(|| laptop.road.push(&push))?.last_seq;
    }
    Ok(readings)
}

/// What a device does with what comes.
pub fn device(size: &Size, table: &mut Table) -> Outcome<()> {
    let office = Office::open(None)?;
    let tenant = office.tenant()?;
    let trade = Trade::set_up(&tenant.app)?;
    let (mut busy, mut away, mut idle) = (office.laptop("Busy")?, office.laptop("Away")?, office.laptop("Idle")?);
    let mut dice = Dice::new(11);

    // Only its own acknowledgements.
    post(&busy.app, &trade, &mut dice, size.of(1_000))?;
    push_all(&mut busy)?;
    let (took, applied) = follow(&mut busy)?;
    let more = format!("{} five-line invoices, {}", applied.accepted, if applied.rebased { "rebased" } else { "confirmed in place" });
    table.row("1 000 own documents confirmed", took, 100.0, " ms", &more);

    // Rows of others, nothing pending.
    let feed = idle.road.pull(&pull_of(&idle.app)?)?;
    let packed = pack(&feed)?.len();
    let began = Instant::now();
    let applied = idle.app.follow(&feed)?;
    let rate = applied.rows as f64 / began.elapsed().as_secs_f64();
    table.least("rows followed with nothing pending, per second", rate, 100_000.0, "", &format!("{} rows", applied.rows));
    table.row("bytes per pulled row", packed as f64 / applied.rows.max(1) as f64, 60.0, "", "packed");

    // A thousand pending, a thousand rows of others: everything taken back and run again.
    post(&away.app, &trade, &mut dice, size.of(1_000))?;
    let mut pull = pull_of(&away.app)?;
    pull.most = 150_000;
    let feed = away.road.pull(&pull)?;
    let began = Instant::now();
    let applied = away.app.follow(&feed)?;
    let took = millis(began.elapsed());
    table.row("rebase of 1 000 pending documents", took, 600.0, " ms", &format!("{} rows pulled, rebased: {}", applied.rows, applied.rebased));

    // Three weeks offline.
    post(&away.app, &trade, &mut dice, size.of(4_000))?;
    post(&busy.app, &trade, &mut dice, size.of(1_400))?;
    sync_once(&mut busy.driver, &busy.app, &mut busy.road)?;
    let (before, began) = (away.app.followed()?.cursor, Instant::now());
    sync_once(&mut away.driver, &away.app, &mut away.road)?;
    let took = began.elapsed().as_secs_f64();
    let entries = away.app.followed()?.cursor - before;
    table.row("three weeks offline, to in step", took, 10.0, " s", &format!("5 000 commands pending, {entries} entries pulled"));
    Ok(())
}

fn pull_of(app: &App) -> Outcome<Pull> {
    let followed = app.followed()?;
    Ok(Pull { cursor: followed.cursor, chain: followed.chain.into(), full: false, schema: app.schema(), most: u64::MAX, merge: 0 })
}

fn push_all(laptop: &mut Laptop) -> Outcome<()> {
    let mut after = 0;
    while let Some(push) = laptop.app.next_push(after, 500, usize::MAX, false)? {
        after = laptop.road.push(&push)?.last_seq;
    }
    Ok(())
}

fn follow(laptop: &mut Laptop) -> Outcome<(f64, daybook_core::app::Applied)> {
    let feed = laptop.road.pull(&pull_of(&laptop.app)?)?;
    let began = Instant::now();
    let applied = laptop.app.follow(&feed)?;
    Ok((millis(began.elapsed()), applied))
}

/// A new device of a large firm joins: on files, and on PostgreSQL when `DAYBOOK_TEST_POSTGRES` names a server.
pub fn join(size: &Size, table: &mut Table) -> Outcome<()> {
    let contacts = size.of(1_000_000);
    joins(table, "files", &Office::prepared(None, |books| scale::parties(books, contacts))?)?;
    let Ok(url) = std::env::var("DAYBOOK_TEST_POSTGRES") else { return Ok(()) };
    let office = Office::open(Some(&url))?;
    let folder = tempfile::Builder::new().prefix("daybook-bench-").tempdir()?;
    let books = folder.path().join("contacts.books");
    drop(App::open(&books, Mode::Create, system_clock())?);
    scale::parties(&books, contacts)?;
    scale::pour(&books, "party", &office.tenant()?.app)?;
    joins(table, "PostgreSQL", &office)
}

/// The first device has the copy made; the next one begins with it, and follows what came since.
fn joins(table: &mut Table, kind: &str, office: &Office) -> Outcome<()> {
    let (mut first, took) = timed(|| office.laptop("First"))?;
    let rows: i64 = first.app.read(|tx, _| tx.one("SELECT count(*) FROM party", &[]))?;
    table.row(&format!("{kind}: a new device joins"), took, 15.0, " s", &format!("{rows} rows: made, packed, sent, unpacked"));
    for n in 0..1_000 {
        first.app.execute(Call::new("parties.save_party", json!({ "name": format!("Newcomer {n}"), "country": "GB", "is_customer": true })))?;
    }
    sync_once(&mut first.driver, &first.app, &mut first.road)?;
    let (next, took) = timed(|| office.laptop("Next"))?;
    let more: i64 = next.app.read(|tx, _| tx.one("SELECT count(*) FROM party", &[]))?;
    table.row(&format!("{kind}: the next one"), took, 15.0, " s", &format!("the same copy, and {} entries since", more - rows));
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, f64)> {
    let began = Instant::now();
    let made = work()?;
    Ok((made, began.elapsed().as_secs_f64()))
}
