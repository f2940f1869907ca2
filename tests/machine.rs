//! What a device does next, whatever happens: it never waits for ever.

use daybook_sync::{Action, Event, Failure, Machine, Status};

use crate::sim::Dice;

const HOUR_MS: i64 = 3_600_000;

fn any(dice: &mut Dice) -> Event {
    let (cursor, head) = (dice.below(9), dice.below(9));
    let failures = [
        Failure::Unreachable,
        Failure::OutOfStep,
        Failure::Forked(2),
        Failure::Lost,
        Failure::NeedFull,
        Failure::NeedWords,
        Failure::SignedOut,
        Failure::Version,
        Failure::Refused,
    ];
    match dice.below(12) {
        0 => Event::Now,
        1 => Event::Entry,
        2 => Event::Poke,
        3 => Event::Greeted { server_has: 3, head },
        4 => Event::Taken { server_has: 3, head },
        5 => Event::NothingToPush,
        6 => Event::Followed { cursor, head, waiting: dice.chance(50) },
        7 => Event::Renewed { cursor },
        8 | 9 => Event::Failed(*dice.one(&failures).expect("failures")),
        _ => Event::Tick,
    }
}

#[test]
fn every_state_that_waits_has_a_deadline_and_goes_on_after_it() {
    let mut dice = Dice::new(5);
    for _ in 0..2_000 {
        let (mut machine, mut now_ms) = (Machine::new(0), 0);
        for _ in 0..40 {
            now_ms += dice.below(90_000);
            let event = any(&mut dice);
            let action = machine.step(&event, now_ms, dice.next());
            let Action::Wait { until_ms } = action else { continue };
            assert!(until_ms <= now_ms + HOUR_MS, "{event:?}: waits {} ms in {:?}", until_ms - now_ms, machine.status());
            let mut later = machine.clone();
            let next = later.step(&Event::Tick, until_ms, dice.next());
            assert!(next != action, "{event:?}: still waits for the same after it");
        }
    }
}

#[test]
fn a_device_of_another_version_tells_and_looks_again_in_an_hour() {
    for failure in [Failure::Version, Failure::SignedOut, Failure::Refused] {
        let mut machine = Machine::new(0);
        assert_eq!(machine.step(&Event::Now, 0, 1), Action::Greet);
        assert_eq!(machine.step(&Event::Failed(failure), 5, 1), Action::Wait { until_ms: HOUR_MS + 5 });
        assert_eq!(machine.status(), Status::NeedsYou(failure));
        for event in [Event::Tick, Event::Entry, Event::Poke] {
            assert_eq!(machine.step(&event, HOUR_MS, 1), Action::Wait { until_ms: HOUR_MS + 5 }, "not before");
        }
        assert_eq!(machine.step(&Event::Tick, HOUR_MS + 5, 1), Action::Greet);
        machine.step(&Event::Greeted { server_has: 0, head: 0 }, HOUR_MS + 6, 1);
        assert_ne!(machine.status(), Status::NeedsYou(failure));
    }
}
