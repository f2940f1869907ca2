//! A thousand firms on one server: to make them, to bring all up to date, and whether one of them is
//! slower for the others being there.

use std::time::{Duration, Instant};

use super::house::{House, add, place, seat, timer};
use super::wire::Wire;
use super::{Fault, change, enter, kinds, percentile, run as drive};
use crate::place::Place as Folder;
use crate::table::Table;
use crate::{Outcome, Size};

/// Changes that are timed, of one firm and over all.
const CHANGES: usize = 2_000;

/// Measures on each kind of place.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    for (kind, url) in kinds() {
        let folder = Folder::new()?;
        let data = folder.file("data");
        std::fs::create_dir(&data)?;
        let count = usize::try_from(size.of(1_000))?;
        let place = place(&data, url.as_deref())?;
        let names: Vec<String> = (0..count).map(|n| format!("firm-{}-t{n}", std::process::id())).collect();
        let began = Instant::now();
        names.iter().try_for_each(|name| add(&place, name))?;
        table.note(&format!("{kind}: {count} firms made"), &format!("{:.0} s", began.elapsed().as_secs_f64()));
        let began = Instant::now();
        let seats: Vec<(String, String)> = names.iter().map(|name| Ok((name.clone(), seat(&place.open(name, &timer())?, 0)?))).collect::<Outcome<_>>()?;
        table.row(&format!("{kind}: {count} firms opened one after the other, looked at, brought up to date"), began.elapsed().as_secs_f64(), 900.0, " s", "");
        let began = Instant::now();
        let house = House::open(&data, 200, url.as_deref())?;
        table.row(&format!("{kind}: a server of {count} firms starts"), began.elapsed().as_secs_f64(), 10.0, " s", "");
        let (mut one, mut all, first) = drive(play(&house, seats))?;
        let (one, all) = (percentile(&mut one, 99), percentile(&mut all, 99));
        let (now, most, files) = house.memory()?;
        table.row(
            &format!("{kind}: a change among {count} firms, p99"),
            all,
            one * 1.2,
            " ms",
            &format!("of one firm alone {one:.1} ms; the first call opens its books, {first:.0} ms at p99"),
        );
        table.note(&format!("{kind}: memory of that server"), &format!("{now:.0} MB, at most {most:.0} MB; {files} open files; 200 firms open at a time"));
    }
    Ok(())
}

type Times = Vec<Duration>;

/// Changes of one firm, then of a hundred and fifty in turn, whose books are open as a working day opens them;
/// and what the first call of every firm takes at p99.
async fn play(house: &House, seats: Vec<(String, String)>) -> Result<(Times, Times, f64), Fault> {
    let mut wire = Wire::open(&house.address).await?;
    let (mut one, mut all, mut first) = (Vec::new(), Vec::new(), Vec::new());
    let mut inside = Vec::new();
    for (name, refresh) in seats {
        let began = Instant::now();
        let token = enter(&mut wire, &name, &refresh).await?;
        first.push(began.elapsed());
        inside.push((name, token));
    }
    for (timed, firms) in [(&mut one, 1), (&mut all, 150)] {
        let firms = &inside[inside.len().saturating_sub(firms)..];
        for n in 0..CHANGES + firms.len() {
            let (name, token) = &firms[n % firms.len()];
            let began = Instant::now();
            change(&mut wire, name, token, n).await?;
            // The first of each only warms it up.
            if n >= firms.len() {
                timed.push(began.elapsed());
            }
        }
    }
    Ok((one, all, percentile(&mut first, 99)))
}
