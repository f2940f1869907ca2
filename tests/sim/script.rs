//! A world as a script: every deed with its own seed, so that one left out changes no other.

use super::Dice;

/// What may go wrong with one message, in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Road {
    /// A request that never arrives.
    pub lost: u64,
    /// An answer that never arrives: the server has done it.
    pub unanswered: u64,
    /// A request that arrives twice.
    pub doubled: u64,
    /// An old push that arrives again, much later.
    pub repeated: u64,
    /// A push of which a bit changed.
    pub altered: u64,
    /// An answer with a row that is not the server's.
    pub false_rows: u64,
    /// A server that is another program for a while: newer or older than the device.
    pub other_program: u64,
}

impl Road {
    /// A road on which nothing happens.
    pub const GOOD: Road = Road { lost: 0, unanswered: 0, doubled: 0, repeated: 0, altered: 0, false_rows: 0, other_program: 0 };
    const BAD: Road = Road { lost: 15, unanswered: 10, doubled: 8, repeated: 5, altered: 4, false_rows: 0, other_program: 3 };
    const WORST: Road = Road { false_rows: 6, ..Road::BAD };
}

/// A kind of world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing goes wrong.
    Quiet,
    /// The office changes roles, prices, periods and parties while others work; clocks are years off;
    /// commands panic on the server.
    Office,
    /// A bad network; devices and the server are killed at any step, disks are full.
    Network,
    /// All of it, and files are copied, restored and run twice, and the server is restored.
    Disaster,
}

impl Kind {
    /// What happens on its roads.
    pub fn road(self) -> Road {
        match self {
            Kind::Quiet | Kind::Office => Road::GOOD,
            Kind::Network => Road::BAD,
            Kind::Disaster => Road::WORST,
        }
    }
    /// Whether the rows of a device never have to come anew.
    pub fn is_steady(self) -> bool {
        self != Kind::Disaster
    }
    /// The deeds beside work and sync, with their weight in thousandths per device and round.
    fn mishaps(self) -> &'static [(u64, fn(u32) -> Deed)] {
        const OFFICE: &[(u64, fn(u32) -> Deed)] = &[(120, |_| Deed::Office), (40, |_| Deed::Poisoned), (30, |n| Deed::Skew(i64::from(n % 19) - 9))];
        const NETWORK: &[(u64, fn(u32) -> Deed)] = &[
            (40, |_| Deed::Office),
            (10, |_| Deed::Poisoned),
            (40, |_| Deed::Kill),
            (120, Deed::SyncKilled),
            (40, Deed::SyncFull),
            (20, |n| Deed::WorkKilled(n % 2)),
        ];
        const DISASTER: &[(u64, fn(u32) -> Deed)] = &[
            (60, |_| Deed::Office),
            (10, |_| Deed::Poisoned),
            (10, |n| Deed::Skew(i64::from(n % 19) - 9)),
            (60, Deed::SyncKilled),
            (20, Deed::SyncFull),
            (50, |_| Deed::Copy),
            (25, |_| Deed::Restore),
            (15, |_| Deed::Clone),
            (25, |_| Deed::CopyServer),
            (15, |_| Deed::RestoreServer),
        ];
        match self {
            Kind::Quiet => &[],
            Kind::Office => OFFICE,
            Kind::Network => NETWORK,
            Kind::Disaster => DISASTER,
        }
    }
}

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Somebody attaches a file on the device.
    Attach,
    /// Somebody does something on the device.
    Work,
    /// The same, and it panics wherever it runs again.
    Poisoned,
    /// The same, and the program dies after so many steps.
    WorkKilled(u32),
    /// The device syncs.
    Sync,
    /// The same, and device or server die after so many steps.
    SyncKilled(u32),
    /// The same, and the disk of device or server is full after so many steps.
    SyncFull(u32),
    /// The device is killed and started again.
    Kill,
    /// What is pending is taken back and run again.
    Rebase,
    /// Somebody copies the device's file.
    Copy,
    /// Somebody puts the copy back.
    Restore,
    /// Somebody runs the copy on another machine.
    Clone,
    /// The device's clock is so many years off.
    Skew(i64),
    /// The office does something on the server.
    Office,
    /// The server's file is copied.
    CopyServer,
    /// The copy is put back.
    RestoreServer,
}

/// A deed at a device, after a while.
#[derive(Clone, Copy, Debug)]
pub struct Op {
    pub device: usize,
    pub deed: Deed,
    pub seed: u64,
    pub after_ms: i64,
}

/// Devices that a world begins with.
pub const DEVICES: usize = 3;
/// Clones come after them.
const DEVICES_MAX: usize = 5;
/// Rounds of a world.
const ROUNDS: usize = 24;
/// Three weeks.
const WEEKS_MS: i64 = 21 * 86_400_000;

/// The script of the world of a kind with this seed.
pub fn script(kind: Kind, seed: u64) -> Vec<Op> {
    let mut dice = Dice::new(seed);
    // Of its own, so that files change no other deed of a world.
    let mut papers = Dice::new(seed ^ 0x000f_11e5);
    let mut ops = Vec::new();
    let mut away = [0_u32; DEVICES_MAX];
    for _ in 0..ROUNDS {
        for (device, away) in away.iter_mut().enumerate() {
            let mut after_ms = 1_000 + dice.below(20_000);
            if device < DEVICES && *away == 0 && dice.chance(4) {
                (*away, after_ms) = (3, if kind == Kind::Quiet { after_ms } else { WEEKS_MS });
            }
            let mut push = |deed: Deed, dice: &mut Dice| ops.push(Op { device, deed, seed: dice.next(), after_ms });
            if papers.chance(8) {
                push(Deed::Attach, &mut papers);
            }
            for _ in 0..1 + i64::from(*away > 0) {
                if dice.chance(80) {
                    push(Deed::Work, &mut dice);
                }
            }
            for (weight, deed) in kind.mishaps() {
                if dice.next() % 1_000 < *weight {
                    let steps = u32::try_from(dice.below(24)).unwrap();
                    push(deed(steps), &mut dice);
                }
            }
            if dice.chance(4) {
                push(Deed::Rebase, &mut dice);
            }
            if *away > 0 {
                *away -= 1;
            } else {
                push(Deed::Sync, &mut dice);
            }
        }
    }
    ops
}
