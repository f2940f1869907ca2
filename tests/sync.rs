//! Several people, weeks offline, the same books to the last cent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::sim::{Kind, played, played_on, script, shrunk};
use crate::support::empty_postgres;

/// How many worlds of each kind `make test` plays: 200 in all.
const SEEDS: u64 = 50;
/// After how many worlds a long run says how far it is.
const PROGRESS: u64 = 100;
/// The most worlds that are played to make a script shorter.
const SHRINKING: usize = 150;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Plays worlds of a kind with all cores; panics with the seed and the shortened script of the first
/// that fails. `DAYBOOK_FIRST_SEED` and `DAYBOOK_SEEDS` choose others.
fn simulate(kind: Kind) {
    let first = number("DAYBOOK_FIRST_SEED", 0);
    let next = AtomicU64::new(first);
    let end = first + number("DAYBOOK_SEEDS", SEEDS);
    let (started, cores) = (Instant::now(), std::thread::available_parallelism().map_or(1, usize::from));
    let failed = std::thread::scope(|scope| {
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= end {
                    return None;
                }
                if played(kind, &script(kind, seed)).is_err() {
                    next.store(end, Ordering::Relaxed);
                    return Some(seed);
                }
                if (seed - first + 1).is_multiple_of(PROGRESS) {
                    println!("{kind:?}: {} worlds in {} s", seed - first + 1, started.elapsed().as_secs());
                }
            }
        };
        let players: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        players.into_iter().filter_map(|player| player.join().expect("a player")).min()
    });
    if let Some(seed) = failed {
        let (script, shown) = shrunk(kind, &script(kind, seed), SHRINKING);
        let told: Vec<String> = script.iter().map(|op| format!("  {op:?}")).collect();
        panic!("{kind:?} seed {seed}: {shown}\n{} deeds are left of it:\n{}", told.len(), told.join("\n"));
    }
}

#[test]
fn on_quiet_days_all_devices_end_with_the_servers_rows() {
    simulate(Kind::Quiet);
}

#[test]
fn what_the_office_decides_meanwhile_holds_everywhere() {
    simulate(Kind::Office);
}

#[test]
fn a_bad_network_and_sudden_deaths_lose_nothing_and_double_nothing() {
    simulate(Kind::Network);
}

#[test]
fn restored_and_copied_devices_and_servers_lose_nothing_that_was_sent() {
    simulate(Kind::Disaster);
}

#[test]
fn a_server_on_postgresql_comes_to_the_same() {
    for seed in 0..number("DAYBOOK_SEEDS", 2).min(20) {
        for kind in [Kind::Quiet, Kind::Office] {
            let Some(books) = empty_postgres() else { return };
            if let Err(shown) = played_on(books.app, kind, &script(kind, seed)) {
                panic!("{kind:?} seed {seed}: {shown}");
            }
        }
    }
}
