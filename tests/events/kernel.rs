//! The kernel's part: who hears of what, leases, order, giving up, sending again.

use std::collections::BTreeSet;

use daybook_core::app::{App, Pusher};
use daybook_core::daybook::events::{self, Channel, Delivery, Subscription, SubscriptionId, TRIES_MAX, event_id};
use daybook_core::shared::id::CommandId;
use daybook_core::shared::{Id, Instant, Kind, Result};
use daybook_events::{Settings, administer, backoff};
use serde_json::json;

use super::{at, deliver, post, standing};
use crate::support::{TestBooks, books, each_database, empty_books, empty_postgres};

/// A webhook that is never sent to: these tests claim by hand.
fn listener(books: &TestBooks, names: &str) -> SubscriptionId {
    super::subscribe(books, &Settings::default(), Channel::Webhook, names, "https://hooks.example.com/daybook").id
}

fn hand_on(books: &TestBooks) {
    while books.app.read(|tx, _| events::any_fresh(tx)).unwrap() {
        books.app.storage().write(|tx| events::spread(tx, at(0), 2)).unwrap();
    }
}

fn claim(books: &TestBooks, id: SubscriptionId, now: Instant) -> Option<Delivery> {
    let lease = Instant::from_millis(now.millis() + 60_000);
    books.app.storage().write(|tx| events::claim(tx, id, now, lease)).unwrap()
}

fn fail(books: &TestBooks, delivery: &Delivery, next: Option<Instant>) -> Result<()> {
    books.app.storage().write(|tx| events::failed(tx, delivery.key, at(0), next, "no answer"))
}

#[test]
fn everybody_hears_what_was_asked_for_and_only_from_then_on() {
    each_database(|books| {
        post(books, "Before", 1);
        let (all, sales, ledger) = (listener(books, "*"), listener(books, "billing.*"), listener(books, "ledger.period_closed, ledger.period_reopened"));
        post(books, "After", 3);
        books.run("ledger.close_period", json!({"through": "2010-12-31", "reason": "Year end"}));
        hand_on(books);
        let count = |id| std::iter::from_fn(|| claim(books, id, at(1))).count();
        assert_eq!([count(all), count(sales), count(ledger)], [4, 3, 1]);
        let figures = administer::figures(&books.app).unwrap();
        assert_eq!((figures.fresh, figures.waiting, figures.dead), (0, 8, 0));
    });
}

#[test]
fn what_was_rolled_back_is_never_told() {
    each_database(|books| {
        let id = listener(books, "*");
        assert_eq!(books.refused("billing.post_invoice", json!({"draft": {"party": CommandId::mint(), "lines": []}})), "document.no_lines");
        let failed: Result<()> = books.app.batch(None, |batch| {
            let args = json!({"through": "2010-12-31", "reason": "Year end"});
            batch.execute(daybook_core::app::Call::new("ledger.close_period", args))?;
            Err(daybook_core::shared::Error::invalid("args.invalid"))
        });
        assert!(failed.is_err());
        hand_on(books);
        assert!(claim(books, id, at(1)).is_none());
    });
}

#[test]
fn a_claim_is_a_lease_and_the_id_stays() {
    each_database(|books| {
        let id = listener(books, "*");
        post(books, "ACME", 1);
        hand_on(books);
        let first = claim(books, id, at(1)).unwrap();
        assert!(claim(books, id, at(60)).is_none(), "somebody has it");
        let again = claim(books, id, at(61)).expect("whoever had it is dead");
        assert_eq!((first.event, first.attempt, again.event, again.attempt), (again.event, 1, first.event, 2));
        let command: (CommandId,) = books.app.read(|tx, _| tx.opt("SELECT command FROM daybook ORDER BY pos DESC LIMIT 1", &[])).unwrap().unwrap();
        assert_eq!(first.event, event_id(command.0, 0));
        books.app.storage().write(|tx| events::done(tx, again.key, at(62))).unwrap();
        assert!(claim(books, id, at(9999)).is_none());
        books.app.storage().write(|tx| events::forget_done(tx, at(63))).unwrap();
        assert!(standing(books).is_empty());
    });
}

