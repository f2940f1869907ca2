//! The same change at one firm alone and at a hundred and fifty in turn, a block of each after the other,
//! so that whatever else the machine does slows both.

use std::time::{Duration, Instant};

use super::house::{House, processor_time};
use super::wire::Wire;
use super::{Fault, change, percentile};
use crate::measure::millis;
use crate::table::{Table, load};

/// So many firms are busy, as on a working day; their books stay open.
const FIRMS: usize = 150;
/// How often each of them is visited within a block.
const VISITS: usize = 2;
/// How many blocks of each kind.
const BLOCKS: usize = 10;
/// Visits that are told apart; those after them are taken together. PostgreSQL plans a prepared statement with its
/// values five times before it keeps a plan (manual, PREPARE).
const APART: usize = 6;

/// A firm with somebody who is signed in.
pub struct Inside {
    /// The firm's name.
    pub name: String,
    /// The access token.
    pub token: String,
}

/// How long changes took.
#[derive(Default)]
pub struct Rounds {
    alone: Vec<Duration>,
    /// The first visits, each apart.
    first: [Vec<Duration>; APART],
    later: Vec<Duration>,
    /// What the process used of a processor for those alone, and for the others.
    used: [Duration; 2],
    /// How many firms there are in turn.
    firms: usize,
}

/// Changes of the first of `firms`, and of the last ones in turn.
pub async fn rounds(house: &House, wire: &mut Wire, firms: &[Inside]) -> Result<Rounds, Fault> {
    rounds_of(house.process(), firms.len(), async |who: usize, n: usize| {
        let firm = firms.get(who).ok_or("too few firms")?;
        let began = Instant::now();
        change(wire, &firm.name, &firm.token, n).await?;
        Ok(began.elapsed())
    })
    .await
}

/// The same of anything: `visit` changes firm `who` of `count` for the `n`-th time and says how long that took.
/// `process` does the work.
pub async fn rounds_of(process: u32, count: usize, mut visit: impl AsyncFnMut(usize, usize) -> Result<Duration, Fault>) -> Result<Rounds, Fault> {
    let used = || processor_time(process).map_err(|error| error.to_string());
    let busy = count.saturating_sub(FIRMS).max(1)..count;
    let mut rounds = Rounds { firms: busy.len(), ..Rounds::default() };
    let alone = VISITS * busy.len();
    for block in 0..BLOCKS {
        let before = used()?;
        for n in 0..alone {
            let time = visit(0, block * alone + n).await?;
            // Its books were opened, and what others left in the caches went.
            if n >= APART {
                rounds.alone.push(time);
            }
        }
        let between = used()?;
        for n in block * VISITS..(block + 1) * VISITS {
            for who in busy.clone() {
                let time = visit(who, n).await?;
                rounds.first.get_mut(n).unwrap_or(&mut rounds.later).push(time);
            }
        }
        rounds.used[0] += between.saturating_sub(before);
        rounds.used[1] += used()?.saturating_sub(between);
    }
    Ok(rounds)
}

impl Rounds {
    /// Adds a row: of the firms in turn against the one alone.
    pub fn tell(&mut self, what: &str, table: &mut Table) {
        let (alone, middle) = (percentile(&mut self.alone, 99), percentile(&mut self.alone, 50));
        let mut each = |percent| self.first.each_mut().map(|times| format!("{:.2}", percentile(times, percent))).join(", ");
        let visits = format!("medians {}; p99 {} ms", each(50), each(99));
        table.note(&format!("{what}, visits 1 to {APART} of a firm among {}", self.firms), &visits);
        let later = percentile(&mut self.later, 50);
        let count = self.first.iter().map(Vec::len).sum::<usize>() + self.later.len();
        let [used_alone, used_later] = self.used.map(|time| millis(time) / count as f64);
        let more = format!(
            "median {later:.2} ms, {used_later:.2} ms of a processor; one firm alone {alone:.2}, median {middle:.2}, {used_alone:.2} ms of a processor; load {}",
            load()
        );
        table.row(&format!("{what}, later visits among {}, p99", self.firms), percentile(&mut self.later, 99), alone * 1.2, " ms", &more);
    }
}
