//! Clocks and what follows from many readings.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::Outcome;

/// Readings of the same thing: time on the wall and time on a processor.
#[derive(Default)]
pub struct Readings {
    wall: Vec<Duration>,
    cpu: Duration,
}

impl Readings {
    /// Does `work` and keeps how long it took.
    pub fn take<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (wall, cpu) = (Instant::now(), thread_time());
        let value = work();
        self.cpu += thread_time().saturating_sub(cpu);
        self.wall.push(wall.elapsed());
        value
    }
    /// Takes the readings of `other` in.
    pub fn add(&mut self, other: &Readings) {
        self.wall.extend(&other.wall);
        self.cpu += other.cpu;
    }
    /// How many there are.
    pub fn count(&self) -> usize {
        self.wall.len()
    }
    /// The middle one, in milliseconds.
    pub fn median(&self) -> f64 {
        self.at(50)
    }
    /// What 95 of 100 stay below, in milliseconds.
    pub fn p95(&self) -> f64 {
        self.at(95)
    }
    /// What 99 of 100 stay below, in milliseconds.
    pub fn p99(&self) -> f64 {
        self.at(99)
    }
    /// The slowest, in milliseconds.
    pub fn worst(&self) -> f64 {
        self.at(100)
    }
    /// Mean time on a processor, in milliseconds.
    pub fn cpu(&self) -> f64 {
        millis(self.cpu) / self.wall.len().max(1) as f64
    }
    fn at(&self, percent: usize) -> f64 {
        let mut sorted = self.wall.clone();
        sorted.sort();
        let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(place).map_or(0.0, |time| millis(*time))
    }
}

/// A time in milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// What this thread has used of a processor so far.
pub fn thread_time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// Forgets the most memory this process has had, so that the next peak counts from now.
pub fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory this process has had at once, in MB; Linux only.
pub fn peak_memory() -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1000.0)
}

/// Numbers that look random and are the same at every run (SplitMix64).
pub struct Dice(u64);

impl Dice {
    /// The series of `seed`.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }
    /// A number below `limit`.
    pub fn below(&mut self, limit: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        i64::try_from(mixed(self.0) % u64::try_from(limit.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}

/// A well mixed number made of `seed`.
pub fn mixed(seed: u64) -> u64 {
    let a = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    b ^ (b >> 31)
}