#[test]
fn events_of_one_record_keep_their_order() {
    each_database(|books| {
        let id = listener(books, "*");
        post(books, "ACME", 2);
        let later = "INSERT INTO event (pos, n, name, subject, body, state) SELECT pos, 1, 'billing.later', subject, body, 'waiting' FROM event WHERE name = 'billing.posted'";
        books.app.storage().write(|tx| tx.raw(later)).unwrap();
        hand_on(books);
        let (one, two) = (claim(books, id, at(1)).unwrap(), claim(books, id, at(1)).unwrap());
        assert_eq!((one.name.as_str(), two.name.as_str()), ("billing.posted", "billing.posted"));
        assert_ne!(one.subject, two.subject);
        assert!(claim(books, id, at(1)).is_none(), "both records have an older event on its way");
        fail(books, &one, Some(at(500))).unwrap();
        books.app.storage().write(|tx| events::done(tx, two.key, at(2))).unwrap();
        let next = claim(books, id, at(2)).unwrap();
        assert_eq!((next.name.as_str(), next.subject), ("billing.later", two.subject));
        assert!(claim(books, id, at(2)).is_none(), "the first record waits for its older event");
        fail(books, &claim(books, id, at(500)).unwrap(), None).unwrap();
        assert_eq!(claim(books, id, at(501)).unwrap().subject, one.subject, "what was given up stands aside");
    });
}

#[test]
fn after_the_last_attempt_it_is_given_up_and_can_be_sent_again() {
    each_database(|books| {
        let id = listener(books, "*");
        post(books, "ACME", 1);
        hand_on(books);
        for attempt in 1..=TRIES_MAX {
            let delivery = claim(books, id, at(attempt)).unwrap_or_else(|| panic!("attempt {attempt}"));
            fail(books, &delivery, Some(at(attempt + 1))).unwrap();
        }
        assert_eq!(standing(books), [("dead".to_owned(), 24, "no answer".to_owned())]);
        assert_eq!(administer::figures(&books.app).unwrap().dead, 1);
        let dead = administer::list(&books.app, books.app.actor(), true, 10).unwrap().remove(0);
        assert_eq!(administer::resend(&books.app, books.app.actor(), Some((dead.pos, 7)), None).unwrap_err().code(), "event.none_dead");
        assert_eq!(administer::resend(&books.app, books.app.actor(), Some((dead.pos, dead.n)), Some(id)).unwrap(), 1);
        assert_eq!(administer::resend(&books.app, books.app.actor(), None, None).unwrap_err().code(), "event.none_dead");
        assert_eq!(claim(books, id, at(9999)).unwrap().event, dead.event);
    });
}

#[test]
fn an_attempt_that_ends_its_worker_is_given_up_too() {
    each_database(|books| {
        let id = listener(books, "*");
        post(books, "ACME", 1);
        hand_on(books);
        let died = (0..100).take_while(|turn| claim(books, id, at(turn * 100)).is_some()).count();
        assert_eq!(i64::try_from(died).unwrap(), TRIES_MAX);
        assert_eq!(standing(books), [("dead".to_owned(), 24, "The last attempt did not come to an end.".to_owned())]);
    });
}

#[test]
fn secrets_are_shown_once_and_are_in_no_dump() {
    each_database(|books| {
        let before = books.dump();
        let made = super::subscribe(books, &Settings::default(), Channel::Webhook, "*", "https://hooks.example.com/");
        assert!(made.secret.starts_with("whsec_") && made.secret.len() > 40);
        assert!(!format!("{made:?}").contains("whsec_"));
        let listed: Vec<Subscription> = administer::subscriptions(&books.app, books.app.actor()).unwrap();
        assert_eq!((listed.len(), listed[0].secret.as_str()), (1, ""));
        assert_eq!(books.dump(), before);
        administer::unsubscribe(&books.app, books.app.actor(), made.id).unwrap();
        assert_eq!(administer::unsubscribe(&books.app, books.app.actor(), made.id).unwrap_err().code(), "event.no_subscription");
    });
}

#[test]
fn names_that_mean_nothing_are_refused() {
    each_database(|books| {
        for names in ["", "billing", "billing.", ".posted", "billing.posted.now", "Billing.posted", "bil*", "**", "billing.*x", "*.posted", "a.b\nc.d"] {
            let refused = administer::subscribe(&books.app, books.app.actor(), &Settings::default(), Channel::Webhook, names, "https://hooks.example.com/");
            assert_eq!(refused.unwrap_err().code(), "event.names", "{names:?}");
        }
        let (long, far) = ("billing.posted ".repeat(200), format!("https://hooks.example.com/{}", "x".repeat(2000)));
        for (names, target) in [(long.as_str(), "https://hooks.example.com/"), ("*", far.as_str())] {
            let refused = administer::subscribe(&books.app, books.app.actor(), &Settings::default(), Channel::Webhook, names, target);
            assert_eq!(refused.unwrap_err().code(), "text.too_long");
        }
    });
}

