//! Two thousand devices of a hundred firms listen for news; every firm changes something once a minute,
//! and each of its devices pulls it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use daybook_core::daybook::wire::{Feed, Pull};
use daybook_sync::pack::{MEDIA, pack, unpack};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::house::{House, add, place, seat, timer};
use super::wire::Wire;
use super::{Fault, change, enter, kinds, percentile, run as drive};
use crate::place::Place as Folder;
use crate::table::Table;
use crate::{Outcome, Size};

const FIRMS: usize = 100;
const EACH: usize = 20;
/// A change somewhere in every so many ms: one a minute in each firm.
const EVERY_MS: u64 = 60_000 / 100;

/// A firm and the refresh tokens of its devices.
struct Firm {
    name: String,
    seats: Vec<String>,
    schema: i64,
}

/// Measures memory at rest and the time until a change is seen.
pub fn run(size: &Size, table: &mut Table) -> Outcome<()> {
    for (kind, url) in kinds() {
        let folder = Folder::new()?;
        let data = folder.file("data");
        std::fs::create_dir(&data)?;
        let firms = firms(&data, url.as_deref())?;
        let house = House::open(&data, 1_000, url.as_deref())?;
        let changes = usize::try_from(size.of(200))?;
        let (mut seen, (idle, files)) = drive(play(&house, firms, changes))?;
        let (_, most, _) = house.memory()?;
        let devices = FIRMS * EACH;
        let more = format!("{FIRMS} firms, {files} open files; at rest {idle:.0} MB");
        table.row(&format!("{kind}: {devices} devices connected, most memory of the server"), most, 1_024.0, " MB", &more);
        let more = format!("{} readings, median {:.0} ms, worst {:.0} ms", seen.len(), percentile(&mut seen, 50), percentile(&mut seen, 100));
        table.row(&format!("{kind}: a change is on the other devices, p99"), percentile(&mut seen, 99), 1_000.0, " ms", &more);
    }
    Ok(())
}

fn firms(data: &std::path::Path, url: Option<&str>) -> Outcome<Vec<Firm>> {
    let place = place(data, url)?;
    (0..FIRMS)
        .map(|n| {
            let name = format!("firm-{}-{n}", std::process::id());
            add(&place, &name)?;
            let app = place.open(&name, &timer())?;
            let seats = (0..EACH).map(|n| seat(&app, n)).collect::<Outcome<_>>()?;
            Ok(Firm { name, seats, schema: app.schema() })
        })
        .collect()
}

/// The times until changes were seen, and the memory with everybody connected and nothing to do.
async fn play(house: &House, firms: Vec<Firm>, changes: usize) -> Result<(Vec<Duration>, (f64, usize)), Fault> {
    let (told, mut seen) = unbounded_channel();
    let began = Instant::now();
    let mut writers = Vec::new();
    for firm in firms {
        let sent = Arc::new(AtomicI64::new(-1));
        let mut first = Wire::open(&house.address).await?;
        let mut token = String::new();
        for seat in &firm.seats {
            token = enter(&mut first, &firm.name, seat).await?;
            let device = Device { name: firm.name.clone(), token: token.clone(), schema: firm.schema, sent: Arc::clone(&sent), began };
            device.connect(&house.address, told.clone()).await?;
        }
        writers.push((firm.name, first, token, sent));
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let (idle, _, files) = house.memory().map_err(|e| e.to_string())?;
    let count = writers.len();
    for n in 0..changes {
        tokio::time::sleep(Duration::from_millis(EVERY_MS)).await;
        let (name, wire, token, sent) = &mut writers[n % count];
        sent.store(i64::try_from(began.elapsed().as_micros())?, Ordering::SeqCst);
        change(wire, name, token, n).await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    seen.close();
    let mut times = Vec::new();
    while let Some(time) = seen.recv().await {
        times.push(time?);
    }
    if times.len() < changes * EACH { Err(format!("{} of {} were seen", times.len(), changes * EACH).into()) } else { Ok((times, (idle, files))) }
}

/// A device: one connection that listens, one that pulls.
struct Device {
    name: String,
    token: String,
    schema: i64,
    /// When the newest change of its firm was sent, in µs after the beginning.
    sent: Arc<AtomicI64>,
    began: Instant,
}

impl Device {
    async fn connect(self, address: &str, told: UnboundedSender<Result<Duration, Fault>>) -> Result<(), Fault> {
        let (mut ear, mut hand) = (Wire::open(address).await?, Wire::open(address).await?);
        let mut at = self.pull(&mut hand, 0, Vec::new()).await?;
        ear.listen(&format!("/v1/{}/sync/poke", self.name), &self.token).await?;
        tokio::spawn(async move {
            loop {
                let outcome = async {
                    ear.news().await?;
                    let before = at.0;
                    at = self.pull(&mut hand, at.0, at.1.clone()).await?;
                    let sent = Duration::from_micros(u64::try_from(self.sent.load(Ordering::SeqCst))?);
                    Ok((at.0 > before).then(|| self.began.elapsed().saturating_sub(sent)))
                };
                match outcome.await {
                    Ok(None) => {}
                    Ok(Some(time)) => drop(told.send(Ok(time))),
                    Err(fault) => return drop(told.send(Err(fault))),
                }
            }
        });
        Ok(())
    }
    /// Pulls what is new; where the device stands then.
    async fn pull(&self, wire: &mut Wire, cursor: i64, chain: Vec<u8>) -> Result<(i64, Vec<u8>), Fault> {
        let pull = Pull { cursor, chain: chain.into(), full: false, schema: self.schema, most: 8 * 1024 * 1024, merge: 0 };
        let answer = wire.post(&format!("/v1/{}/sync/pull", self.name), &self.token, MEDIA, &pack(&pull)?).await?;
        let feed: Feed = unpack(&answer, 64 * 1024 * 1024)?;
        Ok((feed.to, feed.chain.to_vec()))
    }
}
