//! Two servers on one PostgreSQL, many devices that push through either, and readers that pull all the
//! time: nobody ever misses a position, however long a writer takes between taking one and its commit.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use daybook_core::app::{App, Pusher, system_clock};
use daybook_core::daybook::wire::Pull;
use daybook_core::db::PgPool;
use daybook_core::planted::{Defect, plant};
use serde_json::json;

use super::serve;
use super::sync::Laptop;
use daybook_server::central::{Rates, Settings};

const DEVICES: usize = 6;
const EACH: usize = 15;

/// A writer rests up to 30 ms after it has taken a position: others may commit meanwhile, if they can.
const REST: &str = "CREATE SEQUENCE planted_position; \
    CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(random() * 0.03); RETURN NULL; END $$; \
    CREATE TRIGGER rest AFTER INSERT ON log_entry FOR EACH ROW EXECUTE FUNCTION rest()";

#[test]
fn no_reader_ever_misses_a_position() {
    let Some((committed, seen)) = play(None) else { return };
    assert_eq!(committed, (1..=committed.len() as i64).collect(), "dense");
    assert!(committed.len() >= DEVICES * EACH, "{}", committed.len());
    for reader in seen {
        assert_eq!(reader, committed.iter().copied().collect::<Vec<_>>(), "in order, each once");
    }
}

/// The experiment shows what it looks for: a sequence in the place of the locked counter is caught.
#[test]
fn a_sequence_as_cursor_is_caught() {
    let Some((committed, seen)) = play(Some(Defect::SequenceCursor)) else { return };
    let missed: Vec<usize> = seen.iter().map(|reader| committed.iter().filter(|pos| !reader.contains(pos)).count()).collect();
    println!("{} committed, missed by each reader: {missed:?}", committed.len());
    assert!(missed.iter().any(|missed| *missed > 0), "{missed:?} of {}", committed.len());
}

/// The positions that were committed, and what each reader saw in which order; nothing without PostgreSQL.
fn play(defect: Option<Defect>) -> Option<(BTreeSet<i64>, Vec<Vec<i64>>)> {
    let url = std::env::var("DAYBOOK_TEST_POSTGRES").ok()?;
    let rates = Rates { sign_ins_account: 100, ..Rates::default() };
    let served = serve(1, Settings { rates, ..Settings::default() });
    let firm = served.firm("Acme Ltd");
    let laptops: Vec<Laptop> = (0..DEVICES).map(|n| Laptop::join(&firm, &format!("Laptop {n}"))).collect();
    for (n, laptop) in laptops.iter().enumerate() {
        (0..EACH).for_each(|turn| drop(laptop.run("parties.save_party", json!({"name": format!("Party {n} {turn}"), "country": "GB"}))));
    }
    let servers: Vec<App> = (0..2).map(|_| open(&url, &firm.name)).collect();
    servers[0].storage().write(|tx| tx.raw(REST)).expect("rest");
    let head = positions(&servers[0]).last().copied().unwrap_or_default();
    servers[0].storage().write(|tx| tx.raw(&format!("SELECT setval('planted_position', {})", head.max(1)))).expect("sequence");
    let writing = AtomicUsize::new(DEVICES);
    let seen = std::thread::scope(|scope| {
        let (servers, writing) = (&servers, &writing);
        for (n, laptop) in laptops.iter().enumerate() {
            scope.spawn(move || {
                plant(defect);
                push_all(laptop, servers, n);
                writing.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let readers: Vec<_> = servers.iter().map(|server| scope.spawn(move || follow(server, writing, defect))).collect();
        readers.into_iter().map(|reader| reader.join().expect("a reader")).collect()
    });
    Some((positions(&servers[0]), seen))
}

fn open(url: &str, tenant: &str) -> App {
    let pool: Arc<PgPool> = PgPool::new(url, DEVICES + 2).expect("pool");
    App::open_postgres(pool, tenant, system_clock()).expect("books")
}

fn positions(app: &App) -> BTreeSet<i64> {
    let rows: Vec<(i64,)> = app.read(|tx, _| tx.all("SELECT pos FROM log_entry", &[])).expect("positions");
    rows.into_iter().map(|(pos,)| pos).collect()
}

/// Pushes one entry after the other, through one server and the other in turn.
fn push_all(laptop: &Laptop, servers: &[App], n: usize) {
    let pusher = Pusher { device: laptop.app.device().device, actors: None, scopes: App::all_scopes() };
    let mut after = 0;
    for turn in n.. {
        let Some(push) = laptop.app.next_push(after, 1, usize::MAX, false).expect("push") else { return };
        after = servers[turn % servers.len()].accept(&push, &pusher).expect("accepted").last_seq;
    }
}

/// Pulls until nobody writes any more; the positions in the order in which they came.
fn follow(server: &App, writing: &AtomicUsize, defect: Option<Defect>) -> Vec<i64> {
    plant(defect);
    let (mut cursor, mut chain, mut seen) = (0, Vec::new(), Vec::new());
    loop {
        let last = writing.load(Ordering::SeqCst) == 0;
        let pull = Pull { cursor, chain: chain.into(), full: false, schema: server.schema(), most: u64::MAX, merge: 0 };
        let feed = server.feed(&pull, server.device().device, &App::all_scopes()).expect("a stretch of the log");
        seen.extend(feed.steps.iter().map(|step| step.pos));
        (cursor, chain) = (feed.to, feed.chain.to_vec());
        if last {
            return seen;
        }
    }
}