#[test]
fn a_server_tells_what_devices_did_under_the_ids_they_know() {
    let device = books();
    post(&device, "ACME", 2);
    let commands: Vec<(CommandId,)> = device
        .app
        .read(|tx, _| tx.all("SELECT d.command FROM daybook d JOIN event e ON e.pos = d.pos WHERE e.name = 'billing.posted' ORDER BY d.pos", &[]))
        .unwrap();
    device.app.become_first_device(&App::all_scopes()).unwrap();
    let push = device.app.next_push(0, 1000, 1 << 20, true).unwrap().unwrap();
    for server in [Some(empty_books()), empty_postgres()].into_iter().flatten() {
        server.app.become_server().unwrap();
        let made = |channel, target: &str| Subscription {
            id: CommandId::mint().cast(),
            channel,
            names: "billing.posted".to_owned(),
            target: target.to_owned(),
            secret: String::new(),
            since: 0,
            created_at: at(0),
        };
        let (program, people) = (made(Channel::Webhook, "https://hooks.example.com/"), made(Channel::Mail, "buyer"));
        server.app.storage().write(|tx| [&program, &people].into_iter().try_for_each(|new| events::subscribe(tx, new))).unwrap();
        let pusher = Pusher { device: device.app.device().device, actors: None, scopes: Vec::new() };
        let receipt = server.app.accept(&push, &pusher).unwrap();
        assert!(receipt.states.iter().all(|state| state == "accepted"), "{receipt:?}");
        assert!(server.app.accept(&push, &pusher).unwrap().states.iter().all(|state| state == "duplicate"));
        hand_on(&server);
        let told: Vec<events::EventId> = std::iter::from_fn(|| claim(&server, program.id, at(1))).map(|delivery| delivery.event).collect();
        assert_eq!(told, commands.iter().map(|(command,)| event_id(*command, 0)).collect::<Vec<_>>());
        assert!(claim(&server, people.id, at(1)).is_none(), "nobody is written to of the past");
    }
}

#[test]
fn only_who_administers_the_firm_says_who_hears() {
    each_database(|books| {
        let id = listener(books, "*");
        let clerk = books.run("identity.save_user", json!({"name": "Ann", "email": "ann@acme.example", "role": "accountant"}))["id"].clone();
        let clerk = Id::parse(clerk.as_str().unwrap()).unwrap();
        let (app, settings) = (&books.app, Settings::default());
        let outcomes = [
            administer::subscribe(app, clerk, &settings, Channel::Mail, "*", "ann@evil.example").map(drop),
            administer::unsubscribe(app, clerk, id),
            administer::subscriptions(app, clerk).map(drop),
            administer::list(app, clerk, false, 1).map(drop),
            administer::resend(app, clerk, None, None).map(drop),
            administer::test(app, clerk, &settings, id),
        ];
        for outcome in outcomes {
            assert_eq!(outcome.unwrap_err().kind(), Kind::Denied);
        }
    });
}

#[test]
fn a_device_leaves_delivery_to_its_server() {
    each_database(|books| {
        let id = listener(books, "*");
        post(books, "ACME", 2);
        books.app.become_first_device(&App::all_scopes()).unwrap();
        assert_eq!(deliver(books, &Settings::default(), 1), daybook_events::Turn::default());
        let fresh = administer::figures(&books.app).unwrap().fresh;
        assert_eq!((fresh, claim(books, id, at(1)).is_none()), (3, true), "the company and two invoices: nothing was handed on");
        let refused = administer::subscribe(&books.app, books.app.actor(), &Settings::default(), Channel::Webhook, "*", "https://hooks.example.com/");
        assert_eq!(refused.unwrap_err().code(), "event.device");
        assert_eq!(administer::test(&books.app, books.app.actor(), &Settings::default(), id).unwrap_err().code(), "event.device");
    });
}

#[test]
fn waits_grow_to_an_hour_and_are_spread_evenly() {
    let ceilings: Vec<i64> = (1..=TRIES_MAX).map(|attempt| backoff::ceiling_ms(attempt) / 1000).collect();
    assert_eq!(ceilings[..10], [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]);
    assert!(ceilings[10..].iter().all(|seconds| *seconds == 3600));
    for attempt in [1, 5, 24] {
        let waits: BTreeSet<i64> = (0..1000_u64).map(|n| backoff::wait_ms(attempt, n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
        let ceiling = backoff::ceiling_ms(attempt);
        assert!(waits.len() > 900 && waits.iter().all(|wait| (0..=ceiling).contains(wait)));
        assert!(*waits.first().unwrap() < ceiling / 50 && *waits.last().unwrap() > ceiling / 50 * 49);
    }
}
