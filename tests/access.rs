//! Who may come in: accounts, sessions, machines; on both databases.

use daybook_core::access::{self, Account, Claim, Session, account, device, session, state};
use daybook_core::app::App;
use daybook_core::shared::context::{DeviceId, UserId};
use daybook_core::shared::id::CommandId;
use daybook_core::shared::{Id, Instant};
use serde_json::json;

use crate::support::{START_MS, TestBooks, each_database};

const fn at(seconds: i64) -> Instant {
    Instant::from_millis(START_MS + seconds * 1000)
}

fn write<T>(app: &App, work: impl FnOnce(&mut daybook_core::db::Tx<'_>) -> daybook_core::shared::Result<T>) -> T {
    app.storage().write(work).expect("access")
}

fn account_of(user: UserId, email: &str) -> Account {
    let none = Instant::from_millis(0);
    let (one_time, disabled) = (false, false);
    Account { user, email: email.to_owned(), hash: "hash".to_owned(), one_time, expires: none, disabled, failures: 0, locked_until: none, not_before: none }
}

fn session_of(user: UserId) -> Session {
    Session {
        id: CommandId::mint().cast(),
        user,
        device: None,
        current: vec![1; 32],
        previous: Vec::new(),
        started_at: at(0),
        rotated_at: at(0),
        expires: at(3600),
        revoked_at: None,
    }
}

/// A person with an account and a session.
fn signed_in(books: &TestBooks) -> (UserId, Session) {
    let person = books.run("identity.save_user", json!({"name": "Ann", "role": "sales"}));
    let user: UserId = Id::parse(person["id"].as_str().unwrap()).unwrap();
    let session = session_of(user);
    write(books, |tx| {
        account::save(tx, &account_of(user, "ann@acme.example"))?;
        session::begin(tx, &session)
    });
    (user, session)
}

fn check(books: &TestBooks, claim: Claim) -> Option<&'static str> {
    books.app.storage().read(|tx| access::check(tx, claim)).err().map(|e| e.code())
}

#[test]
fn a_token_holds_as_long_as_everything_it_says() {
    each_database(|books| {
        let (user, session) = signed_in(books);
        let claim = Claim { user, session: session.id, device: None, issued: at(10) };
        assert_eq!(check(books, claim), None);
        assert_eq!(check(books, Claim { user: books.app.actor(), ..claim }), Some("access.token"));
        assert_eq!(check(books, Claim { session: CommandId::mint().cast(), ..claim }), Some("access.token"));
        assert_eq!(check(books, Claim { device: Some(CommandId::mint().cast()), ..claim }), Some("access.token"));
        write(books, |tx| state::suspend(tx, true));
        assert_eq!(check(books, claim), Some("tenant.suspended"));
        write(books, |tx| state::suspend(tx, false));
        books.run("identity.save_user", json!({"id": user, "name": "Ann", "role": "sales", "archived": true}));
        assert_eq!(check(books, claim), Some("access.token"));
        books.run("identity.save_user", json!({"id": user, "name": "Ann", "role": "sales"}));
        assert_eq!(check(books, claim), None);
        write(books, |tx| access::shut_out(tx, user, false, None, at(20)));
        assert_eq!(check(books, claim), Some("access.token"));
        let later = session_of(user);
        write(books, |tx| session::begin(tx, &later));
        let claim = Claim { session: later.id, issued: at(30), ..claim };
        assert_eq!(check(books, claim), None);
        write(books, |tx| session::revoke(tx, later.id, at(40)));
        assert_eq!(check(books, claim), Some("access.token"));
    });
}

#[test]
fn a_refresh_token_is_good_once() {
    each_database(|books| {
        let (_, session) = signed_in(books);
        let rotate = |given: u8, next: u8, when: i64| {
            let outcome = write(books, |tx| session::rotate(tx, session.id, &[given; 32], &[next; 32], at(when), at(when + 3600)));
            format!("{outcome:?}").split(['(', ' ']).next().unwrap_or_default().to_owned()
        };
        assert_eq!(rotate(1, 2, 100), "Fresh");
        // The answer was lost on its way: the same token again, soon, goes on.
        assert_eq!(rotate(1, 3, 130), "Fresh");
        assert_eq!(rotate(3, 4, 500), "Fresh");
        assert_eq!(rotate(4, 5, 600), "Fresh");
        assert_eq!(rotate(3, 6, 610), "Reused");
        assert_eq!(rotate(5, 7, 620), "Refused");
    });
}

#[test]
fn an_old_token_after_the_grace_ends_the_session() {
    each_database(|books| {
        let (_, session) = signed_in(books);
        write(books, |tx| session::rotate(tx, session.id, &[1; 32], &[2; 32], at(100), at(3600)));
        let outcome = write(books, |tx| session::rotate(tx, session.id, &[1; 32], &[3; 32], at(161), at(3600)));
        assert!(matches!(outcome, session::Rotation::Reused));
        let late = session_of(session.user);
        write(books, |tx| session::begin(tx, &late));
        let outcome = write(books, |tx| session::rotate(tx, late.id, &[1; 32], &[2; 32], at(3601), at(9999)));
        assert!(matches!(outcome, session::Rotation::Refused));
        write(books, |tx| session::forget(tx, at(4000)));
        assert!(write(books, |tx| session::find(tx, late.id)).is_none());
    });
}

