//! Defects that somebody might make, each planted by name and caught by the proof of sync.

use std::sync::atomic::{AtomicUsize, Ordering};

use daybook_core::planted::{Defect, plant};

use crate::sim::{Kind, played, script};

/// The most worlds of each kind that are played to catch one.
const WORLDS: u64 = 80;
/// Which kinds of worlds are played, the roughest first.
const KINDS: [Kind; 3] = [Kind::Disaster, Kind::Network, Kind::Office];

/// Plays worlds until one shows the defect; says which and what it shows.
fn caught(defect: Defect) -> Option<String> {
    plant(Some(defect));
    let found = (0..WORLDS).flat_map(|seed| KINDS.map(|kind| (kind, seed))).find_map(|(kind, seed)| {
        let shown = played(kind, &script(kind, seed)).err()?;
        let first: String = shown.lines().next().unwrap_or_default().chars().take(110).collect();
        Some(format!("{kind:?} seed {seed}: {first}"))
    });
    plant(None);
    found
}

#[test]
fn every_planted_defect_is_caught() {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut told = Vec::new();
        while let Some(defect) = Defect::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
            told.push((*defect, caught(*defect)));
        }
        told
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let told: Vec<_> = std::thread::scope(|scope| {
        let players: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        players.into_iter().flat_map(|player| player.join().expect("a player")).collect()
    });
    for (defect, found) in &told {
        println!("{:<16} {}", format!("{defect:?}"), found.as_deref().unwrap_or("NOT CAUGHT"));
    }
    let missed: Vec<_> = told.iter().filter(|(_, found)| found.is_none()).map(|(defect, _)| defect).collect();
    assert!(missed.is_empty(), "not caught: {missed:?}");
}
