//! Several people, weeks offline, the same books to the last cent.

use crate::sim::{Faults, World};

/// How many worlds are simulated: `DAYBOOK_SEEDS`, or as many as take a moment.
fn seeds() -> std::ops::Range<u64> {
    let first = std::env::var("DAYBOOK_FIRST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let count: u64 = std::env::var("DAYBOOK_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    first..first + count
}

fn play(seed: u64, faults: Faults) {
    let mut world = World::new(seed, 3, faults);
    for _ in 0..25 {
        world.round();
    }
    world.heal();
    world.check();
}

fn simulate(faults: Faults) {
    for seed in seeds() {
        let outcome = std::panic::catch_unwind(|| play(seed, faults));
        if let Err(panic) = outcome {
            eprintln!("seed {seed} of {faults:?}");
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn on_quiet_days_all_devices_end_with_the_servers_rows() {
    simulate(Faults::NONE);
}

#[test]
fn a_bad_network_loses_nothing_and_doubles_nothing() {
    simulate(Faults { restored: 0, server_restored: 0, ..Faults::ALL });
}

#[test]
fn restored_devices_and_servers_lose_nothing_that_was_sent() {
    simulate(Faults::ALL);
}

#[test]
fn roles_that_come_and_go_bring_and_take_rows_and_nothing_else() {
    simulate(Faults { promoted: 30, ..Faults::NONE });
}

/// A device could not get its rows anew, because SQLite finds a broken link at the commit only.
#[test]
fn an_entry_whose_link_the_server_lost_does_not_hold_up_the_others() {
    play(1035, Faults::ALL);
}
