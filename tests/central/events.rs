//! What happens at the tenants of a central server goes out, each firm's by itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use daybook_core::access::state;
use daybook_core::daybook::events::{Channel, Waits, waits};
use daybook_events::{Settings as Outlets, Stop, administer};
use daybook_server::central::{Central, Settings};
use serde_json::json;

use super::{Firm, Served, each_place_alone, postgres, serve_at};
use crate::events::receivers::{Receiver, answering, header, web};
use crate::support::database;

/// A server's deliveries, as `daybook serve` runs them, until they are dropped.
struct Delivering(Stop, Option<std::thread::JoinHandle<()>>);

impl Delivering {
    fn start(central: &Arc<Central>, receivers: &[&Receiver]) -> Self {
        Self::patient(central, receivers, 4)
    }
    fn patient(central: &Arc<Central>, receivers: &[&Receiver], seconds: u64) -> Self {
        let reachable = receivers.iter().map(|receiver| receiver.address).collect();
        let outlets = Outlets { reachable, patience: Duration::from_secs(seconds), ..Outlets::default() };
        let (stop, central) = (Stop::default(), Arc::clone(central));
        let sign = stop.clone();
        Delivering(stop, Some(std::thread::spawn(move || central.deliver(&outlets, &sign))))
    }
}

impl Drop for Delivering {
    fn drop(&mut self) {
        self.0.ask();
        self.1.take().map(std::thread::JoinHandle::join);
    }
}

/// The receiver hears of what is posted at the firm from now on.
fn subscribe(firm: &Firm<'_>, receiver: &Receiver) {
    let outlets = Outlets { reachable: vec![receiver.address], ..Outlets::default() };
    let wanted = administer::wanted(&outlets, Channel::Webhook, "billing.posted", &receiver.url(), firm.served.central.now()).unwrap();
    firm.served.place.write_beside(&firm.name, |tx| administer::begin(tx, wanted)).unwrap();
}

fn post(firm: &Firm<'_>, count: usize) {
    let customer = firm.run("parties.save_party", json!({"name": "Ann & Sons", "country": "GB", "is_customer": true}));
    for _ in 0..count {
        firm.run("billing.post_invoice", json!({"draft": {"party": customer["id"], "lines": [{"name": "Advice", "unit_price": "100"}]}}));
    }
}

#[track_caller]
fn wait_for(receiver: &Receiver, count: usize, seconds: u64) {
    let began = Instant::now();
    while receiver.arrived().len() < count {
        assert!(began.elapsed() < Duration::from_secs(seconds), "{} of {count} arrived", receiver.arrived().len());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn waiting(served: &Served, firm: &Firm<'_>) -> Waits {
    served.place.read_beside(&firm.name, waits).unwrap()
}

#[test]
fn every_firm_is_delivered_for_but_one_that_is_suspended() {
    each_place_alone(|served| {
        let receivers = [answering(200), answering(200)];
        let (open, shut) = (served.firm("Open Ltd"), served.firm("Shut Ltd"));
        subscribe(&open, &receivers[0]);
        subscribe(&shut, &receivers[1]);
        post(&open, 3);
        post(&shut, 2);
        served.central.tenants().forget(&open.name);
        served.place.write_beside(&shut.name, |tx| state::suspend(tx, true)).unwrap();
        let _delivering = Delivering::start(&served.central, &[&receivers[0], &receivers[1]]);
        wait_for(&receivers[0], 3, 30);
        post(&open, 1);
        wait_for(&receivers[0], 4, 30);
        assert_eq!((receivers[1].arrived().len(), waiting(served, &shut).fresh), (0, true), "a suspended firm tells nobody");
        served.place.write_beside(&shut.name, |tx| state::suspend(tx, false)).unwrap();
        post(&shut, 1);
        wait_for(&receivers[1], 3, 30);
    });
}

#[test]
fn a_firm_in_trouble_holds_up_no_other() {
    each_place_alone(|served| {
        let (good, silent) = (answering(200), web(|_, _| std::thread::sleep(Duration::from_secs(30))));
        let (sound, troubled, dropped) = (served.firm("Sound Ltd"), served.firm("Troubled Ltd"), served.firm("Dropped Ltd"));
        for _ in 0..20 {
            subscribe(&troubled, &silent);
        }
        subscribe(&sound, &good);
        post(&troubled, 3);
        served.central.tenants().forget(&dropped.name);
        if let daybook_server::central::Place::Files(folder) = &served.place {
            std::fs::write(folder.join(format!("{}.books", dropped.name)), "These are no books.").unwrap();
        }
        let _delivering = Delivering::start(&served.central, &[&good, &silent]);
        wait_for(&silent, 16, 90);
        post(&sound, 5);
        wait_for(&good, 5, 30);
    });
}

#[test]
fn two_servers_of_one_postgresql_tell_everything_once() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let Some(place) = database().map(|url| postgres(&url)) else { return };
    let (one, two) = (serve_at(Arc::clone(&folder), place.clone(), Settings::default()), serve_at(Arc::clone(&folder), place, Settings::default()));
    let receiver = answering(200);
    let firm = one.firm("Acme Ltd");
    subscribe(&firm, &receiver);
    // Patient: a receiver that answers late on a busy machine gets an event twice, rightly.
    let _delivering = [Delivering::patient(&one.central, &[&receiver], 60), Delivering::patient(&two.central, &[&receiver], 60)];
    let there = two.known(&firm.name, &firm.email);
    std::thread::scope(|scope| {
        scope.spawn(|| post(&firm, 15));
        scope.spawn(|| post(&there, 15));
    });
    // What one server leaves while the other claims is found by the look of every minute.
    wait_for(&receiver, 30, 150);
    std::thread::sleep(Duration::from_millis(500));
    let ids: BTreeSet<String> = receiver.arrived().iter().map(|(head, _)| header(head, "webhook-id")).collect();
    assert_eq!((receiver.arrived().len(), ids.len()), (30, 30));
}

/// A figure of `/metrics`.
fn figure(served: &Served, name: &str) -> u64 {
    let text = served.request("GET", "/metrics", None, None).text;
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("daybook_{name} "))).unwrap_or_else(|| panic!("{name} in {text}"));
    line.parse().unwrap()
}

#[track_caller]
fn wait_for_figure(served: &Served, name: &str, value: u64) {
    let began = Instant::now();
    while figure(served, name) != value {
        assert!(began.elapsed() < Duration::from_secs(90), "{name} is {}", figure(served, name));
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_server_tells_what_waits_and_who_is_behind() {
    each_place_alone(|served| {
        let broken = answering(500);
        let firm = served.firm("Acme Ltd");
        subscribe(&firm, &broken);
        let mut laptop = super::sync::Laptop::join(&firm, "Laptop");
        post(&firm, 1);
        laptop.sync();
        let _delivering = Delivering::start(&served.central, &[&broken]);
        wait_for_figure(served, "feed_devices", 1);
        wait_for_figure(served, "feed_lag_entries", 0);
        assert_eq!(figure(served, "event_late_tenants"), 0);
        post(&firm, 2);
        wait_for_figure(served, "feed_lag_entries", 3);
        assert_eq!(served.get(&firm.path("devices"), &firm.owner.access).body["devices"][0]["behind"], 3);
        served.wait(600);
        wait_for_figure(served, "event_late_tenants", 1);
        assert!(figure(served, "event_oldest_seconds") >= 600);
        assert_eq!((figure(served, "event_given_up"), figure(served, "feed_behind_devices")), (0, 0));
    });
}
