//! The worker under bad receivers and sudden ends.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Moment};

use daybook_core::app::App;
use daybook_core::daybook::events::Channel;
use daybook_core::shared::{Error, Result};
use daybook_events::{Books, Settings, Stop, run, turn};

use super::receivers::{answering, header, reply, web};
use super::{at, deliver, post, standing, subscribe};
use crate::support::each_database;

/// Books that fail from the `left`-th look on: a program that was killed there.
struct Killed<'a> {
    app: &'a App,
    left: AtomicUsize,
}

impl Books for Killed<'_> {
    fn with<T>(&self, work: impl FnOnce(&App) -> Result<T>) -> Result<T> {
        let alive = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if alive { work(self.app) } else { Err(Error::internal("rpc.thread")) }
    }
}

#[test]
fn killed_anywhere_it_delivers_at_least_once_with_the_same_id() {
    each_database(|books| {
        let receiver = answering(200);
        let settings = Settings { reachable: vec![receiver.address], ..Settings::default() };
        subscribe(books, &settings, Channel::Webhook, "*", &receiver.url());
        let (mut told, mut twice) = (0, 0);
        // A turn looks at the books to hand on, to claim, and to settle.
        for kill in 0..4 {
            post(books, &format!("Customer {kill}"), 1);
            let seconds = i64::try_from(kill).unwrap() * 10_000;
            let killed = Killed { app: &books.app, left: AtomicUsize::new(kill) };
            let _ = turn(&killed, &settings, at(seconds));
            let before = receiver.arrived().len();
            deliver(books, &settings, seconds + 1);
            assert!(receiver.arrived().len() == before || kill < 2, "the lease holds");
            deliver(books, &settings, seconds + 400);
            let ids: BTreeSet<String> = receiver.arrived().iter().map(|(head, _)| header(head, "webhook-id")).collect();
            told += 1;
            assert_eq!(ids.len(), told, "killed at look {kill}");
            twice = receiver.arrived().len() - told;
        }
        assert_eq!(twice, 1, "killed between sending and settling, it was sent again");
        assert!(standing(books).iter().all(|(state, _, _)| state == "done"));
    });
}

#[test]
fn a_bad_receiver_holds_up_nobody() {
    each_database(|books| {
        let (good, broken) = (answering(200), answering(500));
        let silent = web(|_, _| std::thread::sleep(Duration::from_secs(40)));
        let reachable = vec![good.address, broken.address, silent.address];
        let settings = Settings { reachable, patience: Duration::from_secs(2), ..Settings::default() };
        for receiver in [&silent, &broken, &good] {
            subscribe(books, &settings, Channel::Webhook, "*", &receiver.url());
        }
        post(books, "ACME", 20);
        let stop = Stop::default();
        std::thread::scope(|scope| {
            scope.spawn(|| run(&books.app, &settings, &stop));
            let began = Moment::now();
            while good.arrived().len() < 20 {
                assert!(began.elapsed() < Duration::from_secs(8), "{} of 20 arrived", good.arrived().len());
                std::thread::sleep(Duration::from_millis(20));
            }
            post(books, "Later", 1);
            while good.arrived().len() < 21 {
                assert!(began.elapsed() < Duration::from_secs(9), "what is posted goes out at once");
                std::thread::sleep(Duration::from_millis(20));
            }
            stop.ask();
        });
        assert!(!broken.arrived().is_empty());
    });
}

#[test]
fn a_poisoned_event_holds_up_no_other_record() {
    each_database(|books| {
        let poisoned = |body: &str| body.contains("11-A-0001") || body.contains("11-A-0003");
        let receiver = web(move |(_, body), stream| reply(stream, if poisoned(body) { 500 } else { 200 }));
        let settings = Settings { reachable: vec![receiver.address], ..Settings::default() };
        subscribe(books, &settings, Channel::Webhook, "*", &receiver.url());
        post(books, "ACME", 6);
        let first = deliver(books, &settings, 1);
        assert_eq!((first.delivered, first.failed), (4, 2));
        let states: Vec<String> = standing(books).into_iter().map(|(state, _, _)| state).collect();
        assert_eq!(states, ["waiting", "done", "waiting", "done", "done", "done"]);
        for hour in 1..60 {
            deliver(books, &settings, hour * 3700);
        }
        let states: Vec<String> = standing(books).into_iter().map(|(state, attempts, _)| format!("{state} {attempts}")).collect();
        assert_eq!(states, ["dead 24", "done 1", "dead 24", "done 1", "done 1", "done 1"]);
    });
}
