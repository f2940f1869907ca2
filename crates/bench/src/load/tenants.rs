//! A thousand firms on one server: to make them, to bring all up to date, and whether one of them is
//! slower for the others being there.

use std::path::Path;
use std::time::{Duration, Instant};

use daybook_core::app::{App, Call};
use daybook_core::shared::error::Result as Answer;
use daybook_server::central::Place;
use serde_json::json;

use super::house::{House, add, place, seat, timer};
use super::rounds::{Inside, rounds};
use super::wire::Wire;
use super::{Fault, bare, enter, kinds, older, percentile, run as drive};
use crate::measure::millis;
use crate::place::Place as Folder;
use crate::table::Table;
use crate::{Outcome, Size};

/// What each firm sells.
const ITEMS: usize = 50;
/// So many firms are opened as a server opens them: when somebody comes.
const LAZY: usize = 50;

/// A firm and the refresh token of a device of its owner.
struct Seat {
    name: String,
    refresh: String,
}

/// Measures on each kind of place.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    let count = usize::try_from(size.of(1_000))?;
    for (kind, url) in kinds() {
        let folder = Folder::new()?;
        let data = folder.file("data");
        std::fs::create_dir(&data)?;
        let seats = Firms { kind, url: url.as_deref(), data: &data, count }.make_and_migrate(table)?;
        let began = Instant::now();
        let house = House::open(&data, 200, url.as_deref())?;
        table.row(&format!("{kind}: a server of {count} firms starts"), began.elapsed().as_secs_f64(), 10.0, " s", "");
        drive(first_calls(&house, seats))?.tell(kind, &house, table)?;
        bare::run(kind, url.as_deref(), &folder, table)?;
    }
    Ok(())
}

/// The firms of one place.
struct Firms<'a> {
    kind: &'a str,
    url: Option<&'a str>,
    data: &'a Path,
    count: usize,
}

impl Firms<'_> {
    /// Makes them, lets them age, and brings all but the last few up to date as `daybook tenant migrate` does.
    fn make_and_migrate(&self, table: &mut Table) -> Outcome<Vec<Seat>> {
        let place = place(self.data, self.url)?;
        let began = Instant::now();
        let seats: Vec<Seat> = (0..self.count).map(|n| made(&place, format!("firm-{}-t{n}", std::process::id()))).collect::<Outcome<_>>()?;
        let seconds = began.elapsed().as_secs_f64();
        table.note(&format!("{}: {} firms made, each with {ITEMS} items and a device", self.kind, self.count), &format!("{seconds:.0} s"));
        seats.iter().try_for_each(|seat| self.age(&place, &seat.name))?;
        let (_, at_once) = seats.split_at(LAZY);
        let began = Instant::now();
        let mut times = at_once.iter().map(|seat| timed(|| place.open(&seat.name, &timer()).map(drop))).collect::<Answer<Vec<_>>>()?;
        let seconds = began.elapsed().as_secs_f64();
        let reach = 900.0 * at_once.len() as f64 / 1_000.0;
        let more = format!("each {:.0} ms, p99 {:.0} ms", percentile(&mut times, 50), percentile(&mut times, 99));
        table.row(&format!("{}: {} older firms brought up to date, one after the other", self.kind, at_once.len()), seconds, reach, " s", &more);
        Ok(seats)
    }
    fn age(&self, place: &Place, name: &str) -> Outcome<()> {
        match (place, self.url) {
            (Place::Files(folder), _) => older::file(&folder.join(format!("{name}.books"))),
            (Place::Postgres(pool), Some(url)) => older::schema(url, pool, name),
            (Place::Postgres(_), None) => Err("no address".into()),
        }
    }
}

/// A firm with what it sells and a device of its owner.
fn made(place: &Place, name: String) -> Outcome<Seat> {
    add(place, &name)?;
    let app = place.open(&name, &timer())?;
    let refresh = seat(&app, 0)?;
    stock_up(&app)?;
    Ok(Seat { name, refresh })
}

fn stock_up(app: &App) -> Outcome<()> {
    let item = |n| json!({"code": format!("I{n}"), "name": format!("Item {n}"), "sales_price": "9.50", "purchase_price": "4.20"});
    let saved = app.batch(None, |batch| (0..ITEMS).try_for_each(|n| batch.execute(Call::new("catalog.save_item", item(n))).map(drop)));
    Ok(saved?)
}

fn timed<T>(work: impl FnOnce() -> Answer<T>) -> Answer<Duration> {
    let began = Instant::now();
    work().map(|_| began.elapsed())
}

/// What comes of people who come.
struct Day {
    migrated: Vec<Duration>,
    opened: Vec<Duration>,
    rounds: super::rounds::Rounds,
}

/// The first call of every firm, which opens its books and brings those up to date that are older; then rounds.
async fn first_calls(house: &House, seats: Vec<Seat>) -> Result<Day, Fault> {
    let mut wire = Wire::open(&house.address).await?;
    let (mut times, mut inside) = (Vec::new(), Vec::new());
    for Seat { name, refresh } in seats {
        let began = Instant::now();
        let token = enter(&mut wire, &name, &refresh).await?;
        times.push(began.elapsed());
        inside.push(Inside { name, token });
    }
    let opened = times.split_off(LAZY);
    Ok(Day { migrated: times, opened, rounds: rounds(house, &mut wire, &inside).await? })
}

impl Day {
    fn tell(mut self, kind: &str, house: &House, table: &mut Table) -> Outcome<()> {
        for (what, times) in [
            ("an older firm's first call, which brings its books up to date", &mut self.migrated),
            ("a firm's first call, which opens its books", &mut self.opened),
        ] {
            let worst = times.iter().max().copied().map(millis).unwrap_or_default();
            table
                .note(&format!("{kind}: {what}"), &format!("median {:.0} ms, p99 {:.0} ms, worst {worst:.0} ms", percentile(times, 50), percentile(times, 99)));
        }
        self.rounds.tell(&format!("{kind}: a change over HTTP"), table);
        let (now, most, files) = house.memory()?;
        table.note(&format!("{kind}: memory of that server"), &format!("{now:.0} MB, at most {most:.0} MB; {files} open files; 200 firms open at a time"));
        Ok(())
    }
}