#[test]
fn wrong_passwords_make_an_account_wait() {
    each_database(|books| {
        let (user, _) = signed_in(books);
        let mut waits = Vec::new();
        for turn in 0..35 {
            let known = write(books, |tx| account::find(tx, user)).unwrap();
            write(books, |tx| account::note_failure(tx, known, at(turn)));
            let known = write(books, |tx| account::find(tx, user)).unwrap();
            if known.failures % 5 == 0 {
                waits.push((known.locked_until.millis() - at(turn).millis()) / 60_000);
                assert!(!known.is_open(at(turn)) && known.is_open(at(turn + 15 * 60)));
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 15, 15, 15]);
    });
}

#[test]
fn a_machine_keeps_its_key_and_its_letter() {
    each_database(|books| {
        let (user, session) = signed_in(books);
        let laptop: DeviceId = CommandId::mint().cast();
        let register = || books.run("identity.register_device", json!({"id": laptop, "name": "Laptop"}));
        assert_eq!(register()["letter"], "B");
        assert_eq!(register()["letter"], "B");
        write(books, |tx| device::register(tx, laptop, &[7; 32], user, at(1)));
        write(books, |tx| device::register(tx, laptop, &[7; 32], user, at(2)));
        let other = books.app.storage().write(|tx| device::register(tx, laptop, &[8; 32], user, at(3)));
        assert_eq!(other.unwrap_err().code(), "device.key_differs");
        let twin = books.app.storage().write(|tx| device::register(tx, CommandId::mint().cast(), &[7; 32], user, at(3)));
        assert_eq!(twin.unwrap_err().code(), "device.key_taken");
        write(books, |tx| session::bind(tx, session.id, laptop));
        let elsewhere = books.app.storage().write(|tx| session::bind(tx, session.id, CommandId::mint().cast()));
        assert_eq!(elsewhere.unwrap_err().code(), "session.bound");
        let claim = Claim { user, session: session.id, device: Some(laptop), issued: at(5) };
        assert_eq!(check(books, claim), None);
        let mut till = session_of(user);
        (till.device, till.id) = (Some(CommandId::mint().cast()), CommandId::mint().cast());
        let id = till.device.unwrap();
        books.run("identity.register_device", json!({"id": id, "name": "Till"}));
        write(books, |tx| device::register(tx, id, &[9; 32], user, at(5)));
        write(books, |tx| session::begin(tx, &till));
        let of_till = Claim { session: till.id, device: till.device, ..claim };
        assert_eq!(check(books, of_till), None);
        books.run("identity.retire_device", json!({"id": id}));
        assert_eq!(check(books, of_till), Some("device.revoked"), "out of use");
        assert_eq!(books.app.storage().read(|tx| device::check(tx, id)).unwrap_err().code(), "device.revoked");
        write(books, |tx| device::revoke(tx, laptop, at(6)));
        assert_eq!(check(books, claim), Some("device.revoked"));
        write(books, |tx| access::shut_out_device(tx, laptop, at(7)));
        assert_eq!(check(books, claim), Some("access.token"));
        assert_eq!(books.app.storage().write(|tx| device::revoke(tx, CommandId::mint().cast(), at(8))).unwrap_err().code(), "device.unknown");
    });
}

#[test]
fn letters_go_on_after_z_and_stay_taken() {
    each_database(|books| {
        let mut letters = Vec::new();
        let mut first = String::new();
        for n in 0..28 {
            let id = CommandId::mint().to_string();
            let made = books.run("identity.register_device", json!({"id": id, "name": format!("Till {n}")}));
            letters.push(made["letter"].as_str().unwrap().to_owned());
            if n == 0 {
                first = id;
                books.run("identity.retire_device", json!({"id": first}));
            }
        }
        assert_eq!([&letters[0], &letters[24], &letters[25], &letters[27]], ["B", "Z", "AA", "AC"]);
        assert_eq!(books.refused("identity.register_device", json!({"id": first, "name": "Till 0"})), "device.retired");
        assert_eq!(books.refused("identity.register_device", json!({"id": first, "name": ""})), "text.required");
        assert_eq!(books.refused("identity.retire_device", json!({"id": CommandId::mint()})), "record.not_found");
        let own = books.ask("identity.company", json!({}));
        assert!(own.is_object());
    });
}

#[test]
fn an_address_belongs_to_one_person() {
    each_database(|books| {
        let (user, _) = signed_in(books);
        let taken = books.app.storage().write(|tx| account::save(tx, &account_of(books.app.actor(), "ann@acme.example")));
        assert_eq!(taken.unwrap_err().code(), "sign_in.email_taken");
        write(books, |tx| account::save(tx, &account_of(user, "ann@acme.example")));
        assert_eq!(write(books, account::all).len(), 1);
        assert_eq!(account::normal_email("  Ann@ACME.example ").unwrap(), "ann@acme.example");
        for bad in ["", "ann", "@acme", "ann@", "a b@acme", "a@b@c", "ann@acme\u{0}"] {
            assert_eq!(account::normal_email(bad).unwrap_err().code(), "sign_in.email", "{bad:?}");
        }
    });
}

#[test]
fn who_comes_in_is_not_part_of_the_books() {
    each_database(|books| {
        let before = books.dump_hash();
        let user = books.app.actor();
        write(books, |tx| account::save(tx, &account_of(user, "owner@acme.example")));
        write(books, |tx| session::begin(tx, &session_of(user)));
        assert_eq!(books.dump_hash(), before);
    });
}
